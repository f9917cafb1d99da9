"""A control room with a line to the police and one to the fire service, whose outbox goes on when told to."""

from dataclasses import dataclass, field, replace

import pytest

from fakes.agency_line import AgencyLine, SpokenPlain
from fakes.clock import TickingClock
from fakes.fleet import Seen
from fakes.room import CROSSING, PlainLinkage, Room
from fakes.town import FIRE, POLICE, Town
from goldentime.city.incidents.incident import Disposition, Incident
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.ids import UnitId
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.incidents.handle_incident import step_incident
from goldentime.flows.incidents.keep_note import note_action
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.send_outgoing import Outbox
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.units.send_units import send_units
from goldentime.messages.exchange import Outcome, Outgoing
from goldentime.messages.outgoing import OutgoingState
from goldentime.messages.report import Report

either = pytest.mark.parametrize("standard", [False, True], ids=["by our number", "by the standard"])
HERE = [CROSSING.lon, CROSSING.lat]


@dataclass
class Centre:
    """A control room with a line to the police and one to the fire service."""

    standard: bool = False
    room: Room = field(default_factory=lambda: Room(Town(clock=TickingClock())))
    police: AgencyLine = field(default_factory=AgencyLine)
    fire: AgencyLine = field(default_factory=AgencyLine)

    def __post_init__(self) -> None:
        self.police.standard = self.fire.standard = self.standard
        spoken = SpokenPlain()
        self.room.world = replace(self.room.world, wires={POLICE: spoken, FIRE: spoken})
        self.room.intake = type(self.room.intake)(self.room.world, {"plain": self.room.intake._linkages["plain"]})
        self.links = LinkHealth(self.room.town.clock, lambda: None)
        self.links.agencies = list(self.room.store.rows.agencies.values())
        self.start()

    def start(self) -> None:
        """Begin anew, as after a crash: only what is stored is left."""
        lanes = [Channel(POLICE, "wire", self.police), Channel(FIRE, "wire", self.fire)]
        self.outbox = Outbox(self.room.world, lanes, self.links)

    async def reported(self, occurrence: str = "20261123120000001") -> Incident:
        await self.room.hear(occurrence=occurrence, place=HERE)
        return max((one for one in self.room.incidents if not one.sandbox), key=lambda one: one.number)

    async def do(self, incident: Incident, *steps: str) -> None:
        caller = await self.room.caller("kim")
        for step in steps:
            if step in ("acknowledge", "take", "release"):
                await step_incident(self.room.world, caller, incident.id, step)
            elif step == "close":
                handled = Disposition.HANDLED
                await close_incident(self.room.world, caller, incident.id, disposition=handled)
            else:
                await note_action(self.room.world, caller, incident.id, step)

    async def go_on(self, *, minutes: float, every: float = 1.0) -> None:
        """Let the time pass in which the outbox would look again and again."""
        for _ in range(int(minutes * 60 / every)):
            await self.outbox.turn()
            self.room.town.clock.pass_(seconds=every)

    def waiting(self) -> int:
        return sum(1 for o in self.room.store.rows.outgoing.values() if o.state is OutgoingState.WAITING)


async def send(centre: Centre, incident: Incident) -> None:
    """Order a patrol car to it, as a dispatcher does."""
    car = Unit(UnitId("순21"), POLICE, "순21호", UnitKind.PATROL, CROSSING)
    centre.room.store.seed(lambda tx: tx.put_unit(car))
    dispatch = Dispatch(centre.room.world, Seen())
    await send_units(dispatch, await centre.room.caller("kim"), incident.id, [car.id])


class CalledBack(PlainLinkage):
    """A linkage whose senders name an address for our answer."""

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:
        if not any(str(report.callback).startswith(origin) for origin in origins):
            return None
        return Outgoing(str(report.callback), outcome.kind.value.encode(), "text/plain")
