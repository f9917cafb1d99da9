"""What goes with a unit's step: its fact, its crew's right to look, and what video must do after the commit."""

from contextlib import suppress
from dataclasses import dataclass

from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending, View
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.units.states import FACT_KINDS, Said, Step, stepped
from goldentime.city.units.unit import Unit, UnitState
from goldentime.core.errors import Conflict, MediaUnavailable
from goldentime.core.text import Text
from goldentime.flows.ports import Change
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.watching.end_crew_look import end_crew_grant, has_left, shorten_crew_grant
from goldentime.flows.watching.end_views import cut
from goldentime.flows.watching.grant_crew import restore_crew_grant
from goldentime.flows.world import ViewsEnded

NEWEST_FACTS = 200  # of an incident, in which a unit's last steps are looked for
_STEPS_ON = frozenset(FACT_KINDS.values()) - {FACT_KINDS[Step.TAKE_BACK]}


@dataclass(frozen=True, slots=True)
class Changed:
    """The unit as it now is, and what video has to do: views to cut, in which words, and views that end earlier."""

    unit: Unit
    to_cut: ViewsEnded = ()
    to_shorten: tuple[View, ...] = ()
    ending: Ending = Ending.LEFT_SCENE


def step_within(dispatch: Dispatch, tx: Change, unit: Unit, step: Step, said: Said) -> Changed:
    """The unit moved on inside the caller's transaction, with its fact, and its crew's right to look with it."""
    came_from = _came_from(tx, unit) if step is Step.TAKE_BACK else None
    after, fact = stepped(unit, step, said, came_from=came_from)
    incident = tx.find_incident(unit.incident) if unit.incident else None
    if step is Step.TAKE_BACK:
        _must_stand(tx, unit)
        if unit.state is UnitState.CLEAR:
            _must_be_open(unit, incident)
    tx.put_unit(after)
    tx.record(fact)
    actor = str(said.by or said.agency or said.who.value)
    data = {"unit": unit.id, "step": step.value, "who": "agency_key" if said.agency else said.who.value}
    tx.audit(Entry(said.at, FACT_KINDS[step], actor, unit.agency, unit.incident, data=data))
    if has_left(after) and not has_left(unit):
        return Changed(after, to_cut=end_crew_grant(dispatch, tx, unit, Ending.LEFT_SCENE, by=said.by))
    if incident is None or incident.state is State.CLOSED:
        return Changed(after)
    if step is Step.TAKE_BACK and has_left(unit):
        restore_crew_grant(dispatch, tx, after, incident, by=said.by)
    if after.state is not UnitState.ON_SCENE:
        return Changed(after)
    shorter, over = shorten_crew_grant(dispatch, tx, after)
    return Changed(after, to_cut=over, to_shorten=shorter, ending=Ending.EXPIRED)


def _came_from(tx: Change, unit: Unit) -> UnitState | None:
    """In which state the unit was before the step that led to its present one, by the record, else None."""
    for recorded in tx.list_newest_facts(unit.incident or unit.id, limit=NEWEST_FACTS):
        fact = recorded.fact
        if fact.kind not in _STEPS_ON or fact.data.get("unit") != unit.id or fact.data.get("order") != unit.order:
            continue
        if fact.data.get("to") == unit.state.value:
            return UnitState(str(fact.data["from"]))
    return None


def _must_stand(tx: Change, unit: Unit) -> None:
    order = tx.find_order(unit.order) if unit.order else None
    if order is not None and unit.id in order.withdrawn:
        words = Text(
            f"{unit.call_sign}: 취소된 출동지령이라 되돌릴 수 없습니다.",
            f"{unit.call_sign}: the order was called back; this cannot be taken back.",
        )
        raise Conflict(words)


def _must_be_open(unit: Unit, incident: Incident | None) -> None:
    if incident is None or incident.state is State.CLOSED:
        words = Text(
            f"{unit.call_sign}: 상황이 이미 종결되어 되돌릴 수 없습니다.",
            f"{unit.call_sign}: the incident is closed; this cannot be taken back.",
        )
        raise Conflict(words)


async def settle(dispatch: Dispatch, changed: Changed) -> Unit:
    """Let video follow what was decided; a dead engine shows nothing anyway."""
    await cut(dispatch.world, changed.to_cut, changed.ending)
    with suppress(MediaUnavailable):
        for view in changed.to_shorten:
            await dispatch.world.video.prolong_view(view.id, view.expires_at)
    return changed.unit
