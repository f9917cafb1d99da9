"""How much of what is refused is kept, so that it is there to be looked at and yet never fills the disk."""

from collections import Counter
from dataclasses import dataclass

MINUTE = 60.0
MOST_COUNTED = 10_000  # parties counted by name


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is kept within one minute: messages and bytes of one party, and bytes of all parties together."""

    messages: int
    bytes: int
    bytes_in_all: int


class Keeping:
    """Counts a minute at a time: the first ones are kept, of the others only how many there were."""

    def __init__(self, allowance: Allowance) -> None:
        """Nothing has been kept yet."""
        self._allowance = allowance
        self._began = 0.0
        self._messages: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._in_all = 0
        self._unkept: Counter[str] = Counter()

    def may_keep(self, party: str, size: int, now: float) -> bool:
        """Whether one more message of `size` bytes is kept; `now` in monotonic seconds."""
        if now - self._began >= MINUTE:
            self._began, self._in_all = now, 0
            self._messages.clear()
            self._bytes.clear()
        limits = self._allowance
        within = (
            self._messages[party] < limits.messages
            and self._bytes[party] + size <= limits.bytes
            and self._in_all + size <= limits.bytes_in_all
        )
        if not within:
            self._unkept[party if len(self._unkept) < MOST_COUNTED else "others"] += 1
            return False
        self._messages[party] += 1
        self._bytes[party] += size
        self._in_all += size
        return True

    def take_unkept(self) -> Counter[str]:
        """How many of each party were not kept since this was asked last."""
        unkept, self._unkept = self._unkept, Counter()
        return unkept
