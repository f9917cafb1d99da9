"""Who hears that a unit's state has changed: the control room, its own agency, and its crew, who hears of its call."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from goldentime.city.units.unit import Unit
from goldentime.core.ids import UnitId
from goldentime.edges.wire.incidents import moment
from goldentime.flows.ports import Reading
from goldentime.hub.log import Recorded

Audience = tuple[str, str, str]
Json = dict[str, Any]
TELLING = ("Unit", "Support")  # how the facts begin that tell of a unit
CREW = "crew"  # ("crew", "", the unit's id): no agency, since what the agency may read is not the crew's to hear


def tell_units(
    look: Reading, facts: Sequence[Recorded], audiences: Collection[Audience], change_of: Callable[[Audience], Json]
) -> None:
    """Add the units these facts tell of to what each audience hears, and a crew's own incident when it moved on."""
    told = {str(r.fact.data["unit"]) for r in facts if r.fact.kind.startswith(TELLING) and "unit" in r.fact.data}
    for unit_id in sorted(told):
        unit = look.find_unit(UnitId(unit_id))
        if unit is None:
            continue
        row = state_row(unit)
        for audience in _who_hears(unit):
            if audience in audiences:
                change_of(audience)["units"].append(row)
    moved = {r.fact.subject: r.position for r in facts if r.fact.subject.startswith("inc-")}
    for audience in _crews(audiences) if moved else ():
        unit = look.find_unit(UnitId(audience[2]))
        if unit is not None and unit.incident in moved:
            row = {"id": unit.incident, "recorded": moved[unit.incident]}  # enough for its page to ask again
            change_of(audience)["incidents"].append(row)


def state_row(unit: Unit) -> Json:
    """What a unit does, in few words."""
    return {
        "id": unit.id,
        "call_sign": unit.call_sign,
        "agency": unit.agency,
        "state": unit.state.value,
        "state_at": moment(unit.state_at),
        "state_by": unit.state_by,
        "incident": unit.incident,
        "asked_at": moment(unit.asked_at),
        "support_at": moment(unit.support_at),
        "support_heard_at": moment(unit.support_heard_at),
        "version": unit.version,
    }


def _who_hears(unit: Unit) -> Iterable[Audience]:
    return ("city", "", ""), ("agency", unit.agency, ""), (CREW, "", unit.id)


def _crews(audiences: Iterable[Audience]) -> list[Audience]:
    return [audience for audience in audiences if audience[0] == CREW]
