"""How units, advice and orders read as JSON, typed for integrators."""

from datetime import datetime
from math import isfinite
from typing import Literal

from pydantic import BaseModel

from goldentime.city.units.recommend import Suggested
from goldentime.city.units.states import Step, Who, may_step, open_steps
from goldentime.city.units.unit import (
    KIND_WORDS,
    STATE_WORDS,
    Unit,
    UnitKind,
    UnitOrder,
    UnitState,
    capability_words,
)
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.outgoing.tell_order import read_order_words
from goldentime.flows.ports import Reading
from goldentime.flows.units.dispatch import Whereabouts
from goldentime.flows.units.suggest_units import Advice

HandStep = Literal["depart", "arrive", "clear", "return", "take_back"]


class Words(BaseModel):
    """A sentence in both languages."""

    ko: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Words":
        """The same words."""
        return cls(ko=text.ko, en=text.en)


class Named(BaseModel):
    """Something with an id and a name."""

    id: str
    name: Words


class SeenAt(BaseModel):
    """Where a unit says it is, or is taken to be; `age_s` null when that is its station."""

    lon: float
    lat: float
    age_s: float | None


class OnIncident(BaseModel):
    """What a unit is ordered to, and when."""

    id: str
    number: str
    open: bool
    drill: bool
    order: str | None
    ordered_at: datetime | None


class UnitRow(BaseModel):
    """One unit as a dispatcher or its crew reads it; `may` are the steps open to who asks."""

    id: str
    code: str
    call_sign: str
    kind: UnitKind
    kind_name: Words
    agency: Named
    capabilities: list[Named]
    station_name: str
    beat: str
    width_m: float | None
    state: UnitState
    state_name: Words
    state_at: datetime | None
    state_by: str
    incident: OnIncident | None
    asked_at: datetime | None
    support_at: datetime | None
    support_heard_at: datetime | None
    place: SeenAt
    may: list[str]
    may_call_back: bool
    orders_today: int
    version: int


class SuggestedRow(BaseModel):
    """One unit in the advice; `seconds` null when it cannot arrive or is there."""

    unit: UnitRow
    fitness: str
    seconds: int | None
    fills: str | None
    reasons: list[Words]
    last_of_beat: bool
    needs_sharing: bool


class WantRow(BaseModel):
    """How far one want of the run card is met."""

    capability: Named
    wanted: int
    committed: int
    suggested: int
    missing: int


class CardRow(BaseModel):
    """The run card, and where it comes from."""

    id: str
    name: Words
    source: str


class OrderRow(BaseModel):
    """One order; `withdrawn` are those of its units called back, `words` the dispatcher's own."""

    id: str
    number: str
    agency: Named
    units: list[str]
    withdrawn: list[str]
    at: datetime
    words: str


class AdviceRow(BaseModel):
    """What is suggested for an incident; the dispatcher decides."""

    incident_id: str
    at: datetime
    card: CardRow | None
    wants: list[WantRow]
    suggested: list[SuggestedRow]
    notes: list[Words]
    orders: list[OrderRow]
    may_order: bool


class SentRow(BaseModel):
    """One agency's order; `on_wire` false when somebody must tell it by radio."""

    order: OrderRow
    on_wire: bool


def unit_row(look: Reading, unit: Unit, where: Whereabouts, now: datetime, *, who: Who | None) -> UnitRow:
    """The unit for whoever asks."""
    tracked = where.latest(unit.id)
    place = tracked.place if tracked else unit.station
    age = round(tracked.age(now).total_seconds(), 1) if tracked else None
    return UnitRow(
        id=unit.id,
        code=unit.code,
        call_sign=unit.call_sign,
        kind=unit.kind,
        kind_name=Words.of(KIND_WORDS[unit.kind]),
        agency=_agency(look, unit.agency),
        capabilities=[_capability(one) for one in sorted(unit.capabilities)],
        station_name=unit.station_name,
        beat=unit.beat,
        width_m=unit.width_m,
        state=unit.state,
        state_name=Words.of(STATE_WORDS[unit.state]),
        state_at=unit.state_at,
        state_by=unit.state_by,
        incident=_incident(look, unit),
        asked_at=unit.asked_at,
        support_at=unit.support_at,
        support_heard_at=unit.support_heard_at,
        place=SeenAt(lon=place.lon, lat=place.lat, age_s=age),
        may=[] if who is None else [step.value for step in open_steps(unit, who)],
        may_call_back=who is Who.DISPATCHER and may_step(unit, Step.CANCEL, who),
        orders_today=unit.orders,
        version=unit.version,
    )


def advice_row(look: Reading, advice: Advice, where: Whereabouts, *, who: Who | None) -> AdviceRow:
    """The advice for whoever asks."""
    rows = [_suggested(look, advice, one, where, who) for one in advice.suggested]
    agencies = {unit.agency for unit in advice.units.values()}
    return AdviceRow(
        incident_id=advice.incident.id,
        at=advice.at,
        card=CardRow(id=advice.card.id, name=Words.of(advice.card.name), source=advice.card.source)
        if advice.card
        else None,
        wants=[
            WantRow(
                capability=_capability(one.capability),
                wanted=one.wanted,
                committed=one.committed,
                suggested=one.suggested,
                missing=one.missing,
            )
            for one in advice.filled
        ],
        suggested=rows,
        notes=[Words.of(note) for note in advice.notes],
        orders=[order_row(look, one) for one in look.list_orders(advice.incident.id) if one.agency in agencies],
        may_order=who is Who.DISPATCHER,
    )


def order_row(look: Reading, order: UnitOrder) -> OrderRow:
    """One order."""
    return OrderRow(
        id=order.id,
        number=order.number,
        agency=_agency(look, order.agency),
        units=list(order.units),
        withdrawn=sorted(order.withdrawn),
        at=order.at,
        words=read_order_words(look, order).words,
    )


def _suggested(look: Reading, advice: Advice, one: Suggested, where: Whereabouts, who: Who | None) -> SuggestedRow:
    unit = advice.units[one.unit]
    return SuggestedRow(
        unit=unit_row(look, unit, where, advice.at, who=who),
        fitness=one.fitness.value,
        seconds=round(one.seconds) if isfinite(one.seconds) and unit.state is not UnitState.ON_SCENE else None,
        fills=one.fills,
        reasons=[Words.of(reason) for reason in one.reasons],
        last_of_beat=one.last_of_beat,
        needs_sharing=unit.agency in advice.without_right,
    )


def _incident(look: Reading, unit: Unit) -> OnIncident | None:
    incident = look.find_incident(unit.incident) if unit.incident else None
    if incident is None:
        return None
    order = look.find_order(unit.order) if unit.order else None
    return OnIncident(
        id=incident.id,
        number=incident.number,
        open=incident.state.value == "open",
        drill=incident.drill,
        order=order.number if order else None,
        ordered_at=order.at if order else None,
    )


def _agency(look: Reading, agency_id: AgencyId) -> Named:
    agency = look.find_agency(agency_id)
    return Named(id=agency_id, name=Words.of(agency.name) if agency else Words(ko=agency_id, en=agency_id))


def _capability(capability: str) -> Named:
    return Named(id=capability, name=Words.of(capability_words(capability)))
