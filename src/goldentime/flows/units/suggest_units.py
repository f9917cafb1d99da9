"""Who should go to an incident: its run card, every unit where it now is, and the real time each needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.pairing import PairState
from goldentime.city.units.recommend import Candidate, Filled, Suggested, fill_wants, rank_units
from goldentime.city.units.run_cards import Call, RunCard, find_card
from goldentime.city.units.unit import BUSY, Unit, UnitKind, UnitState
from goldentime.core.clock import KST
from goldentime.core.ids import AgencyId, IncidentId, UnitId
from goldentime.core.place import LonLat, distance_metres
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Reading
from goldentime.flows.units.dispatch import Dispatch, get_open_incident, may_be_sent
from goldentime.flows.units.find_here import find_here
from goldentime.flows.units.reckon_arrivals import seconds_to
from goldentime.flows.words import read_words

NO_PLACE = Text(
    "위치를 몰라 도착 순서를 계산하지 못했습니다. 지도에서 위치를 확인하세요.",
    "No place is known, so arrivals cannot be reckoned; set it on the map.",
)
NO_CARD = Text("정해진 편성 기준이 없는 상황입니다.", "No run card is set for this kind of incident.")


@dataclass(frozen=True, slots=True)
class Advice:
    """What is suggested: every unit the caller may see, best first; who decides is the dispatcher.

    `without_right` are agencies whose units could go once the incident is shared with them.
    """

    incident: Incident
    card: RunCard | None
    suggested: tuple[Suggested, ...]
    filled: tuple[Filled, ...]
    units: dict[UnitId, Unit]
    notes: tuple[Text, ...]
    without_right: frozenset[AgencyId]
    at: datetime


async def suggest_units(dispatch: Dispatch, caller: Caller, incident_id: IncidentId) -> Advice:
    """The advice as of now; raises NotFound, Refused, or Conflict when the incident is closed."""
    now = dispatch.world.clock.now()

    def ask(look: Reading) -> tuple[Incident, RunCard | None, Sequence[Unit], frozenset[AgencyId], dict[str, str]]:
        incident = get_open_incident(look, incident_id, caller, now)
        agency, only = caller.agency, caller.session.incident  # who came by a code sees who is on its way, no fleet
        units = look.list_units(agency=agency.id if agency else None, incident=IncidentId(only) if only else None)
        agencies = {unit.agency for unit in units}
        without = frozenset(agency for agency in agencies if not may_be_sent(look, agency, incident_id, now))
        return incident, card_of(dispatch, look, incident), units, without, _joined(look, incident.id)

    incident, card, units, without, joined = await dispatch.world.store.read(ask)
    wants = card.wants if card else ()
    candidates = [
        replace(one, joined=joined.get(one.unit.incident or "", "") if _is_out(one.unit) else "")
        for one in _candidates(dispatch, incident, units, now)
    ]
    notes = () if card else (NO_CARD,)
    if incident.place is None:
        seconds, notes = [inf] * len(units), (*notes, NO_PLACE)
    else:
        heres = [find_here(dispatch, unit, now) for unit in units]
        seconds, note = seconds_to(dispatch.world.city, incident.place, heres, units)
        notes = (*notes, note) if note else notes
    suggested = rank_units(wants, candidates, seconds)
    filled = fill_wants(wants, suggested)
    return Advice(incident, card, suggested, filled, {u.id: u for u in units}, notes, without, now)


def _joined(look: Reading, incident: IncidentId) -> dict[str, str]:
    """The numbers of all incidents joined with this one, also by way of others, by id."""
    found: dict[str, str] = {}
    left = [incident]
    while left:
        at = left.pop()
        for pairing in look.list_pairings(at):
            other = look.find_incident(pairing.other(at)) if pairing.state is PairState.JOINED else None
            if other is not None and other.id != incident and other.id not in found:
                found[other.id] = other.number
                left.append(other.id)
    return found


def _is_out(unit: Unit) -> bool:
    return unit.state in BUSY


def card_of(dispatch: Dispatch, look: Reading, incident: Incident) -> RunCard | None:
    """The incident's run card, by what it was reported as."""
    words = read_words(look, incident.id)
    told = " ".join(str(words.get(key) or "") for key in ("title", "content"))
    call = Call(incident.service.value, incident.kind, incident.severity.value, told)
    return find_card(call, dispatch.rules.cards)


def _candidates(dispatch: Dispatch, incident: Incident, units: Sequence[Unit], now: datetime) -> list[Candidate]:
    beat = _beat_of(incident.place, units) if incident.place else None
    today = now.astimezone(KST).strftime("%Y%m%d")
    found = []
    for unit in units:
        at = find_here(dispatch, unit, now)
        parked = at.age is None or distance_metres(at.place, unit.station) <= dispatch.rules.at_station_metres
        found.append(
            Candidate(
                unit,
                here=unit.incident == incident.id and _is_out(unit),
                age=at.age,
                turnout=_turnout(dispatch, unit, now) if parked else 0.0,
                in_beat=beat is not None and unit.beat == beat,
                today=unit.orders if unit.orders_on == today else 0,
            )
        )
    return found


def _turnout(dispatch: Dispatch, unit: Unit, now: datetime) -> float:
    """Seconds until a unit at its station moves; what has passed since the order is behind it."""
    whole = dispatch.rules.turnout[unit.kind]
    if unit.state is UnitState.ORDERED and unit.state_at is not None:
        return max(0.0, whole - (now - unit.state_at).total_seconds())
    return whole if unit.state is UnitState.AVAILABLE else 0.0


def _beat_of(place: LonLat, units: Sequence[Unit]) -> str | None:
    """The beat of the patrol station nearest to the scene; None when no unit has a beat."""
    stations = {(unit.station, unit.beat) for unit in units if unit.kind is UnitKind.PATROL and unit.beat}
    if not stations:
        return None
    return min(stations, key=lambda s: (distance_metres(place, s[0]), s[1]))[1]
