"""Where a fixed-head message ends in a stream: behind the length its head gives, and only at its terminator."""

from dataclasses import dataclass

from goldentime.linkage_kit.framing import MORE, NONE
from goldentime.linkages.fixed_head_tcp.head import HEAD, HEAD_BYTES, length_of
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings


@dataclass(frozen=True)
class FixedHeadShape:
    """Some senders count the terminator into DATA_LEN and some do not: it must stand at one of the two places.

    Bodies may hold the terminator (IMAGE does), so it is never searched for.
    """

    settings: FixedHeadSettings
    margin: int = HEAD_BYTES - 1

    def find_start(self, held: bytearray, since: int) -> int:
        """Where a head stands."""
        found = HEAD.search(held, since)
        return found.start() if found else -1

    def find_end(self, held: bytearray, seen: int) -> int:  # noqa: ARG002  (the length says it all)
        """Just behind the terminator."""
        if len(held) < HEAD_BYTES:
            return MORE
        end = HEAD_BYTES + length_of(held) if HEAD.match(held) else HEAD_BYTES
        if not HEAD_BYTES < end <= self.settings.max_body:
            return NONE
        if len(held) < end:
            return MORE
        terminator = self.settings.terminator.encode()
        if held.startswith(terminator, end - 1):
            return end
        if len(held) == end:
            return MORE  # not counted in: the next byte will tell
        return end + 1 if held.startswith(terminator, end) else NONE
