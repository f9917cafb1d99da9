"""How an operator acknowledges, takes and releases an incident."""

from collections.abc import Callable

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.states import acknowledged, released, taken
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.outgoing.tell_agencies import tell_step
from goldentime.flows.ports import Change
from goldentime.flows.world import World

STEPS: dict[str, Callable[..., tuple[Incident, Fact]]] = {
    "acknowledge": acknowledged,
    "take": taken,
    "release": released,
}


async def step_incident(world: World, caller: Caller, incident_id: IncidentId, step: str) -> Incident:
    """Acknowledge, take or release; raises NotFound or Conflict."""

    def decide(tx: Change) -> Incident:
        now = world.clock.now()
        incident, fact = STEPS[step](get_incident(tx, incident_id), caller.account.id, now)
        tx.put_incident(incident)
        tx.record(fact)
        tx.audit(Entry(now, fact.kind, caller.account.id, None, incident.id))
        tell_step(world, tx, incident, fact.kind)
        return incident

    return await world.store.change(decide)
