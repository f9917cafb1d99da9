"""What an operator does with an incident between its opening and its end: acknowledge, take, widen, place, share."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.choose import next_radius
from goldentime.city.incidents.incident import Incident, Service, Severity, State
from goldentime.city.incidents.opening import Birth, opened_by_hand
from goldentime.city.incidents.states import acknowledged, place_confirmed, released, taken, widened
from goldentime.core.clock import KST
from goldentime.core.errors import Conflict, NotFound, OperatorsError
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, CameraId, IncidentId, new_id
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.keep_note import get_incident
from goldentime.flows.known_city import Located
from goldentime.flows.open_incident import choose_within, grant_agency
from goldentime.flows.open_streams import open_streams
from goldentime.flows.ports import Change
from goldentime.flows.words import seal_words
from goldentime.flows.world import World

STEPS: dict[str, Callable[..., tuple[Incident, Fact]]] = {
    "acknowledge": acknowledged,
    "take": taken,
    "release": released,
}
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


async def step_incident(world: World, caller: Caller, incident_id: IncidentId, step: str) -> Incident:
    """Acknowledge, take or release; raises NotFound or Conflict."""

    def decide(tx: Change) -> Incident:
        now = world.clock.now()
        incident, fact = STEPS[step](get_incident(tx, incident_id), caller.account.id, now)
        tx.put_incident(incident)
        tx.record(fact)
        tx.audit(Entry(now, fact.kind, caller.account.id, None, incident.id))
        return incident

    return await world.store.change(decide)


async def open_by_hand(world: World, caller: Caller, asked: ByHand) -> Incident:
    """Open an incident where the operator points; raises OperatorsError for an empty or endless title."""
    title = asked.title.strip()
    if not 1 <= len(title) <= TITLE_LONGEST:
        raise OperatorsError(Text("제목은 1자에서 80자까지입니다.", "A title has 1 to 80 characters."))
    located = Located(asked.place)
    choice = world.city.choose(located, "MANUAL", wanted=world.rules.cameras_wanted, radius=world.rules.radius_metres)

    def decide(tx: Change) -> tuple[Incident, tuple[CameraId, ...]]:
        now = world.clock.now()
        local = now.astimezone(KST)
        birth = Birth(
            id=IncidentId(new_id("inc", now, world.randomness)),
            number=f"{world.rules.number_prefix}-{local:%m%d}-{tx.next_number(f'{local:%Y%m%d}'):04d}",
            at=now,
            place=asked.place,
            radius=world.rules.radius_metres,
        )
        incident, fact = opened_by_hand(
            birth, title=title, service=asked.service, severity=asked.severity, by=caller.account.id
        )
        tx.put_incident(incident)
        tx.record(fact)
        tx.audit(Entry(now, "IncidentOpened", caller.account.id, None, incident.id, asked.camera))
        seal_words(world, tx, incident, {"content": asked.content, "place_words": asked.place_words, "reporter": ""})
        picks = choose_within(tx, incident, choice, now, anew=True)
        return incident, tuple(pick.camera_id for pick in picks if pick.status.value == "working")

    incident, cameras = await world.store.change(decide)
    open_streams(world, incident, cameras)
    return incident


async def widen_ring(world: World, caller: Caller, incident_id: IncidentId) -> Incident:
    """Add the next four cameras: of this ring while it has more, else of the next; raises Conflict at the widest."""
    seen = await world.store.read(lambda look: (get_incident(look, incident_id), look.list_picks(incident_id)))
    incident, shown = seen
    if incident.place is None:
        raise Conflict(Text("위치가 없습니다. 위치를 먼저 확인하세요.", "There is no place yet; confirm it first."))
    located, radius = Located(incident.place), incident.radius
    exclude = {pick.camera_id for pick, _ in shown}
    wanted = world.rules.cameras_wanted
    choice = world.city.choose(located, incident.kind, wanted=wanted, radius=radius, exclude=exclude)
    while not choice.picks:
        wider = next_radius(radius)
        if wider is None:
            raise Conflict(Text("더 넓힐 반경이 없습니다.", "There is no wider ring."))
        radius = wider
        choice = world.city.choose(located, incident.kind, wanted=wanted, radius=radius, exclude=exclude)

    def decide(tx: Change) -> tuple[Incident, tuple[CameraId, ...]]:
        now = world.clock.now()
        wide, fact = widened(get_incident(tx, incident_id), radius, now, caller.account.id)
        tx.put_incident(wide)
        tx.record(fact)
        tx.audit(Entry(now, "RingWidened", caller.account.id, None, wide.id, data={"radius": radius}))
        picks = choose_within(tx, wide, choice, now, anew=False)
        cameras = [pick.camera_id for pick in picks]
        for grant in tx.list_grants(incident=wide.id):
            if grant.agency is not None and grant.ended_at is None:
                grant_agency(world, tx, wide, grant.agency, cameras, now)
        return wide, tuple(pick.camera_id for pick in picks if pick.status.value == "working")

    wide, cameras = await world.store.change(decide)
    open_streams(world, wide, cameras)
    return wide


async def confirm_place(world: World, caller: Caller, incident_id: IncidentId, place: LonLat) -> Incident:
    """Put the incident where the operator says; its cameras are chosen anew and granted to whoever may look."""
    incident = await world.store.read(lambda look: get_incident(look, incident_id))
    choice = world.city.choose(
        Located(place), incident.kind, wanted=world.rules.cameras_wanted, radius=world.rules.radius_metres
    )

    def decide(tx: Change) -> tuple[Incident, tuple[CameraId, ...]]:
        now = world.clock.now()
        placed, fact = place_confirmed(get_incident(tx, incident_id), place, now, caller.account.id)
        placed = replace(placed, radius=world.rules.radius_metres)
        tx.put_incident(placed)
        tx.record(fact)
        tx.audit(Entry(now, "PlaceConfirmed", caller.account.id, None, placed.id))
        picks = choose_within(tx, placed, choice, now, anew=True)
        agencies = {g.agency for g in tx.list_grants(incident=placed.id) if g.agency and g.ended_at is None}
        if placed.agency and placed.service.value in world.rules.services_with_grant:
            agencies.add(placed.agency)
        for agency in sorted(agencies):
            grant_agency(world, tx, placed, agency, [pick.camera_id for pick in picks], now)
        return placed, tuple(pick.camera_id for pick in picks if pick.status.value == "working")

    placed, cameras = await world.store.change(decide)
    open_streams(world, placed, cameras)
    return placed


async def share_incident(world: World, caller: Caller, incident_id: IncidentId, agency_id: AgencyId) -> Incident:
    """Let another agency look through the incident's cameras; raises NotFound, or Conflict when it is closed."""

    def decide(tx: Change) -> Incident:
        now = world.clock.now()
        incident = get_incident(tx, incident_id)
        if tx.find_agency(agency_id) is None:
            raise NotFound(Text("그런 기관이 없습니다.", "There is no such agency."))
        if incident.state is State.CLOSED:
            raise Conflict(Text("종결된 상황은 공유할 수 없습니다.", "A closed incident cannot be shared."))
        cameras = [pick.camera_id for pick, _ in tx.list_picks(incident.id)]
        tx.record(Fact("IncidentShared", incident.id, now, {"agency": agency_id, "by": caller.account.id}))
        tx.audit(Entry(now, "IncidentShared", caller.account.id, agency_id, incident.id))
        grant_agency(world, tx, incident, agency_id, cameras, now)
        return incident

    return await world.store.change(decide)
