"""The quickest way is the one that another library's search finds on the same turns and weights."""

from random import Random

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from fakes.clock import StandingClock
from fakes.remembered_city import RememberedCity
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.live import LiveRoads
from goldentime.importers.directory import import_city
from goldentime.importers.run import Importer
from goldentime.sim.city import write_sample_city

PAIRS = 200


@pytest.fixture(scope="module")
def gaon(tmp_path_factory):
    store = RememberedCity()
    import_city(Importer(store, StandingClock()), write_sample_city(tmp_path_factory.mktemp("gaon")).folder, _quietly)
    return LiveRoads(RoadGraph(store.load_roads()))


def _quietly(*_told):
    return


def matrix_of(live: LiveRoads) -> csr_matrix:
    """Entering a state by a turn and driving it through is one edge: its end stands for the link."""
    turns, onward = live.graph.turns, live.graph.turns.onward
    through, states = live.now.everyday[turns.link_of], len(turns.link_of)
    origin = np.repeat(np.arange(states), np.diff(onward.start))
    usable = np.isfinite(through[origin]) & np.isfinite(through[onward.other]) & np.isfinite(onward.everyday)
    weight = onward.everyday[usable] + through[onward.other[usable]]
    return csr_matrix((weight, (origin[usable], onward.other[usable])), shape=(states, states))


@pytest.mark.slow
def test_a_route_takes_as_long_as_scipys_shortest_path_for_random_pairs_of_the_sample_city(gaon: LiveRoads) -> None:
    graph, matrix, chance = gaon.graph, matrix_of(gaon), Random(20261123)  # noqa: S311  pairs, no secret
    public = np.flatnonzero(np.isfinite(gaon.now.everyday) & (graph.yard == 0)).tolist()
    compared = 0
    while compared < PAIRS:
        a, b = chance.sample(public, 2)
        theirs = float(dijkstra(matrix, indices=a)[graph.states_of(b)].min())
        route = gaon.route(graph.spot(graph.ids[a], 1.0), graph.spot(graph.ids[b], 1.0))
        if route is None:
            assert theirs == float("inf")
            continue
        assert route.seconds == pytest.approx(theirs, abs=1e-6)
        compared += 1
