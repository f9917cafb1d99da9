"""How a stamp is set right by hand and taken back, on record; the incident's own and its reporter's are one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.golden_time import BY_HAND, CONTROL_ROOM, Stamp, corrections
from goldentime.city.incidents.incident import Incident
from goldentime.city.people.account import Act, must
from goldentime.core.errors import Conflict, OperatorsError
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.clocks.follow_clocks import MOST_FACTS, blank_clock, read_clocks
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.ports import Change
from goldentime.flows.world import World

LONG_BEFORE = timedelta(days=400)  # no stamp is set as long before its incident


@dataclass(frozen=True, slots=True)
class WrongStamp:
    """One stamp of an incident: of the agency's own units and look, or of the incident itself and its reporter."""

    incident: IncidentId
    stamp: Stamp
    agency: str | None = None

    def told(self) -> dict[str, str]:
        """As it stands in facts and on record."""
        return {"stamp": self.stamp.value, **({"agency": self.agency} if self.agency else {})}


async def correct_stamp(world: World, caller: Caller, wrong: WrongStamp, *, at: datetime, reason: str) -> None:
    """Set a stamp right by hand, on record with its reason; raises NotFound, or OperatorsError for one to come."""
    must(caller.account.role, Act.HANDLE_INCIDENTS)
    if not reason.strip():
        raise OperatorsError(Text("바로잡는 까닭을 적어 주십시오.", "Say why it is corrected."))

    def decide(tx: Change) -> None:
        now = world.clock.now()
        incident = get_incident(tx, wrong.incident)
        if at > now:
            raise OperatorsError(Text("아직 오지 않은 시각입니다.", "That moment is yet to come."))
        if at < incident.opened_at - LONG_BEFORE:
            raise OperatorsError(Text("이 상황보다 너무 오래전입니다.", "That moment is long before the incident."))
        meant = _meant(wrong, incident)
        if meant.agency and meant.agency not in {clock.whose for clock in read_clocks(tx, incident.id)}:
            raise OperatorsError(
                Text("이 상황에서 시각을 재지 않는 기관입니다.", "That agency has no clock of this incident.")
            )
        told = {**meant.told(), "moment": at.isoformat()}
        position = tx.record(Fact("ClockCorrected", incident.id, now, {**told, "by": caller.account.id}))
        ends_at = incident.opened_at + world.rules.personal_data_kept
        tx.seal(f"incident/{incident.id}", f"correction/{position}", reason.strip().encode(), ends_at=ends_at)
        tx.audit(Entry(now, "ClockCorrected", caller.account.id, None, incident.id, data=told))

    await world.store.change(decide)


async def take_back_correction(
    world: World, caller: Caller, wrong: WrongStamp, *, seen: datetime | None = None
) -> None:
    """Let the stamp stand again as it did before its last correction, on record; OperatorsError if there is none.

    `seen` is the moment that the person wants undone: Conflict when somebody has corrected it to another one since.
    """
    must(caller.account.role, Act.HANDLE_INCIDENTS)

    def decide(tx: Change) -> None:
        incident, now = get_incident(tx, wrong.incident), world.clock.now()
        told = _meant(wrong, incident).told()
        facts = (one.fact for one in tx.list_facts(subject=incident.id, limit=MOST_FACTS) if one.fact.kind in BY_HAND)
        standing = corrections(blank_clock(incident), facts, wrong.agency).get(wrong.stamp)
        if not standing:
            raise OperatorsError(Text("바로잡은 적이 없는 시각입니다.", "That stamp was not corrected."))
        if seen is not None and standing[-1] != seen:
            raise Conflict(
                Text("그 뒤에 다른 시각으로 다시 바로잡혔습니다.", "It has been corrected to another moment since.")
            )
        tx.record(Fact("ClockCorrectionTakenBack", incident.id, now, {**told, "by": caller.account.id}))
        tx.audit(Entry(now, "ClockCorrectionTakenBack", caller.account.id, None, incident.id, data=told))

    await world.store.change(decide)


def _meant(wrong: WrongStamp, incident: Incident) -> WrongStamp:
    """The stamp as it goes on record: what is the reporter's is the incident's own, and names no agency."""
    return replace(wrong, agency=None) if wrong.agency == (incident.agency or CONTROL_ROOM) else wrong
