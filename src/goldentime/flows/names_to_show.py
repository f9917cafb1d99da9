"""What people are shown in place of an id: an agency's name, an incident's number, where a camera is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from goldentime.core.ids import CameraId, IncidentId
from goldentime.core.text import Text
from goldentime.flows.ports import Reading


@dataclass(frozen=True, slots=True)
class Things:
    """What incidents are numbered and cameras are called, by id; one that is no longer known is not among them."""

    incidents: Mapping[str, str]
    cameras: Mapping[str, str]


def things_of(reading: Reading, *, incidents: Iterable[str | None], cameras: Iterable[str | None]) -> Things:
    """How the incidents and cameras of some entries are told apart by people: never by who was in them."""
    numbers = {one: found.number for one in incidents if one and (found := reading.find_incident(IncidentId(one)))}
    return Things(numbers, {one: name for one in cameras if one and (name := _find_camera_name(reading, one))})


def _find_camera_name(reading: Reading, camera_id: str) -> str | None:
    camera = reading.find_camera(CameraId(camera_id))
    site = reading.find_site(camera.site_id) if camera else None
    return f"{site.name} · {camera.number}" if camera and site else None


def names_of(reading: Reading) -> Mapping[str, Text]:
    """What agencies are called, by id, for showing beside the record."""
    return {agency.id: agency.name for agency in reading.list_agencies()}
