"""Where a fixed-head message ends in a stream: behind the length its head gives, and only at its terminator."""

from dataclasses import dataclass
from functools import cached_property

from goldentime.linkage_kit.framing import MORE, NONE
from goldentime.linkages.fixed_head_tcp.head import HEAD, HEAD_BYTES, SOUGHT, length_of
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings


@dataclass(frozen=True)
class FixedHeadShape:
    """Some senders count the terminator into DATA_LEN and some do not: it must stand at one of the two places.

    What stands between is never looked at: people write it, and a head among their words must not become a message.
    """

    settings: FixedHeadSettings
    margin: int = HEAD_BYTES - 1

    def find_start(self, held: bytearray, since: int) -> int:
        """Where a head stands."""
        found = SOUGHT.search(held, since)
        return found.start() if found else -1

    def find_end(self, held: bytearray, seen: int) -> int:  # noqa: ARG002  (the length says it all)
        """Just behind the terminator, or where it must be at the least when that is more than one may have."""
        if len(held) < HEAD_BYTES:
            return MORE
        end = HEAD_BYTES + length_of(held) if HEAD.match(held) else HEAD_BYTES
        if end == HEAD_BYTES:
            return NONE
        if end > self.settings.max_body or held.startswith(self._terminator, end - 1):
            return end
        if len(held) <= end:
            return MORE  # not counted in, the next byte will tell
        return end + 1 if held.startswith(self._terminator, end) else NONE

    @cached_property
    def _terminator(self) -> bytes:
        return self.settings.terminator.encode()
