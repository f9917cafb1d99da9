"""What `goldentime simunits` asks of the person who starts it."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import Roads
from goldentime.city.roads.live import LiveRoads
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.sim.units.crew import Habits
from goldentime.sim.units.run import Fleet, SimulatedUnits

KEYS_VARIABLE = "GOLDENTIME_AGENCY_KEY"


def build_simunits(roads_of: Callable[[Path | None], Roads]) -> Callable[..., None]:
    """The command; `roads_of` reads the roads of the city in a folder."""

    def simunits(
        *,
        url: Annotated[str, typer.Option(help="플랫폼 주소 / the platform's address")] = "http://127.0.0.1:8080",
        count: Annotated[int, typer.Option(min=1, max=2000, help="차량 수 / how many vehicles")] = 30,
        data: Annotated[Path | None, typer.Option("--data", help="도시의 상태 폴더(도로) / the city's roads")] = None,
        hurry: Annotated[float, typer.Option(min=0.1, max=3, help="실제보다 몇 배 빠르게 / faster than life")] = 1.0,
        seed: Annotated[int | None, typer.Option(help="같은 씨앗은 같은 하루 / the same seed, the same day")] = None,
    ) -> None:
        """기관의 차량을 흉내 내어 실제 도로를 달립니다. Plays agencies' crews on the real roads."""
        keys = [one.strip() for one in os.environ.get(KEYS_VARIABLE, "").split(",") if one.strip()]
        if not keys:
            raise OperatorsError(
                Text(
                    f"환경변수 {KEYS_VARIABLE}에 기관 인증키를 넣으십시오(여럿이면 쉼표로).",
                    f"Put the agencies' keys into {KEYS_VARIABLE}, separated by commas.",
                )
            )
        roads = roads_of(data)
        if not roads.links:
            raise OperatorsError(Text("도로망이 없습니다.", "The city has no roads."))
        live = LiveRoads(RoadGraph(roads))
        fleet = Fleet(url, dict(enumerate_keys(keys)), count)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(SimulatedUnits(fleet, lambda: live, habits=Habits(hurry=hurry), seed=seed).run())

    return simunits


def enumerate_keys(keys: list[str]) -> list[tuple[str, str]]:
    """The keys under names of their own."""
    return [(f"agency-{number}", key) for number, key in enumerate(keys, 1)]
