"""A control room with units, their crews, and agencies whose wires remember what we told them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from fakes.room import CROSSING, Room
from fakes.town import FIRE, PASSWORD, POLICE
from goldentime.city.grants.grant import Grant
from goldentime.city.incidents.incident import Disposition
from goldentime.city.people.account import Account, Role
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.ids import AccountId, AgencyId, IncidentId, UnitId
from goldentime.core.place import LonLat
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.positions.tracked import Tracked
from goldentime.flows.units.dispatch import Dispatch, DispatchRules
from goldentime.flows.units.send_units import send_units
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.messages.news import News
from goldentime.messages.order import Order
from goldentime.messages.position import Position


@dataclass
class RememberingWire:
    """Fits flows.world.Speaking: what was said stays in `said`."""

    said: list[Order | News] = field(default_factory=list)
    name: str = "plain"
    orders: bool = True

    def news(self, news: News) -> bytes | None:
        if not news.apart:
            self.said.append(news)
        return b"news"

    def order(self, order: Order) -> bytes | None:
        if not self.orders:
            return None
        if not order.apart:
            self.said.append(order)
        return b"order"


@dataclass
class Seen:
    """Fits flows.dispatch.Whereabouts."""

    places: dict[str, Tracked] = field(default_factory=dict)

    def latest(self, unit: str) -> Tracked | None:
        return self.places.get(unit)


def east(metres: float) -> LonLat:
    """So far east of the crossing."""
    return LonLat(CROSSING.lon + metres * 0.0000113, CROSSING.lat)


@dataclass
class Fleet:
    """Two patrol cars of two beats, an engine, a ladder and an ambulance, east of the crossing in that order."""

    room: Room = field(default_factory=Room)
    wires: dict[AgencyId, RememberingWire] = field(
        default_factory=lambda: {POLICE: RememberingWire(), FIRE: RememberingWire()}
    )
    seen: Seen = field(default_factory=Seen)
    rules: DispatchRules = field(default_factory=DispatchRules)

    def __post_init__(self) -> None:
        """Park the units and name their crews."""
        self.store, self.clock = self.room.store, self.room.town.clock
        self.room.world = replace(self.room.world, wires=self.wires)
        self.world = self.room.world
        self.room.intake = type(self.room.intake)(self.world, self.room.intake._linkages)
        self.dispatch = Dispatch(self.world, self.seen, self.rules)
        units = [
            self._unit("P1", POLICE, UnitKind.PATROL, 300, beat="나루"),
            self._unit("P2", POLICE, UnitKind.PATROL, 900, beat="솔터"),
            self._unit("P3", POLICE, UnitKind.PATROL, 1500, beat="솔터"),
            self._unit("E1", FIRE, UnitKind.ENGINE, 600, "water"),
            self._unit("L1", FIRE, UnitKind.LADDER, 1200),
            self._unit("A1", FIRE, UnitKind.AMBULANCE, 1800),
        ]

        def settle(tx: Any) -> None:
            for unit in units:
                tx.put_unit(unit)
                account = AccountId(f"acc-crew-{unit.id}")
                name = f"crew-{unit.id}"
                hashed = f"hash of {PASSWORD}"
                tx.put_account(
                    Account(account, name, f"{unit.call_sign} 대원", Role.CREW, unit.agency, hashed, unit=unit.id)
                )

        self.store.seed(settle)

    def _unit(self, name: str, agency: AgencyId, kind: UnitKind, metres: float, *can: str, beat: str = "") -> Unit:
        place = east(metres)
        return Unit(UnitId(name), agency, f"{name}호", kind, place, frozenset(can), f"{name} 차고", beat)

    def unit(self, name: str) -> Unit:
        """As it is now."""
        return self.store.rows.units[UnitId(name)]

    def drives_at(self, name: str, place: LonLat, *, seconds_ago: float = 5) -> None:
        """It says where it is."""
        at = self.clock.now() - timedelta(seconds=seconds_ago)
        unit = self.unit(name)
        raw = Position(name, unit.agency, place, at)
        self.seen.places[name] = Tracked(name, unit.agency, unit, raw, place, None, None, 0.0, at, at)

    async def fire(self, **said: Any) -> IncidentId:
        """An urgent report of the police, shared with the fire brigade."""
        await self.room.hear(place=[CROSSING.lon, CROSSING.lat], **said)
        incident = self.room.incidents[-1]
        await share_incident(self.world, await self.operator(), incident.id, FIRE)
        return incident.id

    async def sent(self, *names: str) -> IncidentId:
        """Such a report, with these units ordered to it."""
        incident = await self.fire()
        await send_units(self.dispatch, await self.operator(), incident, [UnitId(n) for n in names], words="정문으로")
        return incident

    async def close(self, incident: IncidentId) -> None:
        """The operator closes it as handled."""
        await close_incident(self.world, await self.operator(), incident, disposition=Disposition.HANDLED)

    def picked(self, incident: IncidentId) -> set[str]:
        """The cameras chosen for it."""
        return {pick.camera_id for pick, _ in self.store.rows.picks[incident]}

    def looks(self, name: str) -> list[Grant]:
        """What its crew was ever granted, oldest first."""
        theirs = [grant for grant in self.store.rows.grants.values() if grant.unit == name]
        return sorted(theirs, key=lambda grant: grant.starts_at)

    async def operator(self) -> Caller:
        """An operator on duty."""
        return await self.room.caller("kim")

    async def crew(self, name: str) -> Caller:
        """The unit's crew, signed in."""
        return replace(await self.room.town.caller(f"crew-{name}"), agency=None)

    def orders(self, agency: AgencyId) -> list[Order]:
        """What its wire was told to do."""
        return [one for one in self.wires[agency].said if isinstance(one, Order)]
