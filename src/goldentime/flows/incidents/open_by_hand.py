"""How an operator opens an incident where they point, or where a camera showed them something."""

from dataclasses import dataclass

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, Service, Severity
from goldentime.city.incidents.nature import nature_of
from goldentime.city.incidents.opening import Birth, opened_by_hand
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import CameraId, IncidentId, ViewId, new_id
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.choose_cameras import Chosen, choose_within, follow_choice
from goldentime.flows.incidents.compare_incidents import remember
from goldentime.flows.incidents.number_incident import next_incident_number
from goldentime.flows.incidents.read_traits import Traits, digest_words
from goldentime.flows.known_city import Located
from goldentime.flows.ports import Change
from goldentime.flows.words import seal_words
from goldentime.flows.world import World

TITLE_LONGEST = 80


@dataclass(frozen=True, slots=True)
class ByHand:
    """What an operator typed to open an incident."""

    title: str
    service: Service
    severity: Severity
    place: LonLat
    content: str = ""
    place_words: str = ""
    camera: CameraId | None = None  # what they were watching: "I saw something"
    view: ViewId | None = None  # the look in which they saw it; only their own counts


async def open_by_hand(world: World, caller: Caller, asked: ByHand) -> Incident:
    """Open an incident where the operator points; raises OperatorsError for an empty or endless title."""
    title = asked.title.strip()
    if not 1 <= len(title) <= TITLE_LONGEST:
        raise OperatorsError(Text("제목은 1자에서 80자까지입니다.", "A title has 1 to 80 characters."))
    located = Located(asked.place)
    traits = Traits(nature_of(title, asked.content), digest_words(world.pepper, asked.place_words), caller="")
    choice = world.city.choose(located, "MANUAL", wanted=world.rules.cameras_wanted, radius=world.rules.radius_metres)

    def decide(tx: Change) -> tuple[Incident, Chosen]:
        now = world.clock.now()
        birth = Birth(
            id=IncidentId(new_id("inc", now, world.randomness)),
            number=next_incident_number(world, tx, now, drill=world.rules.drill),
            at=now,
            place=asked.place,
            radius=world.rules.radius_metres,
            drill=world.rules.drill,
            nature=traits.nature,
        )
        incident, fact = opened_by_hand(birth, service=asked.service, severity=asked.severity, by=caller.account.id)
        tx.put_incident(incident)
        tx.record(fact)
        view = tx.find_view(asked.view) if asked.view else None
        own = view if view is not None and view.account == caller.account.id else None
        camera, data = (own.camera, {"view": own.id}) if own else (asked.camera, {})
        tx.audit(Entry(now, "IncidentOpened", caller.account.id, None, incident.id, camera, data=data))
        words = {"title": title, "content": asked.content, "place_words": asked.place_words, "reporter": ""}
        seal_words(world, tx, incident, words)
        remember(tx, incident, traits, now)
        return incident, choose_within(tx, incident, choice, now, anew=True)

    incident, chosen = await world.store.change(decide)
    await follow_choice(world, incident, chosen)
    return incident
