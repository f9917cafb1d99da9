"""Where a fixed-head message ends in a stream: behind the length its head gives, and only at its terminator."""

import re
from dataclasses import dataclass
from functools import cached_property

from goldentime.linkage_kit.framing import MORE, NONE
from goldentime.linkages.fixed_head_tcp.head import HEAD, HEAD_BYTES, SOUGHT, length_of
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings

RECEIVER_AT = 21  # RCV_SYS_CD within the head


@dataclass(frozen=True)
class FixedHeadShape:
    """Some senders count the terminator into DATA_LEN and some do not: it must stand at one of the two places.

    Bodies may hold the terminator (IMAGE does), so it is never searched for; only where a head stands behind one has
    the next message begun, and DATA_LEN is wrong.
    """

    settings: FixedHeadSettings
    margin: int = HEAD_BYTES - 1

    def find_start(self, held: bytearray, since: int) -> int:
        """Where a head stands."""
        found = SOUGHT.search(held, since)
        return found.start() if found else -1

    def find_end(self, held: bytearray, seen: int) -> int:
        """Just behind the terminator, or where it must be at the least when that is more than one may have."""
        if len(held) < HEAD_BYTES:
            return MORE
        end = HEAD_BYTES + length_of(held) if HEAD.match(held) else HEAD_BYTES
        if end == HEAD_BYTES or self._begins_again(held, max(HEAD_BYTES, seen - HEAD_BYTES - 3), end):
            return NONE
        if end > self.settings.max_body:
            return end
        return MORE if len(held) < end else self._closed(held, end)

    def _closed(self, held: bytearray, end: int) -> int:
        """Just behind the terminator at `end`, counted in or not."""
        if not held.startswith(self._terminator, end - 1):
            if len(held) == end:
                return MORE  # not counted in: the next byte will tell
            if not held.startswith(self._terminator, end):
                return NONE
            end += 1
        return NONE if self._swallows(held, end) else end

    def _begins_again(self, held: bytearray, since: int, end: int) -> bool:
        """Whether the next message begins before this one's end; `since` spares what was looked through before."""
        if held.find(self._terminator, since, end - 1) < 0:
            return False
        return self._next.search(held, since, end) is not None

    def _swallows(self, held: bytearray, end: int) -> bool:
        """Whether another message ends there too: then this one was cut off somewhere before that began."""
        at = held.find(self._receiver, RECEIVER_AT + 1, end)
        while at >= 0:
            body = at - RECEIVER_AT + HEAD_BYTES
            head = held[body - HEAD_BYTES : body]
            if SOUGHT.match(head) and end - body - length_of(head) in (0, 1):
                return True
            at = held.find(self._receiver, at + 1, end)
        return False

    @cached_property
    def _receiver(self) -> bytes:
        """What stands in the head of every message to us: our code and the century of the time behind it."""
        return f"{self.settings.our_system[:3]:>3}20".encode("ascii", "replace")

    @cached_property
    def _terminator(self) -> bytes:
        return self.settings.terminator.encode()

    @cached_property
    def _next(self) -> re.Pattern[bytes]:
        return re.compile(re.escape(self._terminator) + rb"[\r\n]{0,2}" + SOUGHT.pattern)
