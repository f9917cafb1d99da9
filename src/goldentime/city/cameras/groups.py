"""What a saved group of cameras is: an operator's own, shown together or toured one after another."""

from dataclasses import dataclass

from goldentime.core.ids import AccountId, CameraId


@dataclass(frozen=True, slots=True)
class Group:
    """`tour_seconds` None when it is not a tour."""

    id: str
    account: AccountId
    name: str
    cameras: tuple[CameraId, ...]
    tour_seconds: int | None = None
