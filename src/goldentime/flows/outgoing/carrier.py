"""How bytes reach one agency, and what became of them: a reply, or a silence after which they may have arrived."""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from goldentime.messages.news import Reply
from goldentime.messages.outgoing import OutgoingMessage

log = logging.getLogger("goldentime.outbox")


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer came; `reached` tells that the message may have arrived, so only the same one may be sent again."""

    reached: bool
    why: str  # unreachable, no_answer, forbidden, login_refused, failed (by an error of our own) ...


class Carrier(Protocol):
    """How bytes reach one agency: over its own connection, or to the address a message of its named."""

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        """What became of it; `parts` are what was sealed: body, and for a callback url and content_type."""
        ...


async def carry(carrier: Carrier, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
    """What became of it; an error nobody foresaw is a silence, so that this message holds up no other for good."""
    try:
        return await carrier.send(message, parts)
    except Exception as error:  # noqa: BLE001  outermost for one message
        log_error(f"{message.id} to {message.agency}", error)
        return Silence(reached=True, why="failed")


def log_error(what: str, error: Exception) -> None:
    """Without the error's own words, which may name people."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("outbox: %s failed: %s\n%s", what, type(error).__name__, where)
