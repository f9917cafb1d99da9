"""What we tell agencies on our own account, and which ones: those who reported it and those who may look, no echo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from goldentime.city.grants.grant import Ending, Grant, is_in_force
from goldentime.city.incidents.incident import Disposition, Incident, Severity
from goldentime.city.incidents.opening import SERVICE_NAMES
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.incidents.number_incident import own_occurrence
from goldentime.flows.outgoing.outbox import Dispatchable, put_outgoing
from goldentime.flows.ports import Change
from goldentime.flows.words import read_words
from goldentime.flows.world import World
from goldentime.messages.news import News, Topic
from goldentime.messages.report import ReportState


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to say: what it is about, the state it puts the occurrence in, and the words."""

    topic: Topic
    state: ReportState
    words: Text
    place: LonLat | None = None  # where it was seen, when that is not the incident's own place
    place_words: str = ""  # the address of that place; the incident's never stands beside another's coordinates
    items: Mapping[str, str] = field(default_factory=dict)


STEPS: Mapping[str, Said] = {  # the facts an agency hears of; a step that is not here is ours alone
    "IncidentAcknowledged": Said(
        Topic.STATUS,
        ReportState.INTERMEDIATE,
        Text("관제센터가 상황을 확인했습니다.", "The control room has acknowledged it."),
    ),
    "IncidentTaken": Said(
        Topic.STATUS,
        ReportState.INTERMEDIATE,
        Text("관제요원이 상황을 담당합니다.", "An operator of the control room has taken it."),
    ),
}
ENDINGS: Mapping[Disposition, tuple[ReportState, Text]] = {
    Disposition.HANDLED: (ReportState.CLEARED, Text("조치가 끝나 종결했습니다.", "Handled and closed.")),
    Disposition.FALSE_ALARM: (ReportState.ENDED, Text("오인으로 확인되어 종결했습니다.", "Closed: a false alarm.")),
    Disposition.DUPLICATE: (ReportState.ENDED, Text("중복 신고로 종결했습니다.", "Closed: a duplicate.")),
    Disposition.HANDED_OVER: (ReportState.ENDED, Text("이관하고 종결했습니다.", "Handed over and closed.")),
    Disposition.DRILL: (ReportState.ENDED, Text("훈련을 마쳤습니다.", "The drill is over.")),
    Disposition.ENDED_BY_SENDER: (
        ReportState.ENDED,
        Text("신고 기관이 종료했습니다.", "Ended by the reporting agency."),
    ),
    Disposition.CANCELLED_BY_SENDER: (
        ReportState.ENDED,
        Text("신고 기관이 취소했습니다.", "Cancelled by the reporting agency."),
    ),
}


def tell_step(world: World, tx: Change, incident: Incident, fact: str) -> int:
    """Tell what an operator did, when agencies hear of such a step; how many messages were put."""
    said = STEPS.get(fact)
    return 0 if said is None else tell_agencies(world, tx, incident, said)


def tell_action(world: World, tx: Change, incident: Incident, words: str) -> int:
    """Tell what was done about it (조치사항) in the operator's own words."""
    return tell_agencies(world, tx, incident, Said(Topic.ACTION, ReportState.CHANGED, Text(words, words)))


def tell_cameras(world: World, tx: Change, incident: Incident, grant: Grant) -> int:
    """Tell the agency of a grant how many cameras are open to it."""
    count = len(grant.cameras or ())
    words = Text(f"CCTV {count}대 영상을 열었습니다.", f"Video of {count} cameras is open.")
    return tell_agencies(world, tx, incident, Said(Topic.CAMERAS, ReportState.INTERMEDIATE, words), only=grant.agency)


def tell_ended(world: World, tx: Change, incident: Incident, *, by: AgencyId | None) -> int:
    """Tell that it is closed, and how; never the agency `by` that ended it itself."""
    found = ENDINGS.get(incident.disposition) if incident.disposition else None
    if found is None:  # it never opened: nobody was told that it began
        return 0
    return tell_agencies(world, tx, incident, Said(Topic.ENDED, *found), besides=by)


def tell_agencies(
    world: World,
    tx: Change,
    incident: Incident,
    said: Said,
    *,
    besides: AgencyId | None = None,
    only: AgencyId | None = None,
) -> int:
    """Put the news for everyone who hears of this incident; how many messages there are."""
    if incident.sandbox or not world.wires:
        return 0
    now, put = world.clock.now(), 0
    for agency, sender, occurrence in _listeners(tx, incident, now, is_end=said.topic is Topic.ENDED):
        if agency == besides or only not in (None, agency):
            continue
        news = _news(tx, incident, said, now, who=(agency, sender, occurrence))
        message = put_outgoing(tx, world, Dispatchable(agency, incident, news))
        if message is not None:
            tx.record(Fact("AgencyTold", incident.id, now, {"agency": agency, "topic": said.topic, "id": message.id}))
            put += 1
    return put


def _listeners(tx: Change, incident: Incident, now: datetime, *, is_end: bool) -> Iterator[tuple[AgencyId, str, str]]:
    """Every agency that hears of it, with the occurrence as it numbered it, or as we do when it never reported it.

    The end is told to those too whose look it has just ended.
    """
    numbered: set[AgencyId] = set()
    for source, occurrence in tx.list_sources(incident.id):
        agency, colon, sender = source.partition(":")
        if colon and agency and not source.startswith("sandbox:"):
            numbered.add(AgencyId(agency))
            yield AgencyId(agency), sender, occurrence
    for grant in tx.list_grants(incident=incident.id):
        just_closed = is_end and grant.ending is Ending.INCIDENT_CLOSED
        if grant.agency and grant.agency not in numbered and (is_in_force(grant, now) or just_closed):
            numbered.add(grant.agency)
            yield grant.agency, "", own_occurrence(incident)


def _news(tx: Change, incident: Incident, said: Said, now: datetime, *, who: tuple[AgencyId, str, str]) -> News:
    words = read_words(tx, incident.id)
    name = SERVICE_NAMES[incident.service]
    return News(
        agency=who[0],
        sender=who[1],
        occurrence=who[2],
        kind=incident.kind if who[1] else "",  # under a number of ours it is our own report
        incident_number=incident.number,
        state=said.state,
        at=now,
        content=said.words,
        topic=said.topic,
        kind_name=name.ko,
        urgent=incident.severity is Severity.CRITICAL,
        place=said.place or incident.place,
        place_words=said.place_words if said.place else str(words.get("place_words", "")),
        occurred_at=incident.occurred_at,
        drill=incident.drill,
        items=said.items,
    )
