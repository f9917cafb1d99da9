"""A crew's own look at the incident it is on, and for which agency anybody looks."""

from datetime import datetime

from goldentime.city.grants.grant import Grant, View, is_in_force
from goldentime.city.units.unit import Unit
from goldentime.core.ids import AgencyId
from goldentime.flows.ports import Reading


def find_crew_grant(look: Reading, unit: Unit, at: datetime) -> Grant | None:
    """The unit's own grant for the incident it is on; None when it may not look at that time.

    It lasts as its own says, also when its agency's desks have run out of time; what is taken from the agency is
    taken from its crews as it happens (`end_agency_crews`).
    """
    if unit.incident is None:
        return None
    theirs = [g for g in look.list_grants(incident=unit.incident) if g.unit == unit.id and is_in_force(g, at)]
    return theirs[-1] if theirs else None


def agency_of(look: Reading, view: View) -> AgencyId | None:
    """The agency that looks, a crew for its unit's; None for the control room."""
    grant = look.find_grant(view.grant) if view.agency is None else None
    unit = look.find_unit(grant.unit) if grant is not None and grant.unit is not None else None
    return view.agency if unit is None else unit.agency
