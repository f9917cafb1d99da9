"""Small road networks drawn at random or laid by hand, and a slow search that only follows the rules."""

import heapq
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from goldentime.city.roads.graph import RoadGraph, Spot
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, RoadNode, Roads, TurnBan
from goldentime.city.roads.live import LiveRoads
from goldentime.city.roads.turns import LIGHT_SECONDS, TURN_SECONDS, Turn
from goldentime.core.place import LonLat

SUWON = Path(__file__).parents[3] / "shared/cities/suwon"
STEP = 0.001  # degrees between the nodes of a made network, some 100 m


def node_at(column: float, row: float) -> RoadNode:
    return RoadNode(NodeId(f"{column}.{row}"), LonLat(127.0 + column * STEP, 37.0 + row * STEP), "101")


def link(link_id: str, /, since: RoadNode, to: RoadNode, **more) -> RoadLink:
    line = ((since.place.lon, since.place.lat), (to.place.lon, to.place.lat))
    return RoadLink(LinkId(link_id), since.id, to.id, more.pop("name", ""), more.pop("rank", "107"), (line,), **more)


def both_ways(link_id: str, /, a: RoadNode, b: RoadNode, **more) -> tuple[RoadLink, RoadLink]:
    return link(f"{link_id}>", a, b, **more), link(f"{link_id}<", b, a, **more)


def block(**more) -> Roads:
    """A square of four streets, each both ways: A west, B north, C east, D south; corners 0.0 to 1.1."""
    corner = {(x, y): node_at(x, y) for x in (0, 1) for y in (0, 1)}
    links = (
        *both_ways("A", corner[0, 0], corner[0, 1], name="서로", **more),
        *both_ways("B", corner[0, 1], corner[1, 1], name="북로", **more),
        *both_ways("C", corner[1, 1], corner[1, 0], name="동로", **more),
        *both_ways("D", corner[1, 0], corner[0, 0], name="남로", **more),
    )
    return Roads(links, tuple(corner.values()))


@st.composite
def networks(draw, *, bans: bool = False) -> Roads:
    nodes = [node_at(column, row) for column in range(3) for row in range(3)]
    picked = st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from((20.0, 40.0, 80.0)))
    drawn = draw(st.lists(picked.filter(lambda ends: ends[0] != ends[1]), min_size=2, max_size=24))
    links = tuple(link(f"L{number:02d}", nodes[a], nodes[b], max_kmh=kmh) for number, (a, b, kmh) in enumerate(drawn))
    lit = draw(st.sets(st.integers(0, 8), max_size=4))
    roads = Roads(links, tuple(replace(node, signal=number in lit) for number, node in enumerate(nodes)))
    return replace(roads, turns=tuple(draw(st.lists(_bans(links), max_size=5)))) if bans else roads


@st.composite
def _bans(draw, links: tuple[RoadLink, ...]) -> TurnBan:
    """A ban along a way that can be driven, where there is one."""
    way = [draw(st.sampled_from(links))]
    for _ in range(draw(st.integers(1, 3))):
        onward = [one for one in links if one.from_node == way[-1].to_node]
        if onward:
            way.append(draw(st.sampled_from(onward)))
    if len(way) == 1:
        way.append(draw(st.sampled_from(links)))
    return TurnBan(
        way[0].id,
        way[0].to_node,
        way[-1].id,
        draw(st.sampled_from(("no", "only"))),
        tuple(one.id for one in way[1:-1]),
        except_emergency=draw(st.booleans()),
    )


def spots(graph: RoadGraph) -> st.SearchStrategy[Spot]:
    shares = st.sampled_from((0.0, 0.25, 0.5, 1.0))
    return st.builds(lambda row, along: graph.spot(graph.ids[row], along), st.integers(0, len(graph) - 1), shares)


def slow_seconds(live: LiveRoads, roads: Roads, a: Spot, b: Spot, *, emergency: bool = False) -> float:
    """Seconds from a to b by trying ways in the order of their length, each held against every ban."""
    graph, turn = live.graph, _turn_seconds(live.graph)
    seconds = (live.now.siren if emergency else live.now.everyday).tolist()
    driven = (live.now.driven_siren if emergency else live.now.driven).tolist()
    if a.link == b.link and a.along <= b.along:
        return (b.along - a.along) * driven[a.link]
    bans = [_rows(graph, ban) for ban in roads.turns if not (ban.except_emergency and emergency)]
    onward = [[row for row in range(len(graph)) if graph.from_node[row] == end] for end in graph.to_node.tolist()]
    waiting, best = [((1 - a.along) * driven[a.link], (a.link,))], {}
    while waiting:
        spent, way = heapq.heappop(waiting)  # spent at the end of the way's last link, or on arrival
        if best.setdefault(way, spent) < spent:
            continue
        if way[-1] == -1:
            return spent
        for to in onward[way[-1]]:
            if _forbidden((*way, to), bans, onward):
                continue
            at = spent + turn(way[-1], to)
            if to == b.link:
                heapq.heappush(waiting, (at + b.along * seconds[to], (-1,)))
            if seconds[to] < float("inf"):
                longer = (*way, to)[-4:]
                if at + seconds[to] < best.get(longer, float("inf")):
                    heapq.heappush(waiting, (at + seconds[to], longer))
    return float("inf")


def _rows(graph: RoadGraph, ban: TurnBan) -> tuple[str, tuple[int, ...]]:
    return ban.kind, tuple(graph.row_of[one] for one in (ban.from_link, *ban.via_links, ban.to_link))


def _forbidden(way: tuple[int, ...], bans: Iterable[tuple[str, tuple[int, ...]]], onward: list[list[int]]) -> bool:
    for kind, rule in bans:
        tail = way[-len(rule) :]
        if kind == "no" and tail == rule:
            return True
        obeyed = kind == "no" or tail[:-1] != rule[:-1] or len(tail) < len(rule) or tail == rule
        if not obeyed and rule[-1] in onward[rule[-2]]:
            return True
    return False


def _turn_seconds(graph: RoadGraph):
    def seconds(origin: int, other: int) -> float:
        kind = Turn(graph.turn_kind.along(np.array([origin, other]))[0])
        return TURN_SECONDS[kind] + (LIGHT_SECONDS if graph.lights[graph.to_node[origin]] else 0.0)

    return seconds


def suwon_roads() -> Roads:
    """Suwon's node-link as imported; skips where ../shared is missing, unless CI says it must not be."""
    from goldentime.importers.roads.plan import plan_roads  # noqa: PLC0415
    from goldentime.importers.source import read_source  # noqa: PLC0415

    if not SUWON.exists() and os.environ.get("CI") != "true":
        pytest.skip("needs ../shared")
    roads = Roads()
    for name in ("suwon_node.geojson", "suwon_link.geojson"):
        roads = plan_roads(read_source(SUWON / name), roads).roads
    return roads
