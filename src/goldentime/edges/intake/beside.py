"""Which messages are read beside the event loop first: long ones, whose sealed body takes milliseconds to open."""

import asyncio
from collections.abc import Callable

from goldentime.messages.exchange import RawMessage

BESIDE = 2 << 10  # bytes of a message


async def open_beside(parse: Callable[[RawMessage], object], raw: RawMessage) -> None:
    """Read a long message on a thread, so that its body is open already when the loop reads it; never raises."""
    if len(raw.body) >= BESIDE:
        await asyncio.to_thread(_open, parse, raw)


def _open(parse: Callable[[RawMessage], object], raw: RawMessage) -> None:
    try:
        parse(raw)
    except Exception:  # noqa: BLE001  whatever is wrong with it is found, and told, when it is acted on
        return
