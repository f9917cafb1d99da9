"""What address a spot of the sample city has: a lot of its block, and a number on the nearest road."""

from dataclasses import dataclass
from random import Random

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, Point

from goldentime.sim.city import names
from goldentime.sim.city.layout import Neighbourhood, Plan
from goldentime.sim.city.plane import Point as Spot


@dataclass(frozen=True, slots=True)
class Address:
    """Both addresses of a spot, from the province down."""

    road: str
    lot: str
    neighbourhood: Neighbourhood


class AddressBook:
    """Gives addresses: a building number a metre count from the road's start, a lot number from the block."""

    def __init__(self, plan: Plan, random: Random) -> None:
        """Number the blocks of each neighbourhood."""
        self._plan, self._random = plan, random
        self._edges = plan.network.edges
        self._edge_tree = STRtree([LineString(edge.line) for edge in self._edges])
        self._block_tree = STRtree(list(plan.blocks))
        self._main_lots: dict[tuple[str, int], int] = {}
        self._sub_lots: dict[tuple[str, int], int] = {}

    def addresses_of(self, spots: list[Spot]) -> list[Address]:
        """One address a spot, in order."""
        points = [Point(spot) for spot in spots]
        edges: list[int] = np.asarray(self._edge_tree.nearest(points)).tolist()
        blocks: list[int] = np.asarray(self._block_tree.nearest(points)).tolist()
        found = []
        for point, edge, block, where in zip(points, edges, blocks, self._plan.neighbourhoods_at(spots), strict=True):
            head = f"{names.PROVINCE} {names.CITY} {where.district}"
            found.append(
                Address(
                    f"{head} {self._building(point, edge)}", f"{head} {where.name} {self._lot(where, block)}", where
                )
            )
        return found

    def _building(self, point: Point, index: int) -> str:
        edge = self._edges[index]
        along = edge.road.line.project(point)
        (ax, ay), (bx, by) = edge.line[0], edge.line[-1]
        left = (bx - ax) * (point.y - ay) - (by - ay) * (point.x - ax) > 0
        number = max(1, round(along / 20) * 2 + (1 if left else 0))
        return f"{edge.road.name} {number}"

    def _lot(self, where: Neighbourhood, block: int) -> str:
        key = (where.name, block)
        if key not in self._main_lots:
            self._main_lots[key] = 100 + sum(name == where.name for name, _ in self._main_lots) * 7
        self._sub_lots[key] = self._sub_lots.get(key, 0) + self._random.randint(1, 3)
        return f"{self._main_lots[key]}-{self._sub_lots[key]}"
