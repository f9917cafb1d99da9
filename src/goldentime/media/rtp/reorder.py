"""How long to wait for a packet that UDP delivers late."""

from goldentime.media.rtp.packets import RtpPacket, steps_after

MOST_WAITING = 48
LONGEST_WAIT = 0.08  # seconds; two frames at 25 a second
RESTART_STEPS = 1000  # a sender that jumps further has started anew


class Reorder:
    """Hands packets on in order; gives a missing one up after 80 ms or 48 later packets, never holding more."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, RtpPacket] = {}
        self._waiting_since = 0.0

    def push(self, packet: RtpPacket, now: float) -> list[RtpPacket]:
        """The packets that may go on now, in order; `now` in monotonic seconds; late and doubled ones are dropped."""
        if self._next is None:
            self._next = packet.sequence
        ahead = steps_after(packet.sequence, self._next)
        if abs(ahead) > RESTART_STEPS:
            self._waiting.clear()
            self._next = packet.sequence
            ahead = 0
        if ahead < 0:
            return []
        if ahead > 0:
            if not self._waiting:
                self._waiting_since = now
            self._waiting[packet.sequence] = packet
            if len(self._waiting) < MOST_WAITING and now - self._waiting_since < LONGEST_WAIT:
                return []
            expected = self._next
            self._next = min(self._waiting, key=lambda sequence: steps_after(sequence, expected))
            return self._ready([], now)
        self._next = (packet.sequence + 1) & 0xFFFF
        return self._ready([packet], now) if self._waiting else [packet]

    def _ready(self, ready: list[RtpPacket], now: float) -> list[RtpPacket]:
        while self._next is not None and (packet := self._waiting.pop(self._next, None)) is not None:
            ready.append(packet)
            self._next = (self._next + 1) & 0xFFFF
        self._waiting_since = now
        return ready
