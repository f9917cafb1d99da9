"""How large a request may be, whatever route it is for."""

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goldentime.core.text import Text

LARGEST_BODY = 2 * 1024 * 1024  # the agencies' doors have a smaller limit of their own
TOO_LARGE = Text("요청이 2 MiB를 넘습니다.", "The request is larger than 2 MiB.")


class _TooLarge(Exception):  # noqa: N818  never leaves this file
    pass


class LargestBody:
    """Answers 413 as soon as a body is announced or found to be too large; nothing of it is kept."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        """Wrap the application."""
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced) > self._largest:
            await _refuse(send)
            return
        received, started = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._largest:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            if received > self._largest and not started:
                return  # what the application says of the break is not what the sender should read
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if not started:
                await _refuse(send)


async def _refuse(send: Send) -> None:
    error = {"code": "too_large", "text": TOO_LARGE.to_dict(), "field": None}
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode({"error": error})})
