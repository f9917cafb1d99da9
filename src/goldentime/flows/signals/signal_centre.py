"""What the flows need of a signal centre: its junctions, a way to ask and give back, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from goldentime.city.signals.junction import Junction
from goldentime.city.signals.request import Reason, Request, RequestId, State


@dataclass(frozen=True, slots=True)
class Said:
    """The centre's word on one request: confirmed, refused, green or released, and why."""

    request: RequestId
    state: State
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The connection is gone; the centre lets everything go by itself, and has before it takes us in again."""


class SignalCentre(Protocol):
    """A link to a signal centre; what is sent while it is down is not kept, since the centre has let go by then."""

    @property
    def is_up(self) -> bool:
        """Whether it may be asked now."""
        ...

    @property
    def junctions(self) -> Sequence[Junction]:
        """What it steers; empty while it is down."""
        ...

    def request(self, request: Request, eta_s: float) -> None:
        """Ask for green; the answer comes with `take_said`."""
        ...

    def renew(self, request: Request, eta_s: float) -> None:
        """Go on asking; without it a request expires."""
        ...

    def release(self, request: Request) -> None:
        """Give it back."""
        ...

    async def take_said(self, timeout_s: float) -> list[Said | LinkLost]:
        """What it has said since, in order; waits so many seconds at most for the first word."""
        ...
