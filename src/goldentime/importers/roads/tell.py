"""What an import of roads tells: what was mended, what is only estimated, and what cannot be reached."""

from collections.abc import Iterable

from goldentime.city.roads.line import Access, Roads
from goldentime.core.text import Text
from goldentime.importers.report import Report, RowNote
from goldentime.importers.roads.geometry import length_metres
from goldentime.importers.roads.mend import JOIN_METRES, Mended, as_told
from goldentime.importers.roads.reach import Reach, reach_of
from goldentime.importers.roads.read import ReadRoads
from goldentime.importers.source import counts_of_change

_MOST_LISTED = 5_000  # of one sort; the counts are always whole


def tell(file_name: str, read: ReadRoads, known: Roads, roads: Roads, *, mended: Mended | None) -> Report:
    """The report; `mended` is None when there was nothing to mend."""
    whole = reach_of(roads.links, closed=True)
    shut = any(link.access is Access.CLOSED for link in roads.links)
    reach = reach_of(roads.links) if shut else whole
    counts = {
        "links": len(roads.links),
        "nodes": len(roads.nodes),
        "turns": len(roads.turns),
        "metres": round(sum(length_metres(link.lines) for link in roads.links)),
        **read.counts,
        "nodes_in_use": whole.nodes,
        "strong_nodes": len(whole.strong),
        "unreachable_links": len(reach.unreachable),
        "no_way_back_links": len(reach.no_way_back),
        "estimated_speeds": sum(link.max_kmh is None for link in roads.links),
        "unknown_lanes": sum(link.lanes is None for link in roads.links),
        **_changes(read.layout, known, roads),
    }
    if mended is not None:
        before = reach_of((as_told(link) for link in roads.links), closed=True) if mended.joined else whole
        counts |= {
            "nodes_in_use_before": before.nodes,
            "strong_nodes_before": len(before.strong),
            "missing_end_links": mended.loose_links,
            "made_nodes": len(mended.made),
            "joined_ends": len(mended.joined),
        }
    return Report(
        what="roads",
        file_name=file_name,
        rows_read=read.rows_read,
        kept=read.kept,
        set_aside=read.aside,
        repaired=(*read.repaired, *_repaired(read, mended)),
        flagged=(*_outside(read, reach), *_far(read, mended)),
        counts=counts,
        layout=read.layout,
        encoding=read.encoding,
        notes=(*_notes(roads, mended, reach), *read.notes),
    )


def _changes(layout: str, known: Roads, roads: Roads) -> dict[str, int]:
    """Of what the file is about: nodes, bans, or links."""
    if layout == "turns":
        return counts_of_change(dict.fromkeys(known.turns), dict.fromkeys(roads.turns))
    if layout == "nodes":
        return counts_of_change({node.id: node for node in known.nodes}, {node.id: node for node in roads.nodes})
    return counts_of_change({link.id: link for link in known.links}, {link.id: link for link in roads.links})


def _repaired(read: ReadRoads, mended: Mended | None) -> Iterable[RowNote]:
    if mended is None or all(node.made for node in mended.roads.nodes):
        return  # no node file yet: there is nothing the ends are missing from
    rows: dict[str, int] = {}
    for link in mended.roads.links:
        for node in (link.told_from or link.from_node, link.told_to or link.to_node):
            rows.setdefault(node, read.rows.get(link.id, 0))
    for node, to, metres in mended.joined:
        text = Text(
            f"끝 노드 {node}이(가) 노드 파일에 없고 한쪽으로만 이어져, {metres:.1f} m 옆의 {to}에 이음",
            f"end node {node} is not in the node file and leads one way only; joined to {to}, {metres:.1f} m away",
        )
        yield RowNote(rows.get(node, 0), text, "joined_end", node)
    for node in mended.made[:_MOST_LISTED]:
        text = Text(
            f"끝 노드 {node}이(가) 노드 파일에 없어 링크 끝에 만듦",
            f"end node {node} is not in the node file; made where its links end",
        )
        yield RowNote(rows.get(node, 0), text, "made_node", node)


def _outside(read: ReadRoads, reach: Reach) -> Iterable[RowNote]:
    to = Text("이어진 도로망에서 갈 수 없는 링크", "cannot be reached from the connected network")
    back = Text("들어가면 이어진 도로망으로 나올 수 없는 링크", "leads out of the connected network, with no way back")
    for text, code, links in ((to, "unreachable", reach.unreachable), (back, "no_way_back", reach.no_way_back)):
        for link in links[:_MOST_LISTED]:
            yield RowNote(read.rows.get(link, 0), text, code, link)


def _far(read: ReadRoads, mended: Mended | None) -> Iterable[RowNote]:
    for link, node, metres in mended.far[:_MOST_LISTED] if mended else ():
        text = Text(
            f"링크가 노드 {node}에서 {metres:.0f} m 떨어져 끝남", f"the link ends {metres:.0f} m away from node {node}"
        )
        yield RowNote(read.rows.get(link.id, 0), text, "far_from_node", link.id)


def _notes(roads: Roads, mended: Mended | None, reach: Reach) -> Iterable[Text]:
    unknown = sum(link.max_kmh is None for link in roads.links)
    if unknown:
        yield Text(
            f"제한속도가 없는 링크 {unknown}개는 도로 등급으로 추정(추정값으로 따로 둠)",
            f"{unknown} links without a speed; estimated from their rank and kept apart from given ones",
        )
    closed = sum(link.access is Access.CLOSED for link in roads.links)
    if closed:
        yield Text(
            f"통행할 수 없는(미개통) 링크 {closed}개는 길찾기에 쓰지 않음",
            f"{closed} links not open to traffic are not driven",
        )
    if mended is not None and mended.roads.nodes and all(node.made for node in mended.roads.nodes):
        yield Text(
            "노드 파일이 아직 없어 모든 노드를 링크 끝에 둠", "no node file yet: every node was put where links end"
        )
    elif mended is not None and mended.loose_links:
        yield Text(
            f"끝 노드가 파일에 없는 링크 {mended.loose_links}개: 노드 {len(mended.made)}개를 만들고 "
            f"{len(mended.joined)}개는 {JOIN_METRES:.0f} m 안의 노드에 이음",
            f"{mended.loose_links} links whose end node is missing: {len(mended.made)} nodes made, "
            f"{len(mended.joined)} joined to a node within {JOIN_METRES:.0f} m",
        )
    if reach.nodes > len(reach.strong):
        yield Text(
            f"어디서든 어디로든 갈 수 있는 노드는 {reach.nodes}개 중 {len(reach.strong)}개",
            f"{len(reach.strong)} of {reach.nodes} nodes can be driven between in any direction",
        )
