"""How lights are laid out on a road network for the simulator."""

from dataclasses import replace

import pytest

from fakes.roads import both_ways, node_at, suwon_roads
from goldentime.city.roads.line import Roads
from goldentime.sim.signals.controller import Controller
from goldentime.sim.signals.layout import lit_junctions
from goldentime.sim.signals.referee import Referee


def cross(lanes: int = 2) -> Roads:
    middle, north, east, south, west = node_at(1, 1), node_at(1, 2), node_at(2, 1), node_at(1, 0), node_at(0, 1)
    arms = (("N", north), ("E", east), ("S", south), ("W", west))
    links = [link for name, arm in arms for link in both_ways(name, arm, middle, lanes=lanes)]
    return Roads(tuple(links), (middle, north, east, south, west))


def test_opposite_arms_share_a_green_and_the_other_road_s_walkers_go_with_them() -> None:
    (junction,) = lit_junctions(cross())
    assert junction.approaches == {"N>", "E>", "S>", "W>"}
    assert junction.may_share("N>", "S>")
    assert not junction.may_share("N>", "E>")
    assert {frozenset(stage.greens) for stage in junction.stages} == {
        frozenset({"N>", "S>", "walk-2.1", "walk-0.1"}),
        frozenset({"E>", "W>", "walk-1.2", "walk-1.0"}),
    }
    assert junction.by_id["walk-1.2"].crossing_s == 7 + 4 * 3.25


def test_a_crossing_of_lanes_has_no_lights_unless_the_source_tells_of_them() -> None:
    assert lit_junctions(cross(lanes=1)) == ()
    roads = cross(lanes=1)
    told = replace(roads, nodes=(replace(roads.nodes[0], signal=True), *roads.nodes[1:]))
    assert len(lit_junctions(told)) == 1


def test_every_laid_out_junction_of_suwon_keeps_its_rules_until_a_unit_has_its_green() -> None:
    junctions = lit_junctions(suwon_roads())
    assert len(junctions) > 200
    for number, junction in enumerate(junctions):
        controller, referee = Controller(junction, 0), Referee(junction)
        approach = sorted(junction.approaches)[number % len(junction.approaches)]
        for now in range(0, 120, 1):
            if now == 11:
                assert controller.claim("u", approach) is None
            controller.tick(now)
            referee.look(controller.lights(), now)
            if junction.groups_of(approach) <= controller.lights().green and now > 11:
                break
        else:
            pytest.fail(f"{junction.id}: {approach} never green")
        assert now <= 11 + junction.longest_change_s + 1
