"""How dispatch support is put together: units' places, what a city decides about its units, and what runs beside."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter

from goldentime.edges.http import field, golden_time, units
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.views import Pictures
from goldentime.flows.clocks.follow_clocks import ClockReader
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.units.ask_still_on_scene import ask_still_on_scene
from goldentime.flows.units.dispatch import Dispatch, DispatchRules
from goldentime.flows.units.order_bell import OrderBell
from goldentime.flows.world import World
from goldentime.importers.run_cards import read_run_cards
from goldentime.settings import Settings

FONTS = Path(__file__).parents[1] / "console" / "fonts"  # put there when the console is built
ASK_EVERY = 10.0  # seconds between looks for units still on the scene of what is over


def dispatch_rules(settings: Settings) -> DispatchRules:
    """What the flows about units go by; raises BadFile for run cards that cannot be used."""
    given = settings.units
    return DispatchRules(
        cards=read_run_cards(given.run_cards) if given.run_cards else (),
        ask_after=timedelta(minutes=given.ask_after_minutes),
        clear_after=timedelta(minutes=given.clear_after_minutes),
        crew_after_arrival=timedelta(minutes=given.crew_after_arrival_minutes),
        crew_longest=timedelta(minutes=given.crew_longest_minutes),
    )


@dataclass(frozen=True, slots=True)
class Dispatching:
    """The parts of one running city that are about units; `works` are to be kept running."""

    dispatch: Dispatch
    positions: Positions
    clocks: ClockReader
    bell: OrderBell

    def routers(self, gate: Gate, pictures: Pictures) -> list[APIRouter]:
        """What is asked over HTTP."""
        return [
            units.router(self.dispatch, gate),
            field.router(self.dispatch, gate, pictures, self.bell),
            golden_time.router(self.clocks, gate, fonts=FONTS),
        ]

    def works(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Background tasks by name."""
        return [("still_on_scene", self._ask), ("clocks", self.clocks.run), ("order_bell", self.bell.run)]

    async def _ask(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY)
            await ask_still_on_scene(self.dispatch)


def make_dispatching(settings: Settings, world: World) -> Dispatching:
    """Make every part; nothing runs yet."""
    dispatch = Dispatch(world, world.positions, dispatch_rules(settings))
    return Dispatching(dispatch, world.positions, ClockReader(world), OrderBell(world.store))
