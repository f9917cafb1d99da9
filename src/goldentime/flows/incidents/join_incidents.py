"""How an operator joins two incidents, tells them apart or takes that back; each keeps its number, grants, state."""

from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.nature import Nature
from goldentime.city.incidents.pairing import Cause, Pairing, PairStep, stepped
from goldentime.city.incidents.same import Trace, compare
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.ids import IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.compare_incidents import new_pairing
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.ports import Change
from goldentime.flows.world import World


async def step_pairing(
    world: World, caller: Caller, incident_id: IncidentId, other_id: IncidentId, step: PairStep
) -> Pairing:
    """Join, separate or reconsider the two; raises NotFound, or Conflict for a step that does not follow or is late."""

    def decide(tx: Change) -> Pairing:
        now = world.clock.now()
        incident, other = _get(tx, incident_id), _get(tx, other_id)
        if incident.id == other.id:
            raise Conflict(Text("같은 상황입니다.", "This is the same incident."))
        if incident.drill is not other.drill:
            raise Conflict(
                Text("훈련과 실제 상황은 묶을 수 없습니다.", "A drill and a real incident cannot be joined.")
            )
        if step is not PairStep.SEPARATE and (over := next((o for o in (incident, other) if not _is_open(o)), None)):
            raise Conflict(
                Text(
                    f"{over.number}: 종결된 상황은 묶을 수 없습니다.", f"{over.number} is closed and cannot be joined."
                )
            )
        known = tx.find_pairing(incident.id, other.id)
        if known is None and step is not PairStep.JOIN:
            raise NotFound(Text("제안되거나 묶인 적이 없습니다.", "They were neither suggested nor joined."))
        pairing = known or _by_hand(tx, incident, other, now)
        done, facts = stepped(pairing, step, now, caller.account.id, fresh=known is None)
        tx.put_pairing(done)
        for fact in facts:
            tx.record(fact)
        data = {"with": other.id, "cause": done.cause.value}
        tx.audit(Entry(now, facts[0].kind, caller.account.id, None, incident.id, data=data))
        return done

    return await world.store.change(decide)


def _get(tx: Change, incident_id: IncidentId) -> Incident:
    incident = get_incident(tx, incident_id)
    if incident.sandbox:
        raise NotFound(Text("그런 상황이 없습니다.", "There is no such incident."))
    return incident


def _is_open(incident: Incident) -> bool:
    return incident.state is State.OPEN


def _by_hand(tx: Change, incident: Incident, other: Incident, now: datetime) -> Pairing:
    a, b = (tx.find_trace(one.id) or _bare(one) for one in (incident, other))
    return new_pairing(a, b, compare(a, b), now, cause=Cause.HAND)


def _bare(incident: Incident) -> Trace:
    """What can be said of one whose trace is gone."""
    source = str(incident.agency or "")
    return Trace(
        incident.id, incident.occurred_at, incident.place, 0.0, Nature.UNKNOWN, frozenset(), "", source, incident.drill
    )
