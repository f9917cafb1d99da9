"""What a crew may read of the incident it was sent to: the call, the way, who else comes, and what waits there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from goldentime.city.cameras.choose import Pick
from goldentime.city.grants.grant import Grant
from goldentime.city.incidents.incident import Incident
from goldentime.city.places.place import PlaceId
from goldentime.city.units.states import Step, Who, open_steps
from goldentime.city.units.unit import BUSY, Unit, UnitKind
from goldentime.core.text import Text
from goldentime.flows.crews.look_ahead import Way, look_ahead, why_no_way
from goldentime.flows.crews.near_scene import Near, Water
from goldentime.flows.crews.outside import BedsNow, Wind
from goldentime.flows.outgoing.tell_order import read_order_words
from goldentime.flows.ports import Reading
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.units.find_here import Here, find_here
from goldentime.flows.units.reckon_arrivals import seconds_to
from goldentime.flows.watching.read_sighting import LastSeen, find_last_seen
from goldentime.flows.words import read_words

OF_FIRE = frozenset({UnitKind.ENGINE, UnitKind.LADDER, UnitKind.RESCUE, UnitKind.COMMAND})


@dataclass(frozen=True, slots=True)
class Mate:
    """Another unit on the same incident, and in how many seconds it arrives; None once it is there or unknown."""

    unit: Unit
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Scene:
    """What the crew may read of the incident."""

    incident: Incident
    grant: Grant
    words: dict[str, Any]
    picks: tuple[Pick, ...]
    way: Way | None
    no_way: Text | None
    sighting: LastSeen | None
    building: Near | None
    water: Water | None  # None for a crew that fights no fires
    hospitals: tuple[Near, ...]
    beds: Mapping[PlaceId, BedsNow]
    wind: Wind | None
    mates: tuple[Mate, ...]


def scene_for(
    dispatch: Dispatch,
    look: Reading,
    call: tuple[Unit, Incident, Grant],
    here: Here,
    now: datetime,
) -> Scene:
    """The scene as of now for a unit that is `here`; its grant is the caller's to check."""
    unit, incident, grant = call
    at, city = incident.place, dispatch.world.city
    driving = at is not None and unit.state in BUSY and Step.ARRIVE in open_steps(unit, Who.CREW)
    asked = (city, here.on(city.graph), at, unit.width_m) if at is not None and driving else None
    way = look_ahead(*asked) if asked else None
    outside, of_119 = dispatch.world.outside, unit.kind is not UnitKind.PATROL
    around = dispatch.surroundings.around(city, at) if at is not None else None
    hospitals = around.hospitals if around is not None and of_119 else ()
    ids = [near.place.id for near in hospitals]
    granted = grant.cameras
    picks = tuple(pick for pick, _ in look.list_picks(incident.id) if granted is None or pick.camera_id in granted)
    return Scene(
        incident,
        grant,
        _words(look, unit, incident),
        picks,
        way,
        why_no_way(*asked) if asked and way is None else None,
        find_last_seen(look, incident.id, agency=unit.agency),
        around.building if around is not None else None,
        around.water if around is not None and unit.kind in OF_FIRE else None,
        hospitals,
        {id_: beds for id_ in ids if (beds := outside.find_beds(city.places, id_, now)) is not None},
        outside.find_wind(at, now) if at is not None and of_119 else None,
        _mates(dispatch, look, (unit, incident), now),
    )


def _words(look: Reading, unit: Unit, incident: Incident) -> dict[str, Any]:
    """What is told of the incident, and what the dispatcher said with this unit's own order."""
    order = look.find_order(unit.order) if unit.order else None
    said = read_order_words(look, order).words if order is not None and order.incident == incident.id else ""
    return {**read_words(look, incident.id), "order": said}


def _mates(dispatch: Dispatch, look: Reading, call: tuple[Unit, Incident], now: datetime) -> tuple[Mate, ...]:
    unit, incident = call
    others = [one for one in look.list_units(incident=incident.id) if one.id != unit.id and one.state in BUSY]
    driving = [one for one in others if Step.ARRIVE in open_steps(one, Who.CREW)]
    seconds: dict[str, float] = {}
    if incident.place is not None and driving:
        heres = [find_here(dispatch, one, now) for one in driving]
        times, _ = seconds_to(dispatch.world.city, incident.place, heres, driving)
        seconds = {one.id: took for one, took in zip(driving, times, strict=True) if np.isfinite(took)}
    return tuple(Mate(one, seconds.get(one.id)) for one in others)
