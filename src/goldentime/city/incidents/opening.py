"""What an incident looks like at its birth, from a report or from an operator's hand."""

import re
from dataclasses import dataclass
from datetime import datetime

from goldentime.city.incidents.incident import Incident, Service, Severity, State
from goldentime.city.incidents.nature import Nature
from goldentime.core.fact import Fact
from goldentime.core.ids import AccountId, AgencyId, IncidentId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.messages.report import Report

SERVICE_NAMES: dict[Service, Text] = {
    Service.VIDEO_112: Text("112 긴급영상", "112 emergency video"),
    Service.DISPATCH_112: Text("112 출동지원", "112 dispatch support"),
    Service.DISPATCH_119: Text("119 출동지원", "119 dispatch support"),
    Service.DISASTER: Text("재난상황", "Disaster response"),
    Service.VULNERABLE: Text("사회적 약자", "Vulnerable people"),
    Service.WANTED_VEHICLE: Text("수배차량", "Wanted vehicle"),
    Service.ANKLET: Text("전자발찌", "Anklet alarm"),
    Service.SAFE_RETURN: Text("안심귀가", "Safe return"),
    Service.FACILITY: Text("시설물", "Facility"),
    Service.TRAFFIC: Text("교통", "Traffic"),
    Service.EVENT: Text("일반 이벤트", "Plain event"),
    Service.MANUAL: Text("관제 개설", "Opened by control room"),
}
_CODE = re.compile(r"[0-9A-Za-z_.\-]{1,20}")
_GRAVE = frozenset({Service.VIDEO_112, Service.DISPATCH_112, Service.DISPATCH_119, Service.ANKLET, Service.DISASTER})


@dataclass(frozen=True, slots=True)
class Birth:
    """What is new about an incident that opens: its names, its time and where it is."""

    id: IncidentId
    number: str
    at: datetime
    place: LonLat | None
    estimated: str = ""
    radius: float = 500.0
    received: datetime | None = None  # when its message came in, which in a flood is before it opens
    drill: bool = False
    nature: Nature = Nature.UNKNOWN


def severity_of(service: Service, *, urgent: bool) -> Severity:
    """Urgent reports of the emergency services are critical; other urgent ones a warning; the rest by service."""
    if urgent:
        return Severity.CRITICAL if service in _GRAVE else Severity.WARNING
    return Severity.WARNING if service in _GRAVE else Severity.NOTICE if service is Service.EVENT else Severity.CAUTION


def service_of(report: Report) -> Service:
    """The service the linkage's own kind table named; a kind unknown to us is a plain event."""
    try:
        return Service(report.service)
    except ValueError:
        return Service.EVENT


def opened_by_report(report: Report, birth: Birth, *, agency: AgencyId | None, sandbox: bool) -> tuple[Incident, Fact]:
    """The incident a report opens, with its fact; the title is the service's, since a sender's words may name a person.

    So may a kind that looks like no code; it is left out.
    """
    service = service_of(report)
    incident = Incident(
        id=birth.id,
        number=birth.number,
        service=service,
        kind=report.kind if _CODE.fullmatch(report.kind) else "",
        title=SERVICE_NAMES[service].ko,
        severity=severity_of(service, urgent=report.urgent),
        state=State.OPEN,
        opened_at=birth.at,
        occurred_at=report.occurred_at,
        updated_at=birth.at,
        place=birth.place,
        estimated=birth.estimated,
        radius=birth.radius,
        agency=agency,
        sender_state=report.state.value,
        reports=1,
        drill=report.drill or birth.drill,
        sandbox=sandbox,
        scene=birth.place,
        told_place=report.place,
    )
    return incident, _opened(incident, None, birth)


def opened_by_hand(birth: Birth, *, service: Service, severity: Severity, by: AccountId) -> tuple[Incident, Fact]:
    """The incident an operator opens; acknowledged and owned by them from the start."""
    incident = Incident(
        id=birth.id,
        number=birth.number,
        service=service,
        kind="MANUAL",
        title=SERVICE_NAMES[service].ko,
        severity=severity,
        state=State.OPEN,
        opened_at=birth.at,
        occurred_at=birth.at,
        updated_at=birth.at,
        place=birth.place,
        radius=birth.radius,
        owner=by,
        acknowledged_at=birth.at,
        acknowledged_by=by,
        drill=birth.drill,
        scene=birth.place,
    )
    return incident, _opened(incident, by, birth)


def title_of(report: Report) -> str:
    """The most telling of the kind's own words: the detail (강도), else the kind's name, else its code."""
    return report.detail_words.strip() or report.kind_name.strip() or report.kind


def _opened(incident: Incident, by: AccountId | None, birth: Birth) -> Fact:
    data = {
        "service": incident.service.value,
        "severity": incident.severity.value,
        "kind": incident.kind,
        "by": by,
        "occurred": incident.occurred_at.isoformat(),
        "received": (birth.received or incident.opened_at).isoformat(),
        "nature": birth.nature.value,
    }
    return Fact("IncidentOpened", incident.id, incident.opened_at, data)
