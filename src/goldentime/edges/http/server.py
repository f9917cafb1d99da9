"""How the web door is opened and shut: a bound socket, and a server that a signal ends with everything put away."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.edges.http.gathered import GatheringHttp
from goldentime.settings import Web

LAST_REQUESTS_SECONDS = 3  # live feeds never end by themselves
_ENDS = (signal.SIGTERM, signal.SIGINT)


class WebServer(uvicorn.Server):
    """uvicorn, but a signal only ends `serve`: uvicorn's own raises it again, which would leave children behind."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """While serving, SIGTERM and SIGINT ask for the end; a second SIGINT no longer waits for requests."""
        loop = asyncio.get_running_loop()
        for one in _ENDS:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in _ENDS:
                loop.remove_signal_handler(one)


def make_server(app: ASGIApp, web: Web) -> WebServer:
    """A server for the application; give `serve` the socket of `listen`."""
    return WebServer(
        uvicorn.Config(
            app,
            http=GatheringHttp,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
            ssl_certfile=str(web.tls_certificate) if web.tls_certificate else None,
            ssl_keyfile=str(web.tls_key) if web.tls_key else None,
            server_header=False,
        )
    )


def listen(web: Web) -> socket.socket:
    """The bound socket of the web address; raises OperatorsError when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    try:
        return socket.create_server((web.host, web.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{web.host}:{web.port}"
        words = Text(f"{where}에서 들을 수 없습니다: {error.strerror}", f"Cannot listen on {where}: {error.strerror}")
        raise OperatorsError(words) from None
