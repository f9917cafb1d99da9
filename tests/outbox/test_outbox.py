"""What we tell agencies reaches each of them once and in order, whatever happens to them, the line or us on the way."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from fakes.agency_line import AgencyLine, SpokenPlain
from fakes.clock import TickingClock
from fakes.fleet import Seen
from fakes.room import CROSSING, PlainLinkage, Room
from fakes.town import FIRE, POLICE, Town
from goldentime.city.incidents.incident import Disposition, Incident
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.ids import UnitId
from goldentime.core.text import Text
from goldentime.edges.wire.links import link_rows
from goldentime.flows.carrier import Silence
from goldentime.flows.channel import Channel
from goldentime.flows.close_incident import close_incident
from goldentime.flows.destroy_expired import destroy_expired
from goldentime.flows.dispatch import Dispatch
from goldentime.flows.grant_agency import share_incident
from goldentime.flows.handle_incident import step_incident
from goldentime.flows.keep_note import note_action
from goldentime.flows.link_health import LinkHealth
from goldentime.flows.send_outgoing import GIVEN_UP_AFTER, Outbox
from goldentime.flows.send_units import send_units
from goldentime.flows.tell_agencies import Said, tell_agencies
from goldentime.messages.exchange import Outcome, Outgoing, Sender
from goldentime.messages.news import Reply, Topic, Verdict
from goldentime.messages.outgoing import OutgoingState
from goldentime.messages.report import Report, ReportState

either = pytest.mark.parametrize("standard", [False, True], ids=["by our number", "by the standard"])
HERE = [CROSSING.lon, CROSSING.lat]


@dataclass
class Centre:
    """A control room with a line to the police and one to the fire service."""

    standard: bool = False
    room: Room = field(default_factory=lambda: Room(Town(clock=TickingClock())))
    police: AgencyLine = field(default_factory=AgencyLine)
    fire: AgencyLine = field(default_factory=AgencyLine)

    def __post_init__(self) -> None:
        self.police.standard = self.fire.standard = self.standard
        spoken = SpokenPlain()
        self.room.world = replace(self.room.world, wires={POLICE: spoken, FIRE: spoken})
        self.room.intake = type(self.room.intake)(self.room.world, {"plain": self.room.intake._linkages["plain"]})
        self.links = LinkHealth(self.room.town.clock, lambda: None)
        self.links.agencies = list(self.room.store.rows.agencies.values())
        self.start()

    def start(self) -> None:
        """Begin anew, as after a crash: only what is stored is left."""
        lanes = [Channel(POLICE, "wire", self.police), Channel(FIRE, "wire", self.fire)]
        self.outbox = Outbox(self.room.world, lanes, self.links)

    async def reported(self, occurrence: str = "20261123120000001") -> Incident:
        await self.room.hear(occurrence=occurrence, place=HERE)
        return max((one for one in self.room.incidents if not one.sandbox), key=lambda one: one.number)

    async def do(self, incident: Incident, *steps: str) -> None:
        caller = await self.room.caller("kim")
        for step in steps:
            if step in ("acknowledge", "take", "release"):
                await step_incident(self.room.world, caller, incident.id, step)
            elif step == "close":
                handled = Disposition.HANDLED
                await close_incident(self.room.world, caller, incident.id, disposition=handled)
            else:
                await note_action(self.room.world, caller, incident.id, step)

    async def go_on(self, *, minutes: float, every: float = 1.0) -> None:
        """Let the time pass in which the outbox would look again and again."""
        for _ in range(int(minutes * 60 / every)):
            await self.outbox.turn()
            self.room.town.clock.pass_(seconds=every)

    def waiting(self) -> int:
        return sum(1 for o in self.room.store.rows.outgoing.values() if o.state is OutgoingState.WAITING)


async def send(centre: Centre, incident: Incident) -> None:
    """Order a patrol car to it, as a dispatcher does."""
    car = Unit(UnitId("순21"), POLICE, "순21호", UnitKind.PATROL, CROSSING)
    centre.room.store.seed(lambda tx: tx.put_unit(car))
    dispatch = Dispatch(centre.room.world, Seen())
    await send_units(dispatch, await centre.room.caller("kim"), incident.id, [car.id])


@either
async def test_each_step_is_told_in_order_with_the_agencys_own_number_and_the_words(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "acknowledge", "take", "현장에 경관 두 명을 안내했습니다.", "close")
    await centre.outbox.turn()
    await centre.go_on(minutes=1)
    assert [(one["number"], one["state"]) for one in centre.police.taken] == [
        ("20261123120000001-1", "intermediate"),
        ("20261123120000001-2", "intermediate"),
        ("20261123120000001-3", "changed"),
        ("20261123120000001-4", "cleared"),
    ]
    assert centre.police.taken[2]["content"] == "현장에 경관 두 명을 안내했습니다."
    assert {one["sender"] for one in centre.police.taken} == {"P41"}
    assert centre.fire.came == []  # it neither reported it nor may look


@either
async def test_thirty_minutes_down_lose_and_repeat_nothing_and_keep_each_incidents_order(*, standard: bool) -> None:
    centre = Centre(standard)
    incidents = [await centre.reported(f"2026112312000000{n}") for n in range(5)]
    centre.police.down = True
    for step in ("acknowledge", "take", "순찰차를 보냈습니다.", "close"):
        for incident in incidents:
            await centre.do(incident, step)
        await centre.go_on(minutes=7.5, every=3)
    assert (centre.police.came, centre.waiting()) == ([], 20)
    centre.police.down = False
    await centre.go_on(minutes=2)
    assert (len(centre.police.taken), centre.waiting()) == (20, 0)
    assert len(centre.police.came) == (25 if standard else 20)  # the second 20 of each goes again, numbered by itself
    for number in range(5):
        theirs = [one["number"] for one in centre.police.taken if one["number"].startswith(f"2026112312000000{number}")]
        assert theirs == [f"2026112312000000{number}-{k}" for k in range(1, 5)]


async def test_while_an_address_is_down_it_is_knocked_at_once_in_a_minute_not_for_every_message() -> None:
    centre = Centre()
    knocks = 0
    send = centre.police.send

    async def counted(message, parts):
        nonlocal knocks
        knocks += 1
        return await send(message, parts)

    centre.police.send = counted  # type: ignore[method-assign]
    centre.police.down = True
    for number in range(30):
        await centre.do(await centre.reported(f"202611231200{number:05d}"), "take")
    await centre.go_on(minutes=30, every=3)
    assert 25 <= knocks <= 50


@either
async def test_an_answer_lost_on_the_way_repeats_the_same_bytes_and_nothing_is_taken_twice(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "take", "close")
    centre.police.dies_answering = 2
    await centre.go_on(minutes=5, every=3)
    assert len(centre.police.came) == 4
    assert centre.police.came[0] == centre.police.came[1] == centre.police.came[2]
    assert [one["number"][-2:] for one in centre.police.taken] == ["-1", "-2"]
    assert centre.waiting() == 0


@either
async def test_a_platform_that_dies_between_sending_and_noting_it_sends_the_same_again(*, standard: bool) -> None:
    centre = Centre(standard)
    await centre.do(await centre.reported(), "take")
    centre.police.verdict = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)  # killed with the frame on the line
    try:
        await centre.outbox.turn()
    except KeyboardInterrupt:
        centre.police.verdict = lambda _: Reply(Verdict.TAKEN)
    first = centre.police.came[0]
    centre.start()
    await centre.outbox.turn()
    assert centre.police.came == [first, first]
    assert (len(centre.police.taken), centre.waiting()) == (1, 0)


async def test_exists_is_believed_only_of_what_may_have_arrived_before() -> None:
    centre = Centre()
    centre.police.verdict = lambda _: Reply(Verdict.EXISTS, "4100")
    incident = await centre.reported()
    await centre.do(incident, "close")  # nothing was said under this number before
    await centre.go_on(minutes=1)
    (message,) = centre.room.store.rows.outgoing.values()
    assert (message.state, message.problem) == ("refused", "4100")
    assert [fact.data["reason"] for fact in centre.room.store.facts("AgencyNotTold")] == ["4100"]


async def test_one_dead_address_holds_up_no_answer_to_another() -> None:
    centre, asked = Centre(), []

    class Lines:
        async def send(self, message, parts):
            asked.append(parts["url"])
            return Silence(reached=False, why="unreachable") if b"dead" in parts["url"] else Reply(Verdict.TAKEN)

    origins = frozenset({"https://112.example"})
    centre.room.store.seed(lambda tx: tx.put_agency(replace(tx.find_agency(POLICE), origins=origins)))
    centre.room.intake = type(centre.room.intake)(centre.room.world, {"plain": CalledBack()})
    for number in range(1, 4):
        await centre.room.hear(occurrence=f"{number}", place=HERE, callback="https://112.example/dead")
    await centre.room.hear(occurrence="1", state="changed", callback="https://112.example/live")
    outbox = Outbox(centre.room.world, [Channel(POLICE, "callback", Lines())], centre.links)
    await outbox.turn()
    assert asked == [b"https://112.example/dead", b"https://112.example/live"]


async def test_a_change_that_fails_tells_nobody() -> None:
    centre = Centre()
    incident = await centre.reported()

    def decide(tx):
        said = Said(Topic.STATUS, ReportState.INTERMEDIATE, Text("확인", "seen"))
        assert tell_agencies(centre.room.world, tx, incident, said) == 1
        raise ZeroDivisionError

    try:
        await centre.room.store.change(decide)
    except ZeroDivisionError:
        await centre.outbox.turn()
    assert (centre.police.came, centre.room.store.rows.outgoing) == ([], {})


async def test_a_refused_message_is_shown_with_its_reason_and_lets_those_behind_it_pass() -> None:
    centre = Centre()
    centre.police.verdict = lambda told: Reply(
        Verdict.REFUSED if told["state"] == "changed" else Verdict.TAKEN, "4102", "상태코드 오류"
    )
    incident = await centre.reported()
    await centre.do(incident, "take", "확인했습니다.", "close")
    await centre.go_on(minutes=1)
    states = [(o.state, o.problem) for o in sorted(centre.room.store.rows.outgoing.values(), key=lambda o: o.sequence)]
    assert states == [("sent", ""), ("refused", "4102"), ("sent", "")]
    assert [fact.data["reason"] for fact in centre.room.store.facts("AgencyNotTold")] == ["4102"]


@either
async def test_one_incident_the_other_side_cannot_take_now_holds_up_no_other(*, standard: bool) -> None:
    centre = Centre(standard)
    stuck, other = await centre.reported("20261123120000001"), await centre.reported("20261123120000002")
    centre.police.verdict = lambda told: Reply(Verdict.LATER if told["about"] == stuck.number else Verdict.TAKEN)
    await centre.do(stuck, "take", "close")
    await centre.do(other, "take", "close")
    await centre.go_on(minutes=1)
    assert [one["about"] for one in centre.police.taken] == [other.number] * 2
    centre.police.verdict = lambda _: Reply(Verdict.TAKEN)
    await centre.go_on(minutes=2)
    assert [one["number"][-2:] for one in centre.police.taken[2:]] == ["-1", "-2"]


@either
async def test_the_agency_that_ended_it_hears_no_echo_but_one_that_looks_on_does(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await share_incident(centre.room.world, await centre.room.caller("kim"), incident.id, FIRE)
    await centre.room.hear(occurrence="20261123120000001", state="ended")
    await centre.go_on(minutes=1)
    assert centre.police.came == []
    assert [one["state"] for one in centre.fire.taken] == ["occurred", "ended"]
    assert centre.fire.taken[0]["content"] == "CCTV 4대 영상을 열었습니다."
    assert centre.fire.taken[0]["number"] == "20261123000000001-1"  # ours, since they have none


@either
async def test_an_agency_that_only_looked_on_hears_that_the_operator_closed_it(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await share_incident(centre.room.world, await centre.room.caller("kim"), incident.id, FIRE)
    await centre.do(incident, "close")
    await centre.go_on(minutes=1)
    assert [one["state"] for one in centre.fire.taken] == ["occurred", "cleared"]
    await centre.do(incident, "종결 뒤의 조치")  # what comes after is not its business any more
    await centre.go_on(minutes=1)
    assert len(centre.fire.taken) == 2


async def test_nothing_of_a_sandbox_and_nothing_to_an_agency_without_a_line_ever_leaves() -> None:
    centre = Centre()
    await centre.room.hear(Sender(POLICE, frozenset(), sandbox=True), occurrence="20261123120000009", place=HERE)
    trial = next(i for i in centre.room.incidents if i.sandbox)
    await centre.do(trial, "close")
    centre.room.world = replace(centre.room.world, wires={})
    await centre.do(await centre.reported(), "take")
    assert centre.room.store.rows.outgoing == {}


async def test_what_nobody_took_for_three_days_is_given_up_on_record() -> None:
    centre = Centre()
    centre.police.down = True
    await centre.do(await centre.reported(), "take")
    centre.room.town.clock.pass_(seconds=GIVEN_UP_AFTER["wire"].total_seconds() + 1)
    await centre.outbox.turn()
    (message,) = centre.room.store.rows.outgoing.values()
    assert (message.state, message.problem) == ("given_up", "too_old")


async def test_a_message_whose_words_were_destroyed_is_given_up_and_never_sent() -> None:
    centre = Centre()
    centre.police.down = True
    await centre.do(await centre.reported(), "take")
    clock = centre.room.town.clock
    centre.room.world = replace(
        centre.room.world, rules=replace(centre.room.world.rules, personal_data_kept=timedelta(days=1))
    )
    clock.pass_(days=91)
    await destroy_expired(centre.room.store, clock, kept=timedelta(days=90))
    centre.police.down = False
    await centre.outbox.turn()
    assert centre.police.came == []
    assert centre.waiting() == 0


@either
async def test_an_order_goes_out_in_its_turn_between_the_news(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "take")
    await send(centre, incident)
    await centre.do(incident, "close")
    await centre.go_on(minutes=1)
    assert [(one["number"], one["state"]) for one in centre.police.taken] == [
        ("20261123120000001-1", "intermediate"),
        ("GO-20261123-0001-2", "occurred"),
        ("GO-20261123-0001-3", "cancelled"),  # nobody had arrived
        ("20261123120000001-4", "cleared"),
    ]


async def test_the_light_tells_since_when_it_fails_how_much_waits_and_when_it_is_well_again() -> None:
    centre = Centre()
    centre.police.down = True
    incident = await centre.reported()
    began = centre.room.town.clock.now()
    await centre.do(incident, "take", "close")
    await centre.go_on(minutes=3)
    await centre.outbox.count()
    row = next(one for one in link_rows(centre.links) if one["id"] == POLICE)
    (out,) = [light for light in row["lights"] if light["direction"] == "out"]
    assert (row["state"], out["waiting"]) == ("failed", 2)
    assert began <= datetime.fromisoformat(out["failing_since"]) <= began + timedelta(seconds=1)
    assert out["detail"]["ko"] == "상대에 연결할 수 없습니다. 2건이 기다립니다."
    centre.police.down = False
    await centre.go_on(minutes=2)
    await centre.outbox.count()
    row = next(one for one in link_rows(centre.links) if one["id"] == POLICE)
    assert (row["state"], row["waiting"]) == ("healthy", 0)


class CalledBack(PlainLinkage):
    """A linkage whose senders name an address for our answer."""

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:
        if not any(str(report.callback).startswith(origin) for origin in origins):
            return None
        return Outgoing(str(report.callback), outcome.kind.value.encode(), "text/plain")


async def test_our_answer_to_the_address_a_sender_named_waits_in_the_outbox_with_what_was_decided() -> None:
    centre = Centre()
    origins = frozenset({"https://112.example"})
    centre.room.store.seed(lambda tx: tx.put_agency(replace(tx.find_agency(POLICE), origins=origins)))
    centre.room.intake = type(centre.room.intake)(centre.room.world, {"plain": CalledBack()})
    await centre.room.hear(occurrence="1", place=HERE, callback="https://112.example/answers")
    await centre.room.hear(occurrence="1", state="changed", callback="https://112.example/answers")
    await centre.room.hear(occurrence="2", place=HERE, callback="https://evil.example/")
    await centre.room.hear(
        Sender(POLICE, frozenset(), sandbox=True), occurrence="3", place=HERE, callback="https://112.example/answers"
    )
    heads = await centre.room.store.read(lambda look: look.list_heads(POLICE, "callback", centre.room.town.clock.now()))
    sealed = centre.room.store.rows.sealed
    assert [(sealed[f"outgoing/{one.id}", "body"], sealed[f"outgoing/{one.id}", "url"]) for one in heads] == [
        (b"opened", b"https://112.example/answers")
    ]
    assert [(o.sequence, o.occurrence) for o in centre.room.store.rows.outgoing.values()] == [(1, "1"), (2, "1")]
