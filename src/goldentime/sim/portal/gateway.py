"""How the simulated portal is asked over HTTP: one key, known paths, and the gateway's own errors before all else."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import SplitResult, parse_qsl, urlsplit

from goldentime.core.clock import Clock
from goldentime.sim.portal import rooms as bed_service
from goldentime.sim.portal import weather as weather_service
from goldentime.sim.portal.rooms import SimRoom
from goldentime.sim.portal.said import Answer, gateway_error
from goldentime.sim.portal.weather import Sky

ASK_SECONDS = 10.0
LARGEST_HEAD = 16 << 10


class Portal:
    """Listens as apis.data.go.kr does; `asked` holds every path, `sky` and `rooms` may be changed while it runs."""

    def __init__(self, key: str, clock: Clock, *, sky: Sky | None = None, rooms: Sequence[SimRoom] = ()) -> None:
        """After `allowed` requests the day's number is used up; `broken` answers instead while there is a fault."""
        self.key, self._clock = key, clock
        self.sky, self.rooms = sky or Sky(), tuple(rooms)
        self.asked: list[str] = []
        self.allowed = 10_000
        self.broken: Callable[[], Answer] | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; the address below which the services are."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=LARGEST_HEAD)
        return f"http://{host}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Listen no more."""
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_http(self._answer(head)))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who asked is gone, or never asked
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _answer(self, head: bytes) -> Answer:
        method, _, rest = head.decode("latin-1").partition(" ")
        target = urlsplit(rest.partition(" ")[0])
        self.asked.append(target.path)
        return self.broken() if self.broken is not None else self._checked(method, target)

    def _checked(self, method: str, target: SplitResult) -> Answer:
        """Past the gateway only with the key; what is given twice is no question."""
        if method != "GET":
            return Answer(b"Unexpected errors", "text/plain", 500)
        pairs = parse_qsl(target.query, keep_blank_values=True)
        asked = dict(pairs)
        if len(asked) != len(pairs):
            return gateway_error("10", "INVALID_REQUEST_PARAMETER_ERROR")
        if asked.pop("serviceKey", None) != self.key:
            return gateway_error("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR")
        if len(self.asked) > self.allowed:
            return gateway_error("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR")
        return self._of_service(target.path, asked)

    def _of_service(self, path: str, asked: Mapping[str, str]) -> Answer:
        if path == weather_service.PATH:
            return weather_service.answer(self.sky, asked, self._clock.now())
        if path == bed_service.PATH:
            return bed_service.answer(self.rooms, asked, self._clock.now())
        return gateway_error("12", "NO_OPENAPI_SERVICE_ERROR")


def _http(answer: Answer) -> bytes:
    reason = "OK" if answer.status == 200 else "Error"
    head = (
        f"HTTP/1.1 {answer.status} {reason}\r\nContent-Type: {answer.content_type}\r\n"
        f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + answer.body
