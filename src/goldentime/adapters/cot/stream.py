"""How Cursor on Target events come in over TCP, TLS or UDP, and how a lost stream is found again."""

import asyncio
import ssl
import warnings
from collections.abc import Callable
from configparser import ConfigParser, SectionProxy
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # it misses what only its certificate enrolment needs
    from pytak.classes import RXWorker
    from pytak.client_functions import protocol_factory

log = structlog.get_logger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a lost stream is tried again
CONNECT_SECONDS = 10.0
_LOST = (OSError, ssl.SSLError, TimeoutError, asyncio.LimitOverrunError, EOFError)
_UNUSABLE = (SyntaxError, SystemError, ValueError)  # what pytak raises for certificates and addresses


@dataclass(frozen=True, slots=True)
class CotAddress:
    """Where the events come from: tcp://, tls:// or udp+ro:// and, for TLS, the files that prove who we are."""

    url: str
    tls_certificate: str = ""
    tls_key: str = ""
    tls_authority: str = ""


class CotStream:
    """Reads one stream until cancelled; `take` is handed each event's bytes, `note` whether the stream works."""

    def __init__(
        self, address: CotAddress, take: Callable[[bytes], None], note: Callable[[bool, str | Text], None]
    ) -> None:
        """Not connected yet; `take` may raise BadMessage."""
        self._address, self._take, self._note = address, take, note

    async def run(self) -> None:
        """Read events for good; a stream that ends or cannot be reached is tried again, ever more slowly."""
        pause = FIRST_PAUSE
        while True:
            writer: Any = None
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    reader, writer = await protocol_factory(self._config())
                self._note(True, "")
                pause = FIRST_PAUSE if await self._read(reader) else pause
                self._note(False, "stream_ended")
            except _LOST as problem:
                log.warning("cot_stream_lost", problem=type(problem).__name__)
                self._note(False, "unreachable")
            except _UNUSABLE as problem:
                log.warning("cot_stream_unusable", problem=str(problem)[:200])
                self._note(False, "not_trusted")
            finally:
                if writer is not None:
                    with suppress(OSError):
                        writer.close()
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _read(self, reader: Any) -> bool:
        """Hand on events until the stream ends; whether there was one."""
        worker = _Receiver(asyncio.Queue(), self._config(), reader)
        heard = False
        while True:
            data = await worker.readcot()  # type: ignore[no-untyped-call]
            if data is None:
                return heard
            heard = True
            try:
                self._take(data)
            except BadMessage as bad:
                self._note(False, bad.text)

    def _config(self) -> SectionProxy:
        given = {
            "COT_URL": self._address.url,
            "PYTAK_TLS_CLIENT_CERT": self._address.tls_certificate,
            "PYTAK_TLS_CLIENT_KEY": self._address.tls_key,
            "PYTAK_TLS_CLIENT_CAFILE": self._address.tls_authority,
            "TAK_PROTO": "0",
        }
        parser = ConfigParser(interpolation=None)
        parser["cot"] = {name: value for name, value in given.items() if value}
        return parser["cot"]


class _Receiver(RXWorker):
    async def handle_data(self, data: bytes) -> None:
        """Nothing beside `readcot` is used."""
