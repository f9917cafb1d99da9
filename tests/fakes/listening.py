"""Who listens to the feed in a room, and what each of them was told by it."""

import json
from dataclasses import replace
from typing import Any

from fakes.room import CROSSING, Room
from fakes.town import FIRE
from goldentime.city.incidents.incident import Incident
from goldentime.edges.live.feed import Listener
from goldentime.flows.caller import Caller

HERE = [CROSSING.lon, CROSSING.lat]
LINKS = [{"agency": "police", "ok": True}]


def told(listener: Listener) -> list[dict[str, Any]]:
    """The changes waiting for a browser, taken out."""
    events, listener.waiting = listener.waiting, []
    return [json.loads(event.split(b"data: ", 1)[1]) for event in events]


def incidents_told(listener: Listener) -> list[str]:
    return [row["id"] for change in told(listener) for row in change["incidents"]]


async def reported(room: Room, occurrence: str = "1") -> Incident:
    before = {incident.id for incident in room.incidents}
    await room.hear(place=HERE, occurrence=occurrence)
    return next(incident for incident in room.incidents if incident.id not in before)


async def of_fire(room: Room) -> Caller:
    """Someone of the fire service, which reported nothing."""
    caller = await room.caller("jung")
    agency = room.store.rows.agencies[FIRE]
    return replace(caller, agency=agency, session=replace(caller.session, agency=FIRE))


async def code_viewer(room: Room, incident: str) -> Caller:
    """Someone of the police who came in by a code for one incident."""
    caller = await room.caller("jung")
    return replace(caller, session=replace(caller.session, incident=incident, kind="viewer"))
