"""How an agency writes over TCP and what it accepts as an answer; written apart from the linkages it tests."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from goldentime.core.clock import KST
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.sim.agencies.occurrence import Message
from goldentime.sim.agencies.scenario import Agency
from goldentime.sim.agencies.wire import Heard, WrongAnswer

FIELD, PART, BETWEEN, START, END = b"\xd1", b"\xd2", b"\xd0\xda", b"\xda", b"\xdb\xdf"
HEAD_BYTES = 48
_TYPES = {"2000", "4000", "4001", "4100", "4101", "4102", "4209", "5000", "5003"}


@dataclass(frozen=True, slots=True)
class Fix:
    """Where one of the agency's vehicles is; km/h, degrees clockwise from north."""

    unit: str
    lon: float
    lat: float
    speed: float
    heading: float


class TcpWire(Protocol):
    """One protocol over TCP, seen from the agency."""

    def login(self, agency: Agency, api_key: str, now: datetime) -> bytes:
        """The login message."""
        ...

    def report(self, agency: Agency, message: Message, now: datetime, session: str = "") -> bytes:
        """One report, under the session key of the login."""
        ...

    def position(self, agency: Agency, fix: Fix, now: datetime, session: str = "") -> bytes:
        """Where a vehicle is; raises OperatorsError when the wire has no such message."""
        ...

    async def hear(self, reader: asyncio.StreamReader, sent: bytes) -> Heard:
        """The answer to what was sent; raises WrongAnswer for anything the protocol does not allow."""
        ...


class SafetyNetOverTcp:
    """The safety net's 14 + 16 fields between single bytes."""

    def login(self, agency: Agency, api_key: str, now: datetime) -> bytes:
        """An AUTH message whose body is the key."""
        return _frame(agency, "AUTH", [api_key], now)

    def report(self, agency: Agency, message: Message, now: datetime, session: str = "") -> bytes:
        """An EVENT message."""
        story = message.story
        ended = message.state.startswith("9") or message.state == "50"
        fields: Fields = [
            story.kind, story.kind_name, story.grade, message.number, message.state,
            (_degrees(message.lon), _degrees(message.lat), "0"), message.place, message.content,
            _stamp(message.occurred_at), (message.state, ""), ("", message.user), _stamp(now),
            _stamp(now) if ended else "", str(len(message.items)), _pairs(message.items),
            (story.detail_code, story.detail),
        ]  # fmt: skip
        return _frame(agency, "EVENT", fields, now, session)

    def position(self, agency: Agency, fix: Fix, now: datetime, session: str = "") -> bytes:
        """A 112UC110 event."""
        items = {"UNIT_ID": fix.unit, "SPEED": f"{fix.speed:.1f}", "HEADING": f"{fix.heading:.0f}"}
        number = now.astimezone(KST).strftime("%Y%m%d%H%M%S") + f"{now.microsecond // 1000:03d}"
        fields: Fields = [
            "112UC110", "112 순찰차 위치", "20", number, "10", (_degrees(fix.lon), _degrees(fix.lat), "0"), "", "",
            _stamp(now), ("10", ""), ("", ""), _stamp(now), "", str(len(items)), _pairs(items), ("", ""),
        ]  # fmt: skip
        return _frame(agency, "EVENT", fields, now, session)

    async def hear(self, reader: asyncio.StreamReader, sent: bytes) -> Heard:  # noqa: ARG002  (its answers say not to what)
        """Result, words and type."""
        answer = await _until(reader, END)
        fields = answer.removeprefix(START).removesuffix(END).split(FIELD)
        if not answer.startswith(START) or len(fields) != 4 or fields[3]:
            raise WrongAnswer(f"no answer: {answer[:80]!r}")
        result, words, type_code = (_text(one) for one in fields[:3])
        return _heard(result == "0", type_code, words, result in ("0", "1"))


class FixedHeadOverTcp:
    """The older message behind a head of 48 bytes."""

    def login(self, agency: Agency, api_key: str, now: datetime) -> bytes:
        """Type 99."""
        return _behind_head(agency, "99", "", ["SIM", api_key], now)

    def report(self, agency: Agency, message: Message, now: datetime, session: str = "") -> bytes:
        """Type 10; this wire has no session key."""
        del session
        story = message.story
        of_119 = agency.system == "119"
        what = [story.kind_name, story.detail] if of_119 else ["C1" if story.grade == "10" else "C3", story.detail]
        lon, lat = ("", "") if message.lon is None else (_degrees(message.lon), _degrees(message.lat))
        fields = [message.number, *what, lon, lat, message.place, "", _stamp(message.occurred_at), "SIM"]
        since = message.occurred_at if message.state == "10" else now
        return _behind_head(agency, "10", message.state, fields, now, since=since)

    def position(self, agency: Agency, fix: Fix, now: datetime, session: str = "") -> bytes:
        """Never: this wire knows no positions."""
        del agency, fix, now, session
        raise OperatorsError(Text("이 연계에는 차량 위치 전문이 없습니다.", "This wire has no position messages."))

    async def hear(self, reader: asyncio.StreamReader, sent: bytes) -> Heard:
        """The head turned round, and number, type and words."""
        head = _text(await _exactly(reader, HEAD_BYTES))
        if not head[38:].isdigit() or not 1 <= int(head[38:]) <= 1 << 20:
            raise WrongAnswer(f"DATA_LEN {head[38:]}")
        body = _text(await _exactly(reader, int(head[38:])))
        fields = body.removesuffix(";").split("\x1e")
        asked = sent[:HEAD_BYTES].decode()
        if (head[:2], head[18:21], head[21:24]) != (asked[:2], asked[21:24], asked[18:21]):
            raise WrongAnswer(f"head {head} for {asked}")
        number = sent[HEAD_BYTES:].decode().split("\x1e")[0]
        if not body.endswith(";") or len(fields) != 3 or fields[0] != number:
            raise WrongAnswer(f"body {body[:80]!r}")
        return _heard(head[2:4] == "00", fields[1], fields[2], head[2:4] in ("00", "99"))


WIRES: Mapping[str, TcpWire] = {"safety_net_tcp": SafetyNetOverTcp(), "fixed_head_tcp": FixedHeadOverTcp()}

Fields = Sequence[str | tuple[str, ...]]


def _frame(agency: Agency, service: str, fields: Fields, now: datetime, session: str = "") -> bytes:
    body = b"".join(_written(one) + FIELD for one in fields)
    is_sealed = bool(agency.aria_key) and service == "EVENT"
    if is_sealed:
        body = seal(body, agency.aria_key).encode()
    head: Fields = [
        service, "14", str(len(fields)), ("1", "1"), "1", agency.send_code, agency.receive_code,
        "Y" if is_sealed else "N", "TCP", session,
        _stamp(now), str(len(body)), agency.system, (f"{agency.send_code}_{agency.system}",),
    ]  # fmt: skip
    return b"".join(_written(one) + FIELD for one in head) + BETWEEN + body + END


def _written(value: str | tuple[str, ...]) -> bytes:
    return value.encode() if isinstance(value, str) else PART.join(one.encode() for one in value)


def _behind_head(
    agency: Agency, kind: str, state: str, fields: Sequence[str], now: datetime, *, since: datetime | None = None
) -> bytes:
    body = ("\x1e".join(fields) + ";").encode()
    return f"{kind}{state:>2}{_stamp(since or now)}{agency.system:>3}UCP{_stamp(now)}{len(body):010d}".encode() + body


def _pairs(items: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(text for pair in items.items() for text in pair)


def _heard(ok: bool, type_code: str, words: str, lawful: bool) -> Heard:  # noqa: FBT001  (two verdicts of one answer)
    if not lawful or type_code not in _TYPES or ok != (type_code == "2000"):
        raise WrongAnswer(f"type {type_code}, accepted {ok}")
    return Heard(ok, type_code, words)


async def _until(reader: asyncio.StreamReader, end: bytes) -> bytes:
    try:
        return await reader.readuntil(end)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as wrong:
        raise WrongAnswer(f"no answer: {wrong}") from wrong


async def _exactly(reader: asyncio.StreamReader, count: int) -> bytes:
    try:
        return await reader.readexactly(count)
    except asyncio.IncompleteReadError as wrong:
        raise WrongAnswer(f"no answer: {wrong}") from wrong


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as wrong:
        raise WrongAnswer("the answer is no UTF-8") from wrong


def _stamp(at: datetime) -> str:
    return at.astimezone(KST).strftime("%Y%m%d%H%M%S")


def _degrees(value: float | None) -> str:
    return "0" if value is None else f"{value:.6f}"
