"""How a drill's crews know the roads: as its platform has them now, what is closed and how fast traffic is."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import numpy as np
import structlog

from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId
from goldentime.city.roads.live import LiveRoads
from goldentime.core.clock import Clock

LOOK_EVERY = 0.5  # seconds, real ones
TROUBLE_PAUSE = 2.0
_log = structlog.get_logger(__name__)


class FollowedRoads:
    """The roads as another platform has them; `now` is replaced whole at every change."""

    def __init__(self, http: httpx.AsyncClient, graph: RoadGraph, clock: Clock) -> None:
        """Empty and open until the first look; `http` is signed in by whoever works with it."""
        self._http, self._graph, self._clock = http, graph, clock
        self._tag = ""
        self.now = LiveRoads(graph)

    async def run(self) -> None:
        """Look again and again, until cancelled; what cannot be asked now is asked again."""
        while True:
            try:
                await self.look()
                await asyncio.sleep(LOOK_EVERY)
            except httpx.HTTPError as problem:
                _log.warning("roads_not_heard", problem=type(problem).__name__)
                await asyncio.sleep(TROUBLE_PAUSE)

    async def look(self) -> None:
        """Take over what has changed since the last look; nothing while nobody is signed in."""
        answer = await self._http.get("/api/roads/traffic", headers={"If-None-Match": self._tag})
        if answer.status_code in (httpx.codes.NOT_MODIFIED, httpx.codes.UNAUTHORIZED):
            return
        answer.raise_for_status()
        self.now = await asyncio.to_thread(self._read, answer)
        self._tag = answer.headers.get("etag", "")

    def _read(self, answer: httpx.Response) -> LiveRoads:
        told: Mapping[str, Any] = answer.json()
        at, roads = self._clock.now(), LiveRoads(self._graph)
        if told["network"] == self._graph.stamp:  # rows of another network mean other roads
            rows = np.array([int(row) for row in told["kmh"]], dtype=np.int64)
            kmh = np.array(list(told["kmh"].values()), dtype=np.float64)
            roads.set_measured(rows, kmh, np.full(rows.size, at.timestamp()), now=at)
        roads.set_closures(
            [
                Closure(
                    ClosureId(one["id"]), frozenset(map(LinkId, one["links"])), Scope(one["scope"]), one["reason"], at
                )
                for one in told["closures"]
            ],
            at,
        )
        return roads
