"""Who sees a sighting: operators, the agencies it was told to and their crews; every crew there, when for them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.policy import Standing, standing_of
from goldentime.core.errors import NotFound
from goldentime.core.ids import AgencyId, CameraId, IncidentId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.see_incidents import must_read
from goldentime.flows.ports import Change, Reading
from goldentime.flows.units.dispatch import NO_UNIT
from goldentime.flows.watching.crew_look import find_crew_grant
from goldentime.flows.watching.note_sighting import SIGHTED
from goldentime.flows.world import World

RECENT = 500  # facts of the incident looked through for the last sightings
NO_STILL = Text("그런 사진이 없거나 보존 기간이 끝났습니다.", "There is no such still, or its time is over.")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One of them on record: told to the agencies `to`, and shown to every crew on the incident when `crews`.

    `place` is the point where the operator saw it, when that is not the incident's own.
    """

    position: int
    at: datetime
    camera: CameraId
    words: str
    plate: str
    direction: str
    to: frozenset[AgencyId]
    crews: bool
    place: LonLat | None = None
    place_words: str = ""

    def is_for_crew_of(self, agency: AgencyId) -> bool:
        """Whether a crew of that agency, on the incident, may see it."""
        return self.crews or agency in self.to


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The newest sighting, and the newest ones that told a plate and a direction: the same one or one before it."""

    newest: Sighting
    plate: Sighting | None
    direction: Sighting | None


def find_last_seen(look: Reading, incident: IncidentId, *, agency: AgencyId) -> LastSeen | None:
    """What crews of `agency` may see of the last sightings, while their words live."""
    newest = plate = direction = None
    for recorded in look.list_newest_facts(incident, limit=RECENT):
        if recorded.fact.kind != SIGHTED:
            continue
        seen = _find_sighting(look, incident, recorded.position)
        if seen is None or not seen.is_for_crew_of(agency):
            continue
        newest = newest or seen
        plate = plate or (seen if seen.plate else None)
        direction = direction or (seen if seen.direction else None)
        if plate and direction:
            break
    return LastSeen(newest, plate, direction) if newest else None


async def read_still(world: World, caller: Caller, incident: IncidentId, position: int) -> bytes:
    """The still as a JPEG, the look at it audited; raises NotFound for one that is not theirs to see or destroyed."""

    def decide(tx: Change) -> bytes:
        now, account = world.clock.now(), caller.account
        seen = _find_sighting(tx, incident, position)
        agency = caller.agency.id if caller.agency else None
        if account.unit is not None:
            unit = tx.find_unit(account.unit)
            if unit is None or unit.incident != incident or find_crew_grant(tx, unit, now) is None:
                raise NotFound(NO_UNIT)
            agency, theirs = unit.agency, seen is not None and seen.is_for_crew_of(unit.agency)
        else:
            must_read(tx, incident, caller, now)
            theirs = agency is None or (seen is not None and agency in seen.to)
        if not theirs:
            raise NotFound(NO_STILL)
        return _take(world, tx, (account.id, agency), incident, position)

    return await world.store.change(decide)


async def read_still_for_agency(world: World, agency: AgencyId, incident: IncidentId, position: int) -> bytes:
    """The same for the system of the agency it was told to, while its grant is in force; raises NotFound."""

    def decide(tx: Change) -> bytes:
        seen = _find_sighting(tx, incident, position)
        standing = standing_of(tx.list_grants(incident=incident), agency, world.clock.now())
        if standing is not Standing.IN_FORCE or seen is None or agency not in seen.to:
            raise NotFound(NO_STILL)
        return _take(world, tx, (agency, agency), incident, position)

    return await world.store.change(decide)


def _take(world: World, tx: Change, who: tuple[str, AgencyId | None], incident: IncidentId, position: int) -> bytes:
    still = tx.unseal(f"incident/{incident}", f"still/{position}")
    if still is None:
        raise NotFound(NO_STILL)
    actor, agency = who
    tx.audit(Entry(world.clock.now(), "SightingRead", actor, agency, incident, data={"sighting": position}))
    return still


def _find_sighting(look: Reading, incident: IncidentId, position: int) -> Sighting | None:
    """The sighting of that number in this incident; None when it is none, or its words are destroyed."""
    sealed = look.unseal(f"incident/{incident}", f"sighting/{position}")
    if sealed is None:
        return None
    told = json.loads(sealed)
    at, camera, (to, crews) = datetime.fromisoformat(told["at"]), CameraId(told["camera"]), _readers(told)
    place = LonLat(*told["place"]) if told.get("place") else None
    words = (told["words"], told["plate"], told["direction"])
    return Sighting(position, at, camera, *words, to, crews, place, told.get("place_words", ""))


def _readers(told: dict[str, Any]) -> tuple[frozenset[AgencyId], bool]:
    """Whom it was told to, and whether every crew sees it; one kept before it said so is for operators only."""
    to = told.get("to", [])
    if isinstance(to, list):
        return frozenset(AgencyId(one) for one in to), bool(told.get("crews", False))
    return (frozenset({AgencyId(to)}), False) if to else (frozenset(), True)  # kept when it had one reader at most
