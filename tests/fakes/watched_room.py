"""A room in which a report has opened an incident with its cameras, and what is on record there."""

from fakes.room import CROSSING, Room
from goldentime.core.ids import CameraId, IncidentId

HERE = [CROSSING.lon, CROSSING.lat]


async def opened(room: Room) -> tuple[IncidentId, list[CameraId]]:
    """The incident and the cameras chosen for it."""
    await room.hear(place=HERE)
    incident = room.incidents[0]
    picks = room.store.rows.picks[incident.id]
    return incident.id, [pick.camera_id for pick, _ in picks]


def actions(room: Room) -> list[str]:
    """What is on record, oldest first."""
    return [link.entry.action for link in room.store.rows.links]
