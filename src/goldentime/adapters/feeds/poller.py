"""How a service outside is asked again and again: when, with which key, how often after a failure, never in a log."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import unquote

import httpx
import structlog

from goldentime.core.clock import Clock
from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.data_portal import LARGEST_ANSWER, NO_DATA
from goldentime.linkage_kit.feed import Ask, Feed
from goldentime.messages.exchange import RawMessage

TIMEOUT_SECONDS, WHOLE_SECONDS = 10.0, 30.0
RETRY_SECONDS = (10.0, 30.0, 60.0, 120.0)  # after a failure of the network; never more often than that
UNREACHABLE = Text("제공기관에 연결할 수 없습니다.", "The service cannot be reached.")
KEY_REFUSED = Text("제공기관이 인증키를 거부했습니다.", "The service refuses our key.")
Said = TypeVar("Said")
Note = Callable[[bool, Text | None], None]

log = structlog.get_logger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write every address, and the key is in the address


@dataclass(frozen=True, slots=True)
class Service:
    """Where it is, what it knows us by, and how often it is asked, in seconds."""

    url: str
    key: str = field(repr=False)
    every_s: float = 300.0

    @property
    def plain_key(self) -> str:
        """The key as it is; the portal shows it percent-encoded too, and either is what people copy."""
        return unquote(self.key) if "%" in self.key else self.key


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The newest answer as it came."""

    body: bytes
    at: datetime


class Poller(Generic[Said]):
    """Asks each of its feeds in turn until cancelled; `take` is handed what they say, `note` how the round went.

    `answers` keeps the last raw answer of each feed; what they said before stays with whoever took it.
    """

    def __init__(
        self,
        service: Service,
        feeds: Callable[[], Sequence[Feed[Said]]],
        take: Callable[[Said], Text | None],
        note: Note,
        *,
        clock: Clock,
    ) -> None:
        """Nothing is asked yet; `feeds` are those of the round to come, `take` may say something for the light."""
        self._service, self._feeds, self._take, self._note, self._clock = service, feeds, take, note, clock
        self.answers: dict[int, LastAnswer] = {}

    async def run(self) -> None:
        """Ask for good."""
        failures = 0
        while True:
            reached = await self.ask_all()
            failures = 0 if reached else failures + 1
            pause = self._service.every_s
            if failures:
                pause = min(pause, RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1])
            await asyncio.sleep(pause)

    async def ask_all(self) -> bool:
        """One round; whether the service could be reached."""
        feeds = self._feeds()
        if not feeds:
            return True
        said: Text | None = None
        problem: Text | None = None
        reached = True
        async with _client() as http:
            for number, feed in enumerate(feeds):
                try:
                    said = self._take(await self._ask(http, number, feed)) or said
                except BadMessage as bad:
                    log.warning("feed_not_understood", feed=feed.name, code=bad.type_code, problem=bad.text.en)
                    problem = bad.text
                except (
                    httpx.HTTPError,
                    OSError,
                    TimeoutError,
                ) as error:  # its words may hold the address, and so the key
                    log.warning("feed_unreachable", feed=feed.name, problem=type(error).__name__)
                    problem, reached = UNREACHABLE, False
                    break  # the others are of the same service
        self._note(problem is None, problem or said)
        return reached

    async def _ask(self, http: httpx.AsyncClient, number: int, feed: Feed[Said]) -> Said:
        """What the first answer with data says; raises BadMessage or what httpx raises."""
        asks = feed.asks(self._clock.now())
        for ask in asks[:-1]:
            try:
                return await self._once(http, number, (feed, ask))
            except BadMessage as bad:
                if bad.type_code != NO_DATA:
                    raise
        return await self._once(http, number, (feed, asks[-1]))

    async def _once(self, http: httpx.AsyncClient, number: int, asked: tuple[Feed[Said], Ask]) -> Said:
        feed, ask = asked
        params = {**ask.params, feed.key_name: self._service.plain_key}
        request = http.build_request("GET", self._service.url.rstrip("/") + ask.path, params=params)
        async with asyncio.timeout(WHOLE_SECONDS):
            answer = await http.send(request, stream=True)
            try:
                body = await _body_of(answer)
            finally:
                await answer.aclose()
        now = self._clock.now()
        self.answers[number] = LastAnswer(body, now)
        raw = RawMessage(feed.name, None, answer.headers.get("content-type", ""), {}, body, now)
        if answer.is_success:
            return feed.parse(raw)
        raise _refusal(feed, raw, answer.status_code)


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


async def _body_of(answer: httpx.Response) -> bytes:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > LARGEST_ANSWER:
            break  # one byte too many is enough for the linkage to refuse it
    return body


def _refusal(feed: Feed[Said], raw: RawMessage, status: int) -> BadMessage:
    """What a status that is no success means: what its body says, else the status."""
    try:
        feed.parse(raw)
    except BadMessage as bad:
        if bad.field == "resultCode":
            return bad
    if status in (401, 403):
        return BadMessage(KEY_REFUSED, type_code="30", field="resultCode")
    said = Text(f"제공기관이 HTTP {status}로 답했습니다.", f"The service answers with HTTP {status}.")
    return BadMessage(said, type_code="99", field="status")
