"""A TCP door on a real socket before a reception that understands, remembers and can be made to fail or to wait."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from goldentime.core.clock import SystemClock
from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.tcp.door import Door
from goldentime.edges.tcp.listening import listening_from
from goldentime.edges.tcp.server import TcpServer
from goldentime.linkage_kit import Frame, Framer, Outcome, OutcomeKind, StreamLinkage, check_sender
from goldentime.linkages import fixed_head_tcp, safety_net_tcp
from goldentime.messages.exchange import Answer, RawMessage, Sender
from goldentime.messages.report import Report

KEY = "gt_live_a-key-of-the-119"
AGENCY = AgencyId("agency-119")
either = pytest.mark.parametrize("wire", ["safety_net_tcp", "fixed_head_tcp"])
LETTERS = {"separators_as": "utf-8"}
HERE = {"agency": AGENCY, "addresses": ["127.0.0.0/8"], "codes": ["119", "P4100000119"]}


class Hall:
    """A reception without storage."""

    def __init__(self, linkage: StreamLinkage) -> None:
        self.linkage = linkage
        self.reports: list[Report] = []
        self.refused: asyncio.Queue[tuple[RawMessage, Sender | None, str]] = asyncio.Queue()
        self.sessions: dict[str, Sender] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False
        self.working = self.most_at_once = 0

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:
        if api_key != KEY:
            return None
        session = f"session-{len(self.sessions)}"
        self.sessions[session] = Sender(AGENCY, frozenset({"119", "P4100000119"}))
        return session

    async def sender(self, session_key: str) -> Sender | None:
        return self.sessions.get(session_key)

    async def neighbour(self, agency: AgencyId, codes: frozenset[str]) -> Sender | None:
        return Sender(agency, codes)

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        self.working += 1
        self.most_at_once = max(self.most_at_once, self.working)
        try:
            await self.gate.wait()
            if self.fails:
                raise StorageFailed(Text("저장소", "storage"))
            try:
                report = self.linkage.parse(raw)
                check_sender(report, sender)
            except BadMessage as wrong:
                return self.linkage.deliver_error(wrong)
            self.reports.append(report)
            return self.linkage.deliver(Outcome(OutcomeKind.OPENED, text=Text(report.occurrence, report.occurrence)))
        finally:
            self.working -= 1

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        self.refused.put_nowait((raw, sender, reason))

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        """Counted elsewhere."""


class Line:
    """A client's connection that reads answers."""

    def __init__(self, linkage: StreamLinkage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.linkage, self.reader, self.writer = linkage, reader, writer
        self.framer: Framer = linkage.framer()
        self.came: list[Frame] = []

    async def ask(self, data: bytes) -> str:
        """The type code of the answer."""
        self.writer.write(data)
        return (await self.answer()).code

    async def answer(self) -> Any:
        async with asyncio.timeout(10):
            while not self.came:
                data = await self.reader.read(65536)
                if not data:
                    raise EOFError
                self.came += self.framer.feed(data)
        frame = self.came.pop(0)
        assert frame.problem is None, frame
        return self.linkage.read_reply(frame.data)

    async def closed(self) -> None:
        async with asyncio.timeout(10):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                pass


class Stage:
    """One open door, and the way to it."""

    def __init__(self, linkage: StreamLinkage, hall: Hall, server: TcpServer, stack: AsyncExitStack) -> None:
        self.linkage, self.hall, self.server, self._stack = linkage, hall, server, stack

    async def knock(self, source: str = "127.0.0.1") -> Line:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port, local_addr=(source, 0))
        self._stack.callback(writer.close)
        return Line(self.linkage, reader, writer)

    async def assert_still_serving(self) -> None:
        line = await self.knock()
        assert await line.ask(message(self.linkage, 999)) == "2000"
        line.writer.close()


def message(linkage: StreamLinkage, number: int, content: str = "구급차 요청", *, more: int = 0) -> bytes:
    """A report of 119 over the linkage's wire; its length is `more` than true."""
    occurrence = f"20261123{number:09d}"
    if linkage.name == "fixed_head_tcp":
        fields = [occurrence, "구급", content, "127.0169", "37.2776", "팔달문", "4111512000", "20261123090000", "gg119"]
        body = ("\x1e".join(fields) + ";").encode()
        return f"1010{'2026112309000' + '0'}119UCP20261123090000{len(body) + more:010d}".encode() + body
    head = [
        "EVENT",
        "14",
        "16",
        "1\ue0021",
        "1",
        "P4100000119",
        "B41",
        "N",
        "TCP",
        "",
        "20261123090000",
        "{}",
        "119",
        "x",
    ]
    body_fields = [
        "119UC001", "119 구급", "10", occurrence, "10", "127.0169\ue00237.2776\ue0020", "팔달문", content,
        "20261123090000", "10\ue002", "\ue002", "", "", "0", "", "\ue002구급",
    ]  # fmt: skip
    body = "".join(f"{one}\ue001" for one in body_fields)
    as_letters = getattr(linkage, "settings", None) == safety_net_tcp.open_linkage(LETTERS).settings
    length = len(_bytes(body, as_letters=as_letters)) + more
    written = "".join(f"{one}\ue001" for one in head).replace("{}", str(length))
    return _bytes(written + "\ue000\ue00a" + body + "\ue00b\ue00f", as_letters=as_letters)


def _bytes(text: str, *, as_letters: bool) -> bytes:
    parts = text.encode()
    for code in range(16):
        sign = chr(0xD0 + code).encode() if as_letters else bytes([0xD0 + code])
        parts = parts.replace(chr(0xE000 + code).encode(), sign)
    return parts


Opener = Callable[..., Any]


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Opener]:
    """Opens a door for a linkage under listening settings."""
    async with AsyncExitStack() as stack:

        async def open_door(
            name: str, listen: Mapping[str, Any] | None = None, table: Mapping[str, Any] | None = None
        ) -> Stage:
            module = {"fixed_head_tcp": fixed_head_tcp, "safety_net_tcp": safety_net_tcp}[name]
            linkage = module.open_linkage(table or {})
            listening = listening_from({"peers": [HERE], **(listen or {})})
            hall = Hall(linkage)
            server = TcpServer(Door(linkage, hall, listening, SystemClock()), listening)
            await server.start()
            stack.push_async_callback(server.stop)
            return Stage(linkage, hall, server, stack)

        yield open_door


def now() -> datetime:
    """The time of day."""
    return SystemClock().now()
