"""Which cameras may be open when not all can: the most severe first, then those watched, then the newest."""

from collections.abc import Iterable
from dataclasses import dataclass

from goldentime.core.ids import CameraId


@dataclass(frozen=True, slots=True)
class Want:
    """A camera that is wanted; a higher priority is more severe, a higher turn was asked for later."""

    camera_id: CameraId
    priority: int
    turn: int
    watched: bool = False


def choose_open(wants: Iterable[Want], limit: int) -> frozenset[CameraId]:
    """At most `limit` cameras; a new want never closes one of higher priority, nor an equal one somebody watches.

    The newest incident's come first among equals that nobody watches: fifty unclosed ones must not shut out the next.
    """
    ordered = sorted(wants, key=lambda want: (-want.priority, not want.watched, -want.turn))
    return frozenset(want.camera_id for want in ordered[: max(0, limit)])
