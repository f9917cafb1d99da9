"""What every linkage must pass: a page for integrators, samples that parse as recorded, and no error but BadMessage."""

# ruff: noqa: S101, PT017  (these are checks that tests call; assertions are their language)

import importlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import msgspec
from hypothesis import strategies as st

from goldentime.core.clock import KST
from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.feed import Feed, is_feed
from goldentime.linkage_kit.framing import Frame
from goldentime.linkage_kit.linkage import Linkage
from goldentime.linkage_kit.stream import StreamLinkage
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import Report

RECEIVED_AT = datetime(2025, 11, 10, 9, 0, tzinfo=KST)
OK = "2000"
BEHIND = 3  # good messages behind what is none


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded message and what is expected of it."""

    name: str
    raw: RawMessage
    type_code: str
    at_fault: str | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


def linkage_folders() -> list[Path]:
    """Every linkage's folder, by name."""
    linkages = importlib.import_module("goldentime.linkages")  # by name: the kit lies below them
    roots = [Path(path) for path in linkages.__path__]
    return sorted(folder for root in roots for folder in root.iterdir() if (folder / "parse.py").is_file())


def open_for_samples(folder: Path) -> Linkage | Feed[Any]:
    """The linkage or feed of a folder under its samples/settings.toml, if it has one."""
    settings = folder / "samples" / "settings.toml"
    table = tomllib.loads(settings.read_text("utf-8")) if settings.is_file() else {}
    module = importlib.import_module(f"goldentime.linkages.{folder.name}")
    if hasattr(module, "open_feed"):
        feed: Feed[Any] = module.open_feed(table)
        return feed
    opened: Linkage = module.open_linkage(table)
    return opened


def samples_of(folder: Path) -> Iterator[Sample]:
    """The folder's samples; each is a .toml beside the body it names."""
    for path in sorted((folder / "samples").glob("*.toml")):
        if path.name == "settings.toml":
            continue
        table = tomllib.loads(path.read_text("utf-8"))
        body = (path.parent / table["body"]).read_bytes()
        headers = table.get("headers", {})
        raw = RawMessage(folder.name, "sample", table["content_type"], headers, body, RECEIVED_AT)
        expect = table["expect"]
        yield Sample(path.stem, raw, expect["type"], expect.get("field"), expect.get("report", {}))


def check_pages(folder: Path) -> None:
    """Raises AssertionError unless README.md tells integrators in Korean and English, with an example."""
    readme = folder / "README.md"
    assert readme.is_file(), f"{folder.name} has no README.md"
    text = readme.read_text("utf-8")
    assert any("가" <= letter <= "힣" for letter in text), "the README has no Korean"
    assert "## English" in text, "the README has no English part (## English)"
    assert "```" in text, "the README shows no example"


def check_sample(linkage: Linkage | Feed[Any], sample: Sample) -> None:
    """Raises AssertionError unless the sample is read as recorded and, by who answers it, explained and answered."""
    if is_feed(linkage):
        _check_answer(linkage, sample)
    else:
        _check_message(cast("Linkage", linkage), sample)


def _check_message(linkage: Linkage, sample: Sample) -> None:
    explained = linkage.explain(sample.raw)
    assert explained.type_code == sample.type_code, f"explained as {explained.type_code}"
    try:
        report = linkage.parse(sample.raw)
    except BadMessage as wrong:
        assert wrong.type_code == sample.type_code, f"{wrong.type_code}: {wrong.text.en}"
        assert sample.at_fault is None or wrong.field == sample.at_fault, f"the field at fault is {wrong.field}"
        answer = linkage.deliver_error(wrong)
        assert not answer.ok
        assert answer.type_code == sample.type_code
        return
    assert sample.type_code == OK, f"expected {sample.type_code}, was understood"
    assert explained.report == report, "explaining and parsing differ"
    for name, expected in sample.report.items():
        found = _found(report, name)
        assert found == expected, f"{name}: {found!r}, recorded {expected!r}"


def _check_answer(feed: Feed[Any], sample: Sample) -> None:
    """The same for a feed: a sample is an answer, and nobody is answered; `[expect.report]` names what it says."""
    try:
        said = feed.parse(sample.raw)
    except BadMessage as wrong:
        assert wrong.type_code == sample.type_code, f"{wrong.type_code}: {wrong.text.en}"
        assert sample.at_fault is None or wrong.field == sample.at_fault, f"the field at fault is {wrong.field}"
        return
    assert sample.type_code == OK, f"expected {sample.type_code}, was understood"
    found = msgspec.json.decode(msgspec.json.encode(said))
    for name, expected in sample.report.items():
        assert found[name] == expected, f"{name}: {found[name]!r}, recorded {expected!r}"


def check_damaged(linkage: Linkage | Feed[Any], raw: RawMessage) -> None:
    """Raises whatever the linkage raises beside BadMessage for a damaged message; explaining it raises nothing."""
    if is_feed(linkage):
        with suppress(BadMessage):
            linkage.parse(raw)
    else:
        _check_damaged_message(cast("Linkage", linkage), raw)


def _check_damaged_message(linkage: Linkage, raw: RawMessage) -> None:
    explained = linkage.explain(raw)
    try:
        report = linkage.parse(raw)
    except BadMessage as wrong:
        assert explained.type_code != OK
        assert wrong.text.ko
        linkage.deliver_error(wrong)
        return
    assert explained.report == report


def check_framing(linkage: StreamLinkage, messages: Sequence[bytes], cuts: Sequence[int]) -> None:
    """Raises AssertionError unless the messages are found, whole and in order, however their bytes are cut."""
    stream = b"".join(messages)
    framer, found = linkage.framer(), list[Frame]()
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    for begin, end in pairwise(edges):
        found += framer.feed(stream[begin:end])
    assert [(frame.data, frame.problem) for frame in found] == [(message, None) for message in messages]
    assert framer.held == 0
    assert framer.rest() == []


def check_noise(linkage: StreamLinkage, noise: bytes, message: bytes, *, largest: int) -> None:
    """Raises AssertionError unless any bytes are survived in bounded memory, and no message behind them is lost."""
    framer = linkage.framer()
    frames = framer.feed(noise)
    assert framer.held <= largest
    for frame in frames:
        linkage.reply(frame.data, linkage.deliver_error(BadMessage(Text("오류", "error"))), RECEIVED_AT)
        linkage.find_session(frame.data)
    good = [message] * BEHIND
    after = [frame for _ in good for frame in framer.feed(message)]
    after += framer.rest()  # a length among the noise may have asked for more than ever comes
    assert [frame.data for frame in after if frame.problem is None][-BEHIND:] == good


def damaged(sample: Sample) -> st.SearchStrategy[RawMessage]:
    """The sample cut short, with bytes changed, doubled, lost or with foreign ones in between."""
    size = len(sample.raw.body)
    place = st.integers(0, max(0, size - 1))
    cut = place.map(lambda at: sample.raw.body[:at])
    changed = st.lists(st.tuples(place, st.integers(0, 255)), min_size=1, max_size=8).map(
        lambda changes: _changed(sample.raw.body, changes)
    )
    inserted = st.tuples(place, st.binary(min_size=1, max_size=12)).map(
        lambda piece: sample.raw.body[: piece[0]] + piece[1] + sample.raw.body[piece[0] :]
    )
    doubled = st.tuples(place, place).map(
        lambda ends: sample.raw.body[: max(ends)] + sample.raw.body[min(ends) :]  # a stretch comes twice
    )
    lost = st.tuples(place, place).map(lambda ends: sample.raw.body[: min(ends)] + sample.raw.body[max(ends) :])
    return st.one_of(cut, changed, inserted, doubled, lost).map(lambda body: _with_body(sample.raw, body))


def _with_body(raw: RawMessage, body: bytes) -> RawMessage:
    return RawMessage(raw.linkage, raw.sender, raw.content_type, raw.headers, body, raw.received_at)


def _changed(body: bytes, changes: list[tuple[int, int]]) -> bytes:
    result = bytearray(body)
    for at, byte in changes:
        if at < len(result):
            result[at] = byte
    return bytes(result)


def _found(report: Report, name: str) -> Any:
    if name in ("lon", "lat"):
        return "unknown" if report.place is None else getattr(report.place, name)
    value = getattr(report, name)
    if name == "notes":
        return len(report.notes)
    if isinstance(value, datetime):
        assert value.utcoffset() == timedelta(hours=9)
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
