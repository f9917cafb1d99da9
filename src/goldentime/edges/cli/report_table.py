"""How an import's report reads on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from goldentime.importers.directory import CityReport
from goldentime.importers.report import Report, RowNote

_SHOWN = 40
_LABELS = {
    "sites": ("개소", "sites"),
    "cameras": ("카메라", "cameras"),
    "cameras_read": ("카메라(거르기 전)", "cameras before setting aside"),
    "streams": ("영상", "streams"),
    "places": ("장소", "places"),
    "units": ("출동대", "units"),
    "parts": ("구역", "parts"),
    "points": ("경계점", "points"),
    "links": ("링크", "links"),
    "nodes": ("노드", "nodes"),
    "metres": ("길이(m)", "length in metres"),
    "turns": ("회전제한", "turn bans"),
    "turns_allowed": ("허용 회전(제한 아님)", "turns allowed (no bans)"),
    "ways": ("OSM 길", "OSM ways"),
    "relations": ("OSM 회전제한 관계", "OSM restrictions"),
    "signals": ("신호등 있는 노드", "nodes with signals"),
    "nodes_in_use": ("쓰이는 노드", "nodes in use"),
    "nodes_in_use_before": ("고치기 전 쓰이는 노드", "nodes in use before mending"),
    "strong_nodes": ("서로 오갈 수 있는 노드", "nodes reached both ways"),
    "strong_nodes_before": ("고치기 전 서로 오갈 수 있는 노드", "reached both ways before mending"),
    "unreachable_links": ("갈 수 없는 링크", "links not reachable"),
    "no_way_back_links": ("되돌아올 수 없는 링크", "links with no way back"),
    "estimated_speeds": ("속도를 추정한 링크", "links with an estimated speed"),
    "unknown_lanes": ("차로 수를 모르는 링크", "links with unknown lanes"),
    "missing_end_links": ("끝 노드가 없는 링크", "links whose end node is missing"),
    "made_nodes": ("만든 노드", "nodes made"),
    "joined_ends": ("이은 끝", "ends joined"),
    "added": ("추가", "added"),
    "moved": ("이동", "moved"),
    "changed": ("변경", "changed"),
    "removed": ("제외", "removed"),
    "unchanged": ("그대로", "unchanged"),
}


def show_report(console: Console, report: Report) -> None:
    """Print the counts, then every list worth reading, with row numbers."""
    table = Table(title=f"{escape(report.file_name)} · {report.what} · {report.layout} {report.encoding}".rstrip())
    table.add_column("항목", no_wrap=True)
    table.add_column("item", style="dim")
    table.add_column("수", justify="right")
    table.add_row("읽은 행", "rows read", f"{report.rows_read:,}")
    table.add_row("받아들인 행", "rows kept", f"{report.kept:,}")
    for key, value in report.counts.items():
        table.add_row(*_LABELS.get(key, (key, key)), f"{value:,}")
    for label, item, notes in _lists(report):
        table.add_row(label, item, f"{len(notes):,}")
    table.add_row("같은 좌표", "shared coordinates", f"{len(report.shared):,}")
    console.print(table)
    for label, item, notes in _lists(report):
        _show_notes(console, f"{label} · {item}", notes)
    for note in report.notes:
        console.print(f"[yellow]※[/] {escape(note.ko)} [dim]{escape(note.en)}[/]")


def show_city(console: Console, city: CityReport) -> None:
    """Print each file's report, then what was left out."""
    for report in city.reports:
        show_report(console, report)
    for skipped in city.skipped:
        reason = skipped.reason
        console.print(f"[dim]–[/] {escape(skipped.file_name)}: {escape(reason.ko)} [dim]{escape(reason.en)}[/]")


def _lists(report: Report) -> Sequence[tuple[str, str, Sequence[RowNote]]]:
    return (
        ("바로잡음", "repaired", report.repaired),
        ("보류", "set aside", report.set_aside),
        ("확인 필요", "flagged", report.flagged),
    )


def _show_notes(console: Console, title: str, notes: Sequence[RowNote]) -> None:
    if not notes:
        return
    table = Table(title=title, title_justify="left")
    table.add_column("행", justify="right")
    table.add_column("이름", overflow="fold")
    table.add_column("까닭 · reason", overflow="fold")
    for note in notes[:_SHOWN]:
        table.add_row(
            str(note.row or "–"), escape(note.name), f"{escape(note.reason.ko)}\n[dim]{escape(note.reason.en)}[/]"
        )
    console.print(table)
    if len(notes) > _SHOWN:
        left = len(notes) - _SHOWN
        console.print(f"[dim]… {left:,}행 더 있음(--json에 모두 나옴) · {left:,} more, all of them in --json[/]")
