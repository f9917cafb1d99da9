"""When a reporting agency's word does not end an incident: while another's units drive to it, a person decides."""

from datetime import datetime

from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.states import updated_by_report
from goldentime.city.units.unit import UnitState
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId, CameraId, IncidentId, ViewId
from goldentime.core.text import Text
from goldentime.flows.incidents.close_incident import end_grants
from goldentime.flows.ports import Change, Reading
from goldentime.flows.watching.end_crew_look import end_agency_crews
from goldentime.flows.watching.end_views import end_views
from goldentime.messages.report import Report

UNDER_WAY = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE})
ASKED = Text(
    "종료를 받아 귀 기관의 열람을 끝냈습니다. 다른 기관 출동대가 가고 있어 관제센터가 확인한 뒤 종결합니다.",
    "Your look has ended. Another agency's units are on their way; the control room will confirm and close it.",
)


def others_drive(look: Reading, incident: IncidentId, agency: AgencyId | None) -> bool:
    """Whether units of any agency but this one are ordered to the incident and have not arrived."""
    return any(unit.state in UNDER_WAY and unit.agency != agency for unit in look.list_units(incident=incident))


def ask_to_end(
    tx: Change, incident: Incident, report: Report, now: datetime, *, agency: AgencyId | None
) -> tuple[Incident, tuple[tuple[ViewId, CameraId], ...]]:
    """The incident open still, with what its sender says; that agency and its crews look no more; a person is asked."""
    kept, fact = updated_by_report(incident, report, now, place=None)
    tx.put_incident(kept)
    tx.record(fact)
    tx.record(Fact("EndingAsked", incident.id, now, {"agency": agency, "state": report.state.value}))
    theirs = [grant for grant in tx.list_grants(incident=incident.id) if agency is not None and grant.agency == agency]
    actor = str(agency or "system")
    end_grants(tx, theirs, now, by=None, actor=actor)
    views = [view for grant in theirs for view in tx.list_open_views(grant=grant.id)]
    gone = end_views(tx, views, Ending.INCIDENT_CLOSED, now, actor=actor)
    if agency is None:
        return kept, gone
    crews = end_agency_crews(tx, agency, incident.id, now, by=None, ending=Ending.INCIDENT_CLOSED)
    return kept, (*gone, *crews)
