"""How an incident reads as JSON: the queue's row, and the whole of it for whoever handles or watches it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from goldentime.city.cameras.choose import Choice, Pick, next_radius
from goldentime.city.grants.grant import ENDING_WORDS, Ending, Grant, is_in_force
from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.incidents.opening import SERVICE_NAMES
from goldentime.city.people.account import Act, may
from goldentime.core.ids import AccountId, AgencyId, UnitId
from goldentime.core.text import Text
from goldentime.edges.wire.golden_time import clock_line
from goldentime.edges.wire.pairings import pairings_of
from goldentime.edges.wire.timeline import timeline
from goldentime.edges.wire.video_control import video_control_of
from goldentime.flows.caller import Caller
from goldentime.flows.clocks.follow_clocks import read_clock
from goldentime.flows.known_city import KnownCity
from goldentime.flows.ports import Reading
from goldentime.flows.words import read_words

Json = dict[str, Any]
COMPASS = (
    Text("북쪽", "north"),
    Text("북동쪽", "north-east"),
    Text("동쪽", "east"),
    Text("남동쪽", "south-east"),
    Text("남쪽", "south"),
    Text("남서쪽", "south-west"),
    Text("서쪽", "west"),
    Text("북서쪽", "north-west"),
)


def moment(at: datetime | None) -> str | None:
    """ISO-8601 with offset, or null."""
    return at.isoformat() if at else None


def summary(look: Reading, incident: Incident) -> Json:
    """One row of the queue."""
    words = read_words(look, incident.id)
    return {
        "id": incident.id,
        "number": incident.number,
        "kind": incident.kind,
        "service": incident.service.value,
        "service_name": SERVICE_NAMES[incident.service].to_dict(),
        "title": words.get("title") or incident.title,
        "severity": incident.severity.value,
        "state": incident.state.value,
        "place": {"lon": incident.place.lon, "lat": incident.place.lat} if incident.place else None,
        "place_words": words.get("place_words") or "",
        "place_estimated": bool(incident.estimated),
        "estimate_note": json.loads(incident.estimated) if incident.estimated else None,
        "agency": _agency(look, incident.agency),
        "owner": _person(look, incident.owner),
        "acknowledged_at": moment(incident.acknowledged_at),
        "acknowledged_by": (_person(look, incident.acknowledged_by) or {}).get("name"),
        "opened_at": moment(incident.opened_at),
        "occurred_at": moment(incident.occurred_at),
        "closed_at": moment(incident.closed_at),
        "disposition": incident.disposition.value if incident.disposition else None,
        "updated_at": moment(incident.updated_at),
        "version": incident.version,
        "sender_state": incident.sender_state,
        "drill": incident.drill,
        "reports": incident.reports,
        "sandbox": incident.sandbox,
    }


def ended_row(look: Reading, incident: Incident, *, agency: AgencyId, now: datetime) -> Json:
    """All that an agency is told once none of its grants is in force: which incident, its state, and why it ended."""
    last = max((g for g in look.list_grants(incident=incident.id) if g.agency == agency), key=_end_of)
    ending = last.ending or Ending.EXPIRED
    return {
        "id": incident.id,
        "number": incident.number,
        "state": incident.state.value,
        "version": incident.version,
        "access": "ended",
        "access_ended_at": moment(min(_end_of(last), now)),
        "access_ended_text": ENDING_WORDS[ending].to_dict(),
    }


def _end_of(grant: Grant) -> datetime:
    return grant.ended_at or grant.expires_at


def row_for(look: Reading, incident: Incident, *, agency: AgencyId | None, now: datetime) -> Json:
    """The queue's row for the control room (`agency` None), or for an agency as far as its grants reach now."""
    if agency is not None:
        standing = standing_of(look.list_grants(incident=incident.id), agency, now)
        if standing is not Standing.IN_FORCE:
            return ended_row(look, incident, agency=agency, now=now)
        return summary(look, incident)
    return {**summary(look, incident), **pairings_of(look, incident.id)}


def detail(look: Reading, incident: Incident, *, city: KnownCity, caller: Caller, now: datetime) -> Json:
    """Everything the caller may read while they may read it; an agency sees its own grants and views only."""
    words = read_words(look, incident.id)
    picks = look.list_picks(incident.id)
    agency = caller.agency.id if caller.agency else None
    grants = [g for g in look.list_grants(incident=incident.id) if agency is None or g.agency == agency]
    views = [v for v in look.list_open_views(incident=incident.id) if agency is None or v.agency == agency]
    return {
        **summary(look, incident),
        **(pairings_of(look, incident.id) if agency is None else {}),
        **(video_control_of(look, incident.id) if agency is None else {}),
        "content": words.get("content") or "",
        "reporter": words.get("reporter") or "",
        "notes": words.get("notes") or [],
        "cameras": [_pick(city, pick, ring) for pick, ring in picks],
        "choice": _choice(city, incident, picks),
        "timeline": timeline(look, incident.id, agency=agency),
        "clock": _clock(look, incident, agency),
        "grants": [_grant(look, grant, now) for grant in grants],
        "views": [
            {
                "id": v.id,
                "camera_id": v.camera,
                "who": v.person,
                "agency": _agency(look, v.agency),
                "since": moment(v.opened_at),
            }
            for v in views
        ],
        "may": _may(incident, caller),
    }


def _clock(look: Reading, incident: Incident, agency: AgencyId | None) -> Json | None:
    clock = read_clock(look, incident.id, agency)
    return None if clock is None else clock_line(clock)


def _may(incident: Incident, caller: Caller) -> dict[str, bool]:
    is_open = incident.state is State.OPEN
    handles = may(caller.account.role, Act.HANDLE_INCIDENTS)
    return {
        "acknowledge": handles and incident.acknowledged_at is None,
        "take": handles and is_open and incident.owner != caller.account.id,
        "close": handles and is_open,
        "widen": (handles or caller.agency is not None) and is_open and incident.place is not None,
        "share": handles and is_open,
        "confirm_place": handles and is_open,
    }


def _choice(city: KnownCity, incident: Incident, picks: Sequence[tuple[Pick, float]]) -> Json:
    if incident.place is None:
        text = Text(
            "위치를 몰라 카메라를 고르지 못했습니다. 지도에서 위치를 확인하세요.",
            "No place is known; set it on the map.",
        )
        return {
            "radius": incident.radius,
            "next_radius": None,
            "text": text.to_dict(),
            "eligible": 0,
            "sites_in_ring": 0,
            "next_nearest": None,
        }
    choice: Choice = city.near(incident.place, wanted=max(4, len(picks)), radius=incident.radius)
    nearest = choice.next_nearest if not picks else None
    sites = {city.index.cameras[row].site_id for row in city.index.within(incident.place, incident.radius).rows}
    return {
        "radius": incident.radius,
        "next_radius": next_radius(incident.radius),
        "text": choice.text.to_dict(),
        "eligible": choice.working + choice.unregistered,
        "sites_in_ring": len(sites),
        "next_nearest": _pick(city, nearest, incident.radius) if nearest else None,
    }


def _pick(city: KnownCity, pick: Pick, ring: float) -> Json:
    camera = city.index.find(pick.camera_id)
    return {
        "camera_id": pick.camera_id,
        "site_id": pick.site_id,
        "site_name": city.site_name(pick.camera_id),
        "rank": pick.rank,
        "lon": camera.place.lon if camera else None,
        "lat": camera.place.lat if camera else None,
        "bearing": camera.bearing if camera else None,
        "field": camera.field if camera else None,
        "reach": camera.reach if camera else None,
        "distance_m": round(pick.distance_m),
        "direction": COMPASS[round(pick.direction_from_scene / 45) % 8].to_dict(),
        "facing": pick.facing.value,
        "status": (camera.status if camera else pick.status).value,
        "reasons": [reason.to_dict() for reason in pick.reasons],
        "score": round(pick.score.total, 3),
        "ring": ring,
    }


def _grant(look: Reading, grant: Grant, now: datetime) -> Json:
    state = "active" if is_in_force(grant, now) else "ended"
    if grant.ending is not None and grant.ending.value == "revoked":
        state = "revoked"
    return {
        "id": grant.id,
        "agency": _agency(look, grant.agency),
        "person": grant.person,
        "unit": _unit(look, grant.unit),
        "purpose": grant.purpose.to_dict(),
        "legal_basis": grant.legal_basis.to_dict(),
        "starts_at": moment(grant.starts_at),
        "expires_at": moment(grant.expires_at),
        "state": state,
        "ended_at": moment(grant.ended_at),
        "ended_text": ENDING_WORDS[grant.ending].to_dict() if grant.ending else None,
    }


def _agency(look: Reading, agency_id: AgencyId | None) -> Json | None:
    agency = look.find_agency(agency_id) if agency_id else None
    return {"id": agency.id, "name": agency.name.to_dict()} if agency else None


def _unit(look: Reading, unit_id: UnitId | None) -> Json | None:
    unit = look.find_unit(unit_id) if unit_id else None
    return {"id": unit.id, "name": unit.call_sign, "agency": unit.agency} if unit else None


def _person(look: Reading, account_id: AccountId | None) -> Json | None:
    account = look.find_account(account_id) if account_id else None
    return {"id": account.id, "name": account.display_name} if account else None
