"""What a linkage can do whose party is asked instead of sending: what to ask, and what an answer says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeGuard, TypeVar

from goldentime.messages.exchange import RawMessage

Said_co = TypeVar("Said_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a path below the service's address and its parameters; the key is none of them."""

    path: str
    params: Mapping[str, str]


class Feed(Protocol[Said_co]):
    """Pure translation between one service's answers and our words; no network, no clock, no key."""

    @property
    def name(self) -> str:
        """The folder's name, as the lights use it."""
        ...

    @property
    def key_name(self) -> str:
        """The parameter that carries the key."""
        ...

    def asks(self, at: datetime) -> Sequence[Ask]:
        """What to ask at that time, each only when the one before had no data; never empty."""
        ...

    def parse(self, raw: RawMessage) -> Said_co:
        """What the answer says; raises BadMessage and nothing else, with type code NO_DATA when there is none."""
        ...


def is_feed(linkage: object) -> TypeGuard[Feed[Any]]:
    """Whether the linkage asks, instead of being told."""
    return hasattr(linkage, "asks")
