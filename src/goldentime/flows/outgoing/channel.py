"""One lane to one agency: how long an address on it rests, and when all that waits for it waits together."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from goldentime.core.ids import AgencyId, Randomness
from goldentime.flows.outgoing.carrier import Carrier, Silence
from goldentime.messages.news import Reply
from goldentime.messages.outgoing import Lane

WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)  # seconds before the next try, by how many there were; then the last
JITTER = 0.2  # of a wait, either way: two hundred messages that failed together are not sent together
SILENCES = 3  # messages in a row without an answer after which the whole address is taken to be down


@dataclass(slots=True)
class Rest:
    """Until when an address is left in peace because nobody answers there."""

    until: datetime | None = None
    failures: int = 0  # in a row, of the address as a whole
    silences: int = 0


@dataclass(slots=True)
class Channel:
    """One lane to one agency, and how each address on it answers: its own wire has one, the empty name."""

    agency: AgencyId
    lane: Lane
    carrier: Carrier
    rests: dict[str, Rest] = field(default_factory=dict)
    swept_at: datetime | None = None  # when what is too old was last given up
    wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def list_resting(self, now: datetime) -> list[str]:
        """The addresses to be left in peace."""
        return [address for address, rest in self.rests.items() if rest.until is not None and now < rest.until]

    def note(self, address: str, told: Reply | Silence, now: datetime, randomness: Randomness) -> None:
        """Whether the address as a whole answers: when it does not, what waits for it waits together."""
        rest, silent = self.rests.setdefault(address, Rest()), isinstance(told, Silence)
        rest.silences = rest.silences + 1 if silent else 0
        if isinstance(told, Silence) and (not told.reached or rest.silences >= SILENCES):
            rest.until = now + wait_after(rest.failures, randomness)
            rest.failures += 1
        elif silent:
            rest.until = None
        else:
            del self.rests[address]


def wait_after(tries: int, randomness: Randomness) -> timedelta:
    """How long to leave it after so many tries, give or take `JITTER`."""
    chance = int.from_bytes(randomness(2), "big") / 65_535
    return timedelta(seconds=WAITS[min(tries, len(WAITS) - 1)] * (1 - JITTER + 2 * JITTER * chance))
