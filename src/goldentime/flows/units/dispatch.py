"""What the flows about units are handed beside the world, and who may say anything about which unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from goldentime.city.grants.policy import Standing, standing_of
from goldentime.city.incidents.incident import Incident, State
from goldentime.city.people.account import Act, Role, may, must
from goldentime.city.units.run_cards import RunCard
from goldentime.city.units.states import Who
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.errors import Conflict, NotFound, Refused
from goldentime.core.ids import AgencyId, IncidentId, UnitId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.crews.near_scene import Surroundings
from goldentime.flows.incidents.see_incidents import must_read
from goldentime.flows.ports import Reading
from goldentime.flows.positions.tracked import Tracked
from goldentime.flows.world import World

# NFPA 1710: 80 s of turnout for fire and special operations, 60 s for medical calls; a patrol car is manned and rolling
TURNOUT: Mapping[UnitKind, float] = {
    UnitKind.ENGINE: 80.0,
    UnitKind.LADDER: 80.0,
    UnitKind.RESCUE: 80.0,
    UnitKind.COMMAND: 80.0,
    UnitKind.AMBULANCE: 60.0,
    UnitKind.PATROL: 0.0,
}
NO_UNIT = Text("그런 출동대가 없습니다.", "There is no such unit.")


class Whereabouts(Protocol):
    """Where units say they are."""

    def latest(self, unit: str) -> Tracked | None:
        """None when it never said."""
        ...


@dataclass(frozen=True, slots=True)
class DispatchRules:
    """What a city decides about its units; times as the names say."""

    cards: tuple[RunCard, ...] = ()  # the city's own, before the defaults
    turnout: Mapping[UnitKind, float] = field(default_factory=lambda: TURNOUT)
    position_believed: timedelta = timedelta(hours=1)  # then a unit is taken to be at its station
    at_station_metres: float = 60.0
    ask_after: timedelta = timedelta(minutes=10)  # from the close, and from each answer
    clear_after: timedelta = timedelta(minutes=30)  # from the question nobody answered
    crew_after_arrival: timedelta = timedelta(minutes=30)  # how long a crew may still look
    crew_longest: timedelta = timedelta(hours=2)  # on the way, should it never arrive


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The bundle wiring makes once for the flows about units."""

    world: World
    positions: Whereabouts
    rules: DispatchRules = field(default_factory=DispatchRules)
    surroundings: Surroundings = field(default_factory=Surroundings)  # what is near the scenes being driven to


def get_open_incident(look: Reading, incident_id: IncidentId, caller: Caller, at: datetime) -> Incident:
    """The incident units may be ordered to; raises NotFound, Refused, or Conflict when it is closed."""
    must(caller.account.role, Act.DISPATCH)
    must_read(look, incident_id, caller, at)
    incident = look.find_incident(incident_id)
    if incident is None or incident.sandbox:
        raise NotFound(Text("그런 상황이 없습니다.", "There is no such incident."))
    if incident.state is State.CLOSED:
        raise Conflict(Text("이미 종결된 상황입니다.", "This incident is already closed."))
    return incident


def get_unit(look: Reading, unit_id: UnitId, caller: Caller) -> tuple[Unit, Who]:
    """The unit and what the caller is to it; raises NotFound for one that is not theirs to speak of."""
    unit = look.find_unit(unit_id)
    who = None if unit is None or unit.removed_at is not None else find_standing(unit, caller)
    if unit is None or who is None:
        raise NotFound(NO_UNIT)
    return unit, who


def find_standing(unit: Unit, caller: Caller) -> Who | None:
    """Whether the caller is the unit's dispatcher, its crew, or neither; a code's viewer is never a dispatcher."""
    account = caller.account
    if account.role is Role.CREW:
        return Who.CREW if account.unit == unit.id and may(account.role, Act.SERVE_UNIT) else None
    if not may(account.role, Act.DISPATCH) or caller.session.incident is not None:
        return None
    return Who.DISPATCHER if caller.agency is None or caller.agency.id == unit.agency else None


def may_be_sent(look: Reading, agency_id: AgencyId, incident: IncidentId, at: datetime) -> bool:
    """Whether the agency's units may go: the city still names it, and it may look at the incident now."""
    agency = look.find_agency(agency_id)
    if agency is None or not agency.named:
        return False
    return standing_of(look.list_grants(incident=incident), agency_id, at) is Standing.IN_FORCE


def must_be_sent(look: Reading, agency_id: AgencyId, incident: IncidentId, at: datetime) -> None:
    """Raise Refused when the agency's units may not go."""
    if may_be_sent(look, agency_id, incident, at):
        return
    agency = look.find_agency(agency_id)
    name = agency.name if agency else Text(agency_id, agency_id)
    raise Refused(
        Text(
            f"{name.ko}은(는) 이 상황을 볼 권한이 없습니다. 먼저 공유하세요.",
            f"{name.en} has no right to this incident; share it first.",
        ),
        code="agency_without_right",
    )
