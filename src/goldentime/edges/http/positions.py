"""How vehicles' positions come in over HTTP: one, many, or a stream of lines for as long as one likes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from goldentime.core.clock import KST, Clock, monotonic
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.edges.http.unread import why_unread
from goldentime.edges.intake.rate import Rates
from goldentime.flows.positions.tracked import FATE_WORDS, Fate
from goldentime.messages.exchange import Sender
from goldentime.messages.position import Position

PATH = "/api/positions"
KEY, SECRET = "x-goldentime-key", "x-scsns-secret"
LARGEST_BODY = 4 << 20
LONGEST_LINE = 4096
MOST_NAMED = 100  # faults named one by one in an answer; the rest are counted
MOST_FAULTS = 10_000  # unreadable ones of one list after which the rest of it is not looked at
BITE = 500  # positions taken between two breaths of the event loop
BODY_SECONDS = 15.0
KEY_CHECKED_EVERY = 1.0  # seconds a revoked key may go on being heard
REQUESTS_PER_SECOND = 2000.0  # of one agency; whoever sends more sends batches or a stream
STREAM = "application/x-ndjson"


class Fix(msgspec.Struct):
    """One position as it is sent; degrees of WGS84, km/h, metres; a time without zone is Korea's."""

    unit: Annotated[str, Meta(min_length=1, max_length=64)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    at: datetime | None = None
    speed_kmh: Annotated[float, Meta(ge=0, le=400)] | None = None
    heading: Annotated[float, Meta(ge=0, le=360)] | None = None
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None


_ONE = msgspec.json.Decoder(Fix)
_MANY = msgspec.json.Decoder(list[Fix])
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # all that reading JSON may raise
_NO_KEY = Text("기관 인증키가 맞지 않습니다.", "The agency's key is not valid.")
_NOT_READ = Text("JSON을 읽을 수 없습니다.", "The JSON cannot be read.")
_TOO_MANY_FAULTS = Text(
    "읽을 수 없는 항목이 너무 많아 나머지는 읽지 않았습니다.",
    "Too many items cannot be read; the rest was not looked at.",
)
_TOO_LARGE = Text("한 번에 보낼 수 있는 크기를 넘었습니다.", "Larger than may be sent at once.")
_SLOW = Text("본문이 제한 시간 안에 오지 않았습니다.", "The body did not come in time.")
_TOO_MANY = Text("요청이 너무 많습니다. 묶어서 보내 주십시오.", "Too many requests; send batches.")


class Taking(Protocol):
    """What takes positions in."""

    def take(self, positions: list[Position]) -> list[Fate]:
        """What became of each."""
        ...


@dataclass(slots=True)
class Tally:
    """What came of one request."""

    taken: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0

    @property
    def has_room(self) -> bool:
        """Whether the next fault will be named."""
        return len(self.faults) < MOST_NAMED

    def fault(self, index: int, code: str, text: Text, unit: str = "") -> None:
        """Count one that was not taken, and name it while there is room."""
        self.refused += 1
        if self.has_room:
            self.faults.append({"index": index, "unit": unit, "code": code, "text": text.to_dict()})


class PositionDoor:
    """The endpoint; a sender's key is looked up once a second, however much it sends."""

    def __init__(
        self,
        positions: Taking,
        find_sender: Callable[[str], Awaitable[Sender | None]],
        clock: Clock,
        heard: Callable[[str, bool], None],
    ) -> None:
        """`heard` is told which agency spoke, and whether anything of it could be taken."""
        self._positions, self._find_sender, self._clock, self._heard = positions, find_sender, clock, heard
        self._known: dict[str, tuple[Sender | None, float]] = {}
        self._rates = Rates(REQUESTS_PER_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        status, said, whole = await self._answer(request)
        body = msgspec.json.encode(said)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if not whole:
            headers.append((b"connection", b"close"))  # nobody will read the rest
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, request: Request) -> tuple[int, dict[str, Any], bool]:
        secret = request.headers.get(KEY) or request.headers.get(SECRET) or ""
        sender = await self._sender(secret) if secret else None
        if sender is None:
            return 401, _error("unauthenticated", _NO_KEY), False
        if not self._rates.may_pass(sender.agency, monotonic()):
            return 429, _error("too_many_tries", _TOO_MANY), False
        tally = Tally()
        try:
            if request.headers.get("content-type", "").startswith(STREAM):
                ended = await self._take_lines(request, secret, sender, tally)
            else:
                ended = await self._take_body(request, sender, tally)
        except ClientDisconnect:
            ended = None
        if tally.taken or tally.refused:
            self._heard(sender.agency, tally.taken > 0 or all(one["code"] in _HARMLESS for one in tally.faults))
        if ended is not None:
            return ended[0], {**_error(*ended[1:]), **_drawn(tally)}, False
        return 200, _drawn(tally), True

    async def _sender(self, secret: str) -> Sender | None:
        known = self._known.get(secret)
        now = monotonic()
        if known is None or now - known[1] >= KEY_CHECKED_EVERY:
            if len(self._known) > 1000:
                self._known.clear()
            known = self._known[secret] = (await self._find_sender(secret), now)
        return known[0]

    async def _take_body(self, request: Request, sender: Sender, tally: Tally) -> tuple[int, str, Text] | None:
        body = b""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > LARGEST_BODY:
                        return 413, "too_large", _TOO_LARGE
        except TimeoutError:
            return 408, "slow_body", _SLOW
        many = body.lstrip()[:1] == b"["
        try:
            numbered = list(enumerate(_MANY.decode(body) if many else [_ONE.decode(body)]))
        except (msgspec.ValidationError, UnicodeDecodeError):
            try:
                raws = _RAWS.decode(body) if many else [msgspec.Raw(body)]
            except _UNREADABLE:
                return 400, "bad_request", _NOT_READ
            return await self._take_raws(raws, 0, sender, tally)
        except _UNREADABLE:
            return 400, "bad_request", _NOT_READ
        await self._take_in_bites(numbered, sender, tally)
        return None

    async def _take_lines(
        self, request: Request, secret: str, sender: Sender, tally: Tally
    ) -> tuple[int, str, Text] | None:
        """Take lines as they come; the stream ends with its body, or when the key does."""
        count, noted = 0, monotonic()
        async for lines in _lines(request):
            if lines is None:
                return 413, "too_large", _TOO_LARGE
            if monotonic() - noted >= KEY_CHECKED_EVERY:
                noted = monotonic()
                if await self._sender(secret) is None:
                    return 401, "unauthenticated", _NO_KEY
                self._heard(sender.agency, True)
            try:
                numbered = list(enumerate(_ONE.decode_lines(lines), count))
            except _UNREADABLE:
                raws = [msgspec.Raw(line) for line in lines.splitlines() if line.strip()]
                if ended := await self._take_raws(raws, count, sender, tally):
                    return ended
            else:
                await self._take_in_bites(numbered, sender, tally)
            count += lines.count(b"\n")
        return None

    async def _take_in_bites(self, numbered: list[tuple[int, Fix]], sender: Sender, tally: Tally) -> None:
        for start in range(0, len(numbered), BITE):
            self._take(numbered[start : start + BITE], sender, tally)
            await asyncio.sleep(0)

    async def _take_raws(
        self, raws: list[msgspec.Raw], first: int, sender: Sender, tally: Tally
    ) -> tuple[int, str, Text] | None:
        """Take one by one those that can be read; what to answer when there are too many others to go on."""
        unread = 0
        for start in range(0, len(raws), BITE):
            bite = raws[start : start + BITE]
            good = _sound(bite, tally, first + start)
            self._take(good, sender, tally)
            unread += len(bite) - len(good)
            if unread >= MOST_FAULTS:
                return 400, "too_many_faults", _TOO_MANY_FAULTS
            await asyncio.sleep(0)
        return None

    def _take(self, numbered: list[tuple[int, Fix]], sender: Sender, tally: Tally) -> None:
        now = self._clock.now()
        positions = [_position(fix, sender.agency, now) for _, fix in numbered]
        if sender.sandbox:
            tally.taken += len(positions)  # read, and thrown away
            return
        fates = self._positions.take(positions)
        taken = fates.count(Fate.TAKEN)
        tally.taken += taken
        if taken == len(fates):
            return
        for (index, fix), fate in zip(numbered, fates, strict=True):
            if fate is not Fate.TAKEN:
                tally.fault(index, fate.value, FATE_WORDS[fate], fix.unit)


_HARMLESS = {Fate.LATE.value, Fate.JUMP.value, Fate.VAGUE.value}


async def _lines(request: Request) -> AsyncIterator[bytes | None]:
    """Whole lines as they arrive, many at a time; None when one has no end."""
    rest = b""
    async for chunk in request.stream():
        whole, found, rest_of = (rest + chunk).rpartition(b"\n")
        rest = rest_of
        if found:
            yield whole + b"\n"
        if len(rest) > LONGEST_LINE:
            yield None
            return
    if rest.strip():
        yield rest


def _sound(raws: list[msgspec.Raw], tally: Tally, first: int) -> list[tuple[int, Fix]]:
    """Those that can be read, by their number; the others are named."""
    good = []
    for index, raw in enumerate(raws, first):
        try:
            good.append((index, _ONE.decode(raw)))
        except _UNREADABLE as wrong:
            tally.fault(index, "bad_request", why_unread(wrong) if tally.has_room else _NOT_READ)
    return good


def _position(fix: Fix, agency: str, now: datetime) -> Position:
    at = fix.at or now
    if at.tzinfo is None:
        at = at.replace(tzinfo=KST)
    heading = None if fix.heading is None else fix.heading % 360.0
    return Position(fix.unit, agency, LonLat(fix.lon, fix.lat), at, fix.speed_kmh, heading, fix.accuracy_m, "api")


def _drawn(tally: Tally) -> dict[str, Any]:
    return {"taken": tally.taken, "refused": tally.refused, "faults": tally.faults}


def _error(code: str, text: Text) -> dict[str, Any]:
    return {"error": {"code": code, "text": text.to_dict(), "field": None}}


def position_routes(door: PositionDoor) -> list[Route]:
    """`POST /api/positions`."""
    return [Route(PATH, door, methods=["POST"])]
