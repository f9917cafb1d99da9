"""What a unit is: whose, what it can do, where it belongs, and what it is doing since when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from goldentime.core.ids import AgencyId, IncidentId, OrderId, UnitId
from goldentime.core.place import LonLat
from goldentime.core.text import Text


class UnitKind(StrEnum):
    """What sort of vehicle and crew it is."""

    PATROL = "patrol"
    ENGINE = "engine"
    LADDER = "ladder"
    AMBULANCE = "ambulance"
    RESCUE = "rescue"
    COMMAND = "command"


KIND_WORDS: Mapping[UnitKind, Text] = {
    UnitKind.PATROL: Text("순찰차", "patrol car"),
    UnitKind.ENGINE: Text("펌프차", "engine"),
    UnitKind.LADDER: Text("사다리차", "ladder"),
    UnitKind.AMBULANCE: Text("구급차", "ambulance"),
    UnitKind.RESCUE: Text("구조차", "rescue truck"),
    UnitKind.COMMAND: Text("지휘차", "command car"),
}

CAPABILITY_WORDS: Mapping[str, Text] = {
    **{kind.value: text for kind, text in KIND_WORDS.items()},
    "water": Text("물탱크", "water tank"),
    "foam": Text("화학(폼)", "foam"),
    "chemical": Text("유해화학물질", "hazardous materials"),
    "als": Text("전문구급(특별구급대)", "advanced life support"),
    "aed": Text("자동심장충격기", "defibrillator"),
    "water_rescue": Text("수난구조", "water rescue"),
    "high_rise": Text("고층 대응", "high-rise"),
    "narrow": Text("골목 진입(소형)", "narrow lanes"),
}


class UnitState(StrEnum):
    """What it is doing; `clear` has done its work and is on its way back, and may be ordered again."""

    AVAILABLE = "available"
    ORDERED = "ordered"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    CLEAR = "clear"


STATE_WORDS: Mapping[UnitState, Text] = {
    UnitState.AVAILABLE: Text("대기", "available"),
    UnitState.ORDERED: Text("출동지령", "ordered"),
    UnitState.EN_ROUTE: Text("출동 중", "en route"),
    UnitState.ON_SCENE: Text("현장 도착", "on scene"),
    UnitState.CLEAR: Text("귀소 중", "returning"),
}

BUSY = frozenset({UnitState.ORDERED, UnitState.EN_ROUTE, UnitState.ON_SCENE})


@dataclass(frozen=True, slots=True)
class Unit:
    """One vehicle with its crew; its id is the code its agency's wire uses, behind the agency's name if taken before.

    `capabilities` always holds the kind's own name. `incident` and `order` stay while it returns, so that a hasty
    "clear" can be taken back. `orders` counts those of the day `orders_on` (yyyymmdd in Korea). `asked_at` is when it
    was last asked whether it is still on the scene of an incident that is over, `stayed_at` when it last said yes.
    `support_at` is when its crew asked for support on this call, `support_heard_at` when a dispatcher said "heard".
    """

    id: UnitId
    agency: AgencyId
    call_sign: str
    kind: UnitKind
    station: LonLat
    capabilities: frozenset[str] = frozenset()
    station_name: str = ""
    beat: str = ""
    width_m: float | None = None
    state: UnitState = UnitState.AVAILABLE
    state_at: datetime | None = None
    state_by: str = ""  # crew, dispatcher, arrival or system
    incident: IncidentId | None = None
    order: OrderId | None = None
    asked_at: datetime | None = None
    stayed_at: datetime | None = None
    support_at: datetime | None = None
    support_heard_at: datetime | None = None
    orders: int = 0
    orders_on: str = ""
    version: int = 1
    removed_at: datetime | None = None

    @property
    def code(self) -> str:
        """What its agency's own wire calls it."""
        return code_of(self.id, self.agency)

    def can(self, capability: str) -> bool:
        """Whether it serves where the capability is wanted; every unit serves as its own kind."""
        return capability == self.kind.value or capability in self.capabilities


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """One order of one agency's units to one incident; `withdrawn` are those of them it was taken back from."""

    id: OrderId
    number: str
    incident: IncidentId
    agency: AgencyId
    units: tuple[UnitId, ...]
    by: str
    at: datetime
    withdrawn: frozenset[str] = frozenset()


def code_of(unit: UnitId, agency: AgencyId) -> str:
    """The code within the id of a unit of that agency."""
    return unit.removeprefix(f"{agency}:")


def ids_of(agency: AgencyId, code: str) -> tuple[UnitId, UnitId]:
    """Under which ids a unit with that code of that agency may be: its own alone, or the bare code if it came first."""
    return UnitId(f"{agency}:{code}"), UnitId(code)


def capability_words(capability: str) -> Text:
    """What a capability is called; a city's own word stays as the city wrote it."""
    return CAPABILITY_WORDS.get(capability) or Text(capability, capability)


def as_listed(known: Unit | None, listed: Unit) -> Unit:
    """The unit as a new list has it, still doing what it was doing; one that was removed begins anew."""
    if known is None or known.removed_at is not None:
        return listed
    return replace(
        known,
        agency=listed.agency,
        call_sign=listed.call_sign,
        kind=listed.kind,
        station=listed.station,
        capabilities=listed.capabilities,
        station_name=listed.station_name,
        beat=listed.beat,
        width_m=listed.width_m,
    )
