"""Whether a unit is still on the scene of what is over: asked after a while, and free when nobody answers."""

from datetime import datetime

from goldentime.city.incidents.incident import State
from goldentime.city.units.states import Said, Step, Who, asked
from goldentime.city.units.unit import Unit, UnitState
from goldentime.flows.ports import Change, Reading
from goldentime.flows.units.dispatch import Dispatch, DispatchRules
from goldentime.flows.units.step_unit import Changed, settle, step_within


async def ask_still_on_scene(dispatch: Dispatch) -> tuple[int, int]:
    """Ask whoever is due and free whoever did not answer in time; how many of each. Called every few seconds."""
    now = dispatch.world.clock.now()
    due = await dispatch.world.store.read(lambda look: bool(_due(look, dispatch.rules, now)))
    if not due:
        return 0, 0

    def decide(tx: Change) -> tuple[int, list[Changed]]:
        questions, freed = 0, []
        for unit, is_silent in _due(tx, dispatch.rules, now):
            if is_silent:
                freed.append(step_within(dispatch, tx, unit, Step.CLEAR, Said(Who.SYSTEM, now)))
                continue
            after, fact = asked(unit, now)
            tx.put_unit(after)
            tx.record(fact)
            questions += 1
        return questions, freed

    questions, freed = await dispatch.world.store.change(decide)
    for one in freed:
        await settle(dispatch, one)
    return questions, len(freed)


def _due(look: Reading, rules: DispatchRules, now: datetime) -> list[tuple[Unit, bool]]:
    """Units to be asked (False), and those whose time to answer has run out (True)."""
    found = []
    for unit in look.list_units():
        if unit.state is not UnitState.ON_SCENE or unit.incident is None:
            continue
        incident = look.find_incident(unit.incident)
        if incident is None or incident.state is not State.CLOSED or incident.closed_at is None:
            continue
        if unit.asked_at is not None:
            if now - unit.asked_at >= rules.clear_after:
                found.append((unit, True))
            continue
        if now - max(incident.closed_at, unit.stayed_at or incident.closed_at) >= rules.ask_after:
            found.append((unit, False))
    return found
