"""Which cameras may be open when not all can: the most severe first, then those asked for first."""

from collections.abc import Iterable
from dataclasses import dataclass

from goldentime.core.ids import CameraId


@dataclass(frozen=True, slots=True)
class Want:
    """A camera that is wanted; a higher priority is more severe, a lower turn was asked for earlier."""

    camera_id: CameraId
    priority: int
    turn: int


def choose_open(wants: Iterable[Want], limit: int) -> frozenset[CameraId]:
    """At most `limit` cameras; a new want never closes one of higher priority, nor an equal one of an earlier turn."""
    ordered = sorted(wants, key=lambda want: (-want.priority, want.turn))
    return frozenset(want.camera_id for want in ordered[: max(0, limit)])
