"""What one types about linkages: which there are, and recorded messages gone through again, offline or in a sandbox."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from goldentime.core.clock import KST, Clock
from goldentime.core.errors import GoldentimeError, OperatorsError
from goldentime.core.text import Text
from goldentime.edges.cli.recorded import Given, Recording, read_recordings
from goldentime.edges.cli.resending import Target, resend
from goldentime.linkage_kit import Linkage
from goldentime.messages.news import Verdict

NOT_UNDERSTOOD, TROUBLE = 1, 2  # exit codes; 0 when every message was understood
KEY_VARIABLE = "GOLDENTIME_AGENCY_KEY"
Say = Callable[[str], None]
SettingsOption = Annotated[Path | None, typer.Option("--settings", help="설정 파일(TOML) / settings file (TOML)")]


def build(
    linkages_of: Callable[[Path | None], Mapping[str, Linkage]],
    doors_of: Callable[[Path | None], Mapping[str, Sequence[str]]],
    clock: Clock,
) -> typer.Typer:
    """The `goldentime linkage` commands; what a settings file loads is found by those given."""
    cli = typer.Typer(no_args_is_help=True)

    @cli.command(name="list", help="연계와 받는 주소 / the linkages and where agencies send to")
    def listed(settings: SettingsOption = None) -> None:
        doors = doors_of(settings)
        table = Table("연계 / linkage", "받는 주소 / where agencies send to")
        for name in sorted(linkages_of(settings)):
            table.add_row(name, "\n".join(doors.get(name, ())) or "-")
        Console().print(table)

    @cli.command(help="기록된 전문을 다시 읽거나 시험용 키로 다시 보냄 / read recorded messages again, or send them")
    def replay(  # noqa: PLR0913  (a command line)
        file: Annotated[
            Path, typer.Argument(help="연계 로그에서 내려받은 .jsonl, 또는 전문 그대로 / an export, or raw")
        ],
        *,
        linkage: Annotated[str | None, typer.Option(help="어느 연계의 전문인지 / which linkage they are of")] = None,
        content_type: Annotated[str, typer.Option(help="원문의 형식 / type of raw bytes")] = "application/json",
        url: Annotated[str | None, typer.Option(help="이 플랫폼의 시험장으로 보냄 / send to this sandbox")] = None,
        tcp: Annotated[str | None, typer.Option(help="HOST:PORT, --url과 함께 / over TCP, beside --url")] = None,
        quiet: Annotated[bool, typer.Option("--quiet", help="요약만 / the summary only")] = False,
        settings: SettingsOption = None,
    ) -> None:
        say = (lambda _: None) if quiet else _print_line
        try:
            known = linkages_of(settings)
            found = read_recordings(file, known, Given(linkage, content_type, clock.now()))
            target = _target(url, tcp)
            if target is None:
                wrong = _read_again(found, known, say)
            else:
                found = _theirs(found)
                wrong = asyncio.run(_send_again(found, known, target, clock, say))
        except GoldentimeError as error:
            sys.stderr.write(f"{error.text.ko}\n{error.text.en}\n")
            raise typer.Exit(TROUBLE) from None
        _print_line(f"전문 {len(found)}건 · 문제 {wrong}건 / {len(found)} messages, {wrong} with a problem")
        if wrong:
            raise typer.Exit(NOT_UNDERSTOOD)

    return cli


def _target(url: str | None, tcp: str | None) -> Target | None:
    if url is None and tcp is None:
        return None
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if url is None or not key:
        raise OperatorsError(
            Text(
                f"보내려면 --url과 환경변수 {KEY_VARIABLE}의 시험용 인증키가 있어야 합니다.",
                f"Sending needs --url, and a sandbox key in the variable {KEY_VARIABLE}.",
            )
        )
    return Target(url, key, tcp)


def _theirs(found: Sequence[Recording]) -> list[Recording]:
    """What agencies sent; our own messages are not sent to ourselves. Raises OperatorsError when nothing is left."""
    theirs = [one for one in found if not one.ours]
    if not theirs:
        raise OperatorsError(
            Text("받은 전문이 없어 보낼 것이 없습니다.", "No message came in, so there is none to send.")
        )
    return theirs


def _read_again(found: Sequence[Recording], known: Mapping[str, Linkage], say: Say) -> int:
    """How many were not understood; nothing is sent."""
    wrong = 0
    for number, one in enumerate(found, 1):
        explained = known[one.raw.linkage].explain(one.raw)
        head = f"[{number}/{len(found)}] {_when(one)} {one.name}"
        if explained.report is not None:
            report = explained.report
            say(f"{head} ✓ {report.kind} {report.occurrence} {report.state.value} · {explained.would.ko}")
        else:
            wrong += 1
            say(f"{head} ✗ {explained.type_code}")
        for field in explained.fields:
            if field.problem is not None:
                say(f"    {field.name}: {field.problem.ko} / {field.problem.en}")
    return wrong


async def _send_again(
    found: Sequence[Recording], known: Mapping[str, Linkage], target: Target, clock: Clock, say: Say
) -> int:
    """How many the platform did not take."""
    wrong = number = 0
    async for one, reply in resend(found, known, target, clock):
        number += 1
        taken = reply.verdict is Verdict.TAKEN
        wrong += not taken
        say(f"[{number}/{len(found)}] {_when(one)} {one.name} {'✓' if taken else '✗'} {reply.code} {reply.words}")
    return wrong


def _when(one: Recording) -> str:
    return one.raw.received_at.astimezone(KST).strftime("%m-%d %H:%M:%S")


def _print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
