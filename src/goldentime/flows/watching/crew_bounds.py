"""How long a crew's look truly lasts: never longer than its agency's own grants at the incident."""

from collections.abc import Sequence
from datetime import datetime

from goldentime.city.grants.grant import Grant, View, is_in_force
from goldentime.city.grants.policy import within_agency
from goldentime.city.units.unit import Unit
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.flows.ports import Reading


def list_bounded_grants(look: Reading, incident: IncidentId) -> Sequence[Grant]:
    """The incident's grants, each crew's ending with its agency's at the latest.

    Bounded when it is read, not when it is stored: an agency's grant that is prolonged takes its crews' along.
    """
    grants = look.list_grants(incident=incident)
    return [_bounded(look, grant, grants) for grant in grants]


def find_crew_grant(look: Reading, unit: Unit, at: datetime) -> Grant | None:
    """The unit's own grant for the incident it is on, bounded by its agency's; None when it may not look now."""
    if unit.incident is None:
        return None
    theirs = (grant for grant in list_bounded_grants(look, unit.incident) if grant.unit == unit.id)
    return next((grant for grant in reversed(list(theirs)) if is_in_force(grant, at)), None)


def list_crew_views(look: Reading, agency: AgencyId, incident: IncidentId) -> Sequence[tuple[View, Grant]]:
    """What the agency's crews have open at the incident, each with its bounded grant."""
    units = {unit.id for unit in look.list_units(agency=agency, incident=incident)}
    theirs = [grant for grant in list_bounded_grants(look, incident) if grant.unit in units]
    return [(view, grant) for grant in theirs for view in look.list_open_views(grant=grant.id)]


def agency_of(look: Reading, view: View) -> AgencyId | None:
    """The agency that looks, a crew for its unit's; None for the control room."""
    grant = look.find_grant(view.grant) if view.agency is None else None
    unit = look.find_unit(grant.unit) if grant is not None and grant.unit is not None else None
    return view.agency if unit is None else unit.agency


def _bounded(look: Reading, grant: Grant, grants: Sequence[Grant]) -> Grant:
    if grant.unit is None or grant.ended_at is not None:
        return grant
    unit = look.find_unit(grant.unit)
    return within_agency(grant, grants, None if unit is None else unit.agency)
