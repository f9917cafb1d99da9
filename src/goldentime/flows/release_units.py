"""What becomes of units when their incident is closed: who is on the way turns back, who is there stays to be asked."""

from datetime import datetime

from goldentime.city.units.states import Said, Step, Who, may_step, stepped
from goldentime.core.ids import IncidentId
from goldentime.flows.ports import Change


def release_units(tx: Change, incident: IncidentId, now: datetime) -> int:
    """Call back, inside the closing transaction, every unit that has not arrived; how many there were."""
    released = 0
    for unit in tx.list_units(incident=incident):
        if not may_step(unit, Step.CANCEL, Who.SYSTEM):
            continue
        back, fact = stepped(unit, Step.CANCEL, Said(Who.SYSTEM, now))
        tx.put_unit(back)
        tx.record(fact)
        released += 1
    return released
