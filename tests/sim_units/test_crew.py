"""Simulated crews drive the roads there are: to the scene by the best way, around what is closed, silent in tunnels."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, RoadNode, Roads, Structure
from goldentime.city.roads.live import LiveRoads
from goldentime.core.place import LonLat, distance_metres
from goldentime.sim.units.crew import Crew, Duty, Habits
from goldentime.sim.units.run import spread

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SIDE = 0.003  # degrees, about 300 m


def corner(column: int, row: int) -> LonLat:
    return LonLat(127.0 + column * SIDE, 37.2 + row * SIDE)


def grid(size: int = 4, tunnel: str | None = None) -> LiveRoads:
    """Streets both ways between all corners."""
    links = []
    for column in range(size):
        for row in range(size):
            for other in ((column + 1, row), (column, row + 1)):
                if max(other) >= size:
                    continue
                for a, b in (((column, row), other), (other, (column, row))):
                    name = f"{a[0]}{a[1]}-{b[0]}{b[1]}"
                    ends = [(corner(*end).lon, corner(*end).lat) for end in (a, b)]
                    link = RoadLink(
                        LinkId(name),
                        NodeId(f"{a[0]}{a[1]}"),
                        NodeId(f"{b[0]}{b[1]}"),
                        name,
                        "107",
                        (tuple(ends),),
                        1,
                        50.0,
                    )
                    links.append(replace(link, structure=Structure.TUNNEL) if name == tunnel else link)
    nodes = [RoadNode(NodeId(f"{c}{r}"), corner(c, r), "101") for c in range(size) for r in range(size)]
    return LiveRoads(RoadGraph(Roads(tuple(links), tuple(nodes))))


HOME, SCENE = corner(0, 0), corner(3, 0)
FREE = Duty("E1", "engine", "available", HOME)
SENT = replace(FREE, state="ordered", order="ord-1", scene=SCENE)


class Play:
    """One crew, second by second."""

    def __init__(self, roads: LiveRoads, duty: Duty = FREE, **habits: object) -> None:
        self.roads = roads
        self.crew = Crew(duty, lambda: self.roads, Habits(on_scene=(10.0, 10.0), **habits), Random(3))  # noqa: S311
        self.now = 0.0
        self.driven: list[str] = []

    def second(self, duty: Duty) -> str | None:
        self.now += 1.0
        return self.crew.act(duty, self.now, 1.0)

    def drives(self, duty: Duty, most: int = 400) -> int:
        """Seconds until it stands at the scene."""
        for second in range(most):
            self.second(duty)
            if distance_metres(self.crew.vehicle.at, SCENE) < 5 and self.crew.vehicle.way is None:
                return second
        pytest.fail("it never came")


def test_an_ordered_engine_turns_out_and_drives_to_the_scene_at_the_roads_speed():
    play = Play(grid())
    for _ in range(10):
        play.second(FREE)
    assert play.crew.vehicle.at == HOME
    seconds = play.drives(SENT)
    metres = distance_metres(HOME, SCENE)
    assert metres / seconds > 4
    assert 20 < seconds < 250


def test_a_closure_on_its_way_sends_it_round_another():
    roads = grid()
    play = Play(roads)
    for _ in range(24):
        play.second(SENT)
    assert play.crew.vehicle.way is not None
    assert "10-20" in play.crew.vehicle.way.ahead(play.crew.vehicle.along)
    roads.set_closures([Closure(ClosureId("c1"), frozenset({LinkId("10-20")}), Scope.FOR_ALL, "침수", AT)], AT)
    for _ in range(8):
        play.second(SENT)
    assert "10-20" not in play.crew.vehicle.way.ahead(play.crew.vehicle.along)
    play.drives(SENT)


@pytest.mark.parametrize("share", [0.13, 0.31, 0.47, 0.59, 0.71, 0.83])
def test_a_scene_off_the_road_is_reached_where_the_road_is_nearest_and_it_stays_there(share: float):
    beside = LonLat(corner(1, 0).lon + SIDE * share, corner(1, 0).lat - SIDE / 6)  # 55 m from the street
    play, sent = Play(grid(), hurry=4.0), replace(SENT, scene=beside)
    stood = []
    for _ in range(120):
        play.second(sent)
        stood.append(play.crew.vehicle.way is None and distance_metres(play.crew.vehicle.at, beside) < 60)
    assert stood[-1]
    assert stood == sorted(stood), "once there it does not drive off again"


def test_its_receiver_is_silent_in_a_tunnel_and_noisy_outside():
    play = Play(grid(tunnel="10-20"))
    heard = []
    for _ in range(200):
        play.second(SENT)
        told = play.crew.vehicle.told()
        inside = 1.05 * SIDE < play.crew.vehicle.at.lon - 127.0 < 1.95 * SIDE
        heard.append((inside, told is None))
        if told is not None:
            assert distance_metres(told.place, play.crew.vehicle.at) < 40
    assert (True, True) in heard
    assert (True, False) not in heard
    assert (False, False) in heard


def test_one_that_was_out_when_the_play_was_stopped_goes_on_from_where_it_was_seen():
    on_way = replace(SENT, state="en_route", place=corner(2, 0))
    play = Play(grid(), on_way)
    assert play.crew.vehicle.at == corner(2, 0)
    assert play.drives(on_way) < 90
    there = Play(grid(), replace(SENT, state="on_scene"))
    assert [there.second(replace(SENT, state="on_scene")) for _ in range(13)].count("clear") == 1
    assert Play(grid(), replace(FREE, place=corner(2, 0))).crew.vehicle.at == HOME


def test_crews_turn_out_as_slowly_as_their_kind_and_not_all_alike():
    habits = {"turnout": {"others": 60.0}, "spread": 0.3}
    stood = []
    for seed in range(5):
        play = Play(grid(), **habits)
        play.crew._chance.seed(seed)
        play.second(FREE)
        stood.append(next(second for second in range(300) if (play.second(SENT), play.crew.vehicle.way)[1]))
    assert len(set(stood)) > 1
    assert 25 < min(stood) < max(stood) < 150


def test_it_clears_after_its_work_and_goes_back_to_its_station():
    play = Play(grid())
    play.drives(SENT)
    there = replace(SENT, state="on_scene")
    said = [play.second(there) for _ in range(13)]
    assert said.count("clear") == 1
    for _ in range(400):
        play.second(replace(FREE, state="clear"))
    assert distance_metres(play.crew.vehicle.at, HOME) < 10


def test_a_patrol_car_roams_its_beat_and_an_engine_waits():
    patrol = replace(FREE, id="P1", kind="patrol")
    play, waiting = Play(grid(), patrol), Play(grid())
    for _ in range(120):
        play.second(patrol)
        waiting.second(FREE)
    assert distance_metres(play.crew.vehicle.at, HOME) > 20
    assert waiting.crew.vehicle.at == HOME


def test_where_not_all_can_drive_those_under_orders_do_first_and_of_every_kind_some():
    duties = [replace(FREE, id=f"E{n}") for n in range(5)] + [
        replace(FREE, id=f"A{n}", kind="ambulance") for n in range(5)
    ]
    duties[4] = replace(SENT, id="E4")
    chosen = [one.id for one in spread(duties, 4, set())]
    assert "E4" in chosen
    assert {"E0", "A0"} <= set(chosen)
    assert len(chosen) == 4
