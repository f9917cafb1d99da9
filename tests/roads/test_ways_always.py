"""What holds for every network: the same as a slow search and as scipy's, and never longer for more road."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from fakes.roads import block, link, networks, node_at, slow_seconds, spots
from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.live import LiveRoads
from goldentime.city.roads.profiles import CLEARANCE_METRES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WIDE = 2.5  # metres, a fire engine
few = settings(max_examples=40, deadline=None)


def _close(links, scope=Scope.FOR_ALL) -> Closure:
    return Closure(ClosureId("closure-1"), frozenset(links), scope, "침수", NOW)


def _scipys(live: LiveRoads) -> np.ndarray:
    """Seconds from the end of every link to the beginning of every link, by scipy on the line graph."""
    rows, through = live.graph.turns.onward, live.now.everyday
    count = rows.start.size - 1
    origin = np.repeat(np.arange(count), np.diff(rows.start))
    # a column per link's beginning and one per link's end, so that a turn of no cost stays an edge
    begins, ends = np.arange(count), np.arange(count) + count
    cost = np.concatenate([rows.everyday + 1e-12, np.where(np.isfinite(through), through, 0.0) + 1e-12])
    tail, head = np.concatenate([ends[origin], begins]), np.concatenate([begins[rows.other], ends])
    usable = np.concatenate([np.ones(origin.size, bool), np.isfinite(through)])
    matrix = csr_matrix((cost[usable], (tail[usable], head[usable])), shape=(2 * count, 2 * count))
    return dijkstra(matrix, indices=ends)[:, :count]


@given(st.data())
@few
def test_a_way_takes_as_long_as_the_slow_search_says_with_every_kind_of_ban(data):
    roads = data.draw(networks(bans=True))
    live = LiveRoads(RoadGraph(roads))
    a, b = data.draw(spots(live.graph)), data.draw(spots(live.graph))
    for emergency in (False, True):
        route = live.route(a, b, emergency=emergency)
        expected = slow_seconds(live, roads, a, b, emergency=emergency)
        assert (route.seconds if route else np.inf) == pytest.approx(expected)


@given(st.data())
@few
def test_many_to_one_is_each_ones_own_way(data):
    live = LiveRoads(RoadGraph(data.draw(networks(bans=True))))
    scene = data.draw(spots(live.graph))
    origins = data.draw(st.lists(spots(live.graph), min_size=1, max_size=6))
    for emergency in (False, True):
        ways = [live.route(origin, scene, emergency=emergency) for origin in origins]
        expected = [way.seconds if way else np.inf for way in ways]
        assert live.times_to(scene, origins, emergency=emergency) == pytest.approx(expected)


@given(networks())
@few
def test_the_times_are_scipys(roads):
    live = LiveRoads(RoadGraph(roads))
    theirs = _scipys(live)
    for row in range(len(live.graph)):
        scene = live.graph.spot(live.graph.ids[row], 0.0)
        ours = live.times_to(scene, [live.graph.spot(one, 1.0) for one in live.graph.ids])
        expected = theirs[:, row].copy()
        assert ours == pytest.approx(expected, abs=1e-6)


@given(st.data())
@few
def test_opening_a_road_never_lengthens_a_way(data):
    live = LiveRoads(RoadGraph(data.draw(networks(bans=True))))
    links = data.draw(st.sets(st.sampled_from(live.graph.ids)))
    scene, origin = data.draw(spots(live.graph)), data.draw(spots(live.graph))
    live.set_closures([_close(links)], NOW)
    closed = live.times_to(scene, [origin])[0]
    live.set_closures([_close(list(links)[1:])], NOW)
    assert live.times_to(scene, [origin])[0] <= closed
    live.set_closures([_close(links, Scope.EXCEPT_EMERGENCY)], NOW)
    assert live.times_to(scene, [origin])[0] == closed
    assert live.times_to(scene, [origin], emergency=True)[0] <= closed


@given(st.data())
@few
def test_a_wide_unit_goes_as_if_what_is_too_narrow_were_closed_and_on_none_of_it(data):
    roads = data.draw(networks())
    free = st.sampled_from((2.0, WIDE + CLEARANCE_METRES / 2, WIDE + CLEARANCE_METRES, 3.5, None))
    links = tuple(replace(one, width_m=data.draw(free)) for one in roads.links)
    narrow = {one.id for one in links if one.width_m is not None and one.width_m < WIDE + CLEARANCE_METRES}
    live, closed = (LiveRoads(RoadGraph(replace(roads, links=links))) for _ in range(2))
    closed.set_closures([_close(narrow)], NOW)
    scene = data.draw(spots(live.graph))
    origins = data.draw(st.lists(spots(live.graph), min_size=1, max_size=6))
    for emergency in (False, True):
        times = live.times_to(scene, origins, emergency=emergency, vehicle_width_m=WIDE)
        assert times == pytest.approx(closed.times_to(scene, origins, emergency=emergency))
        for origin, seconds in zip(origins, times, strict=True):
            way = live.route(origin, scene, emergency=emergency, vehicle_width_m=WIDE)
            assert (way.seconds if way else np.inf) == pytest.approx(seconds)
            assert not narrow & set(way.links[1:] if way else ())  # it may stand in an alley already


def test_a_narrow_street_is_gone_round_by_the_wide_and_taken_by_the_slim():
    roads = block()
    lanes = tuple(replace(one, width_m=2.8 if one.id == "A>" else 6.0) for one in roads.links)
    live = LiveRoads(RoadGraph(replace(roads, links=lanes)))
    start, scene = live.graph.spot("D>", 0.9), live.graph.spot("B>", 0.1)  # by the western corners
    ways = {width: live.route(start, scene, emergency=True, vehicle_width_m=width) for width in (2.0, WIDE)}
    assert ways[2.0].links == ("D>", "A>", "B>")
    assert "A>" not in ways[WIDE].links
    assert ways[WIDE].links == ("D>", "D<", "C<", "B<", "B>")


@given(st.data())
@few
def test_a_new_road_never_lengthens_a_way(data):
    roads = data.draw(networks(bans=True).filter(lambda roads: all(ban.kind == "no" for ban in roads.turns)))
    a, b = data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2))
    more = replace(roads, links=(*roads.links, link("new", node_at(a, 0), node_at(b, 2), max_kmh=60.0)))
    before, after = LiveRoads(RoadGraph(roads)), LiveRoads(RoadGraph(more))
    scene, origin = data.draw(spots(before.graph)), data.draw(spots(before.graph))
    assert after.times_to(scene, [origin])[0] <= before.times_to(scene, [origin])[0] + 1e-9


@given(st.data())
@few
def test_going_by_a_third_place_is_never_quicker(data):
    live = LiveRoads(RoadGraph(data.draw(networks())))
    a, b, c = (data.draw(spots(live.graph)) for _ in range(3))
    straight, first, second = live.times_to(c, [a])[0], live.times_to(b, [a])[0], live.times_to(c, [b])[0]
    assert straight <= first + second + 1e-9


@pytest.mark.slow
@given(st.data())
@few
def test_what_is_within_reach_is_what_a_way_gets_to_in_time(data):
    live = LiveRoads(RoadGraph(data.draw(networks(bans=True))))
    spot, seconds = data.draw(spots(live.graph)), data.draw(st.sampled_from((5.0, 20.0, 60.0)))
    reached = {one.link: one for one in live.reach(spot, seconds)}
    for name in live.graph.ids:
        way = live.route(spot, live.graph.spot(name, 0.0))
        if name != live.graph.ids[spot.link] and (way is None or way.seconds >= seconds):
            assert name not in reached
        if name in reached and reached[name].share > 0 and name != live.graph.ids[spot.link]:
            there = live.route(spot, live.graph.spot(name, reached[name].share))
            assert there is not None
            assert there.seconds <= seconds + 1e-6


@given(st.data())
@few
def test_a_route_tells_what_it_is_made_of(data):
    live = LiveRoads(RoadGraph(data.draw(networks())))
    a, b = data.draw(spots(live.graph)), data.draw(spots(live.graph))
    route = live.route(a, b)
    if route is None:
        assert live.why_not(a, b) is not None
        return
    assert live.why_not(a, b) is None
    assert sum(route.link_seconds) == pytest.approx(route.seconds)
    assert sum(step.metres for step in route.steps) == pytest.approx(route.metres)
    assert sum(step.seconds for step in route.steps) == pytest.approx(route.seconds)
    assert route.steps[0].kind == "depart"
    assert route.steps[-1].kind == "arrive"
    assert route.line[0] == pytest.approx((a.place.lon, a.place.lat))
    assert route.line[-1] == pytest.approx((b.place.lon, b.place.lat))
    rows = [live.graph.row_of[one] for one in route.links]
    assert all(live.graph.to_node[x] == live.graph.from_node[y] for x, y in pairwise(rows))


@pytest.mark.slow
def test_suwons_times_are_scipys(suwon_graph):
    live = LiveRoads(suwon_graph)
    chance = np.random.default_rng(3)
    live.set_speeds(
        {one: float(kmh) for one, kmh in zip(suwon_graph.ids, chance.uniform(4, 70, 9999), strict=False)}, NOW
    )
    theirs = _scipys(live)
    open_links = np.flatnonzero(np.isfinite(live.now.everyday) & ~suwon_graph.private)
    assert open_links.size > 2_800
    for row in chance.choice(open_links, 40).tolist():
        scene = suwon_graph.spot(suwon_graph.ids[row], 0.0)
        ours = live.times_to(scene, [suwon_graph.spot(one, 1.0) for one in suwon_graph.ids])
        assert ours == pytest.approx(theirs[:, row], abs=1e-5)
