"""Which part of a network hangs together, held against scipy; and that no damaged file ends us."""

from random import Random

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from fakes.road_files import STAR, line, shapefiles, turn, xml, zipped
from fakes.small_city import geojson
from goldentime.city.roads.line import Access, LinkId, NodeId, RoadLink, Roads
from goldentime.importers.errors import BadFile
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.roads.reach import reach_of
from goldentime.importers.source import SourceFile

SPOT = (((127.0, 37.0), (127.0, 37.1)),)


def link(number, a, b, access=Access.OPEN):
    return RoadLink(LinkId(str(number)), NodeId(str(a)), NodeId(str(b)), "", "107", SPOT, access=access)


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_part_is_as_large_as_scipys_and_the_rest_is_named(seed):
    random = Random(seed)  # noqa: S311  (the same every time)
    count = random.randint(5, 300)
    ends = [(random.randrange(count), random.randrange(count)) for _ in range(int(count * random.uniform(0.8, 2)))]
    reach = reach_of([link(n, a, b) for n, (a, b) in enumerate(ends)])
    used = sorted({end for pair in ends for end in pair})
    rows = np.array([[used.index(a), used.index(b)] for a, b in ends]).T
    graph = coo_matrix((np.ones(len(ends)), rows), shape=(len(used), len(used)))
    _, part = connected_components(graph, connection="strong")
    assert (reach.nodes, len(reach.strong)) == (len(used), np.bincount(part).max())
    reached, leaving = walked(ends, reach.strong), walked([(b, a) for a, b in ends], reach.strong)
    assert reach.unreachable == tuple(str(n) for n, (a, _) in enumerate(ends) if a not in reached)
    assert reach.no_way_back == tuple(str(n) for n, (a, b) in enumerate(ends) if a in reached and b not in leaving)


def walked(ends, starts):
    """Every node come to from the starts, found by trying all links until nothing is new."""
    seen = {int(start) for start in starts}
    while new := {b for a, b in ends if a in seen} - seen:
        seen |= new
    return seen


def test_a_road_not_opened_yet_leads_nowhere():
    links = [link(1, "a", "b"), link(2, "b", "a"), link(3, "b", "c", Access.CLOSED), link(4, "c", "b", Access.CLOSED)]
    assert len(reach_of(links).strong) == 2
    assert len(reach_of(links, closed=True).strong) == 3


def test_no_roads_reach_nothing():
    assert reach_of([]).nodes == 0


def damaged(data: bytes, random: Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.randint(1, 4)):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


@pytest.mark.parametrize("kind", ["osm", "shp", "dbf", "zip", "geojson"])
def test_a_damaged_file_is_read_or_refused_but_never_ends_us(kind):
    parts = shapefiles([(127.0, 37.3), (127.01, 37.3)], RN="x", ONEWAY="F")
    whole = {
        "osm": xml(STAR, nodes={0: {"barrier": "gate"}}, relations=[turn("no_u_turn", 11, 12)]),
        "zip": zipped(road=parts),
        "geojson": geojson(line((0, 0), (100, 0), oneway="yes"), line((100, 0), (100, 50), maxspeed="50")),
    }
    random, refused = Random(kind), 0  # noqa: S311  (the same every time)
    for _ in range(60):
        if kind in whole:
            file = SourceFile(f"a.{kind}", damaged(whole[kind], random))
        else:
            spoilt = {**parts, f".{kind}": damaged(parts[f".{kind}"], random)}
            file = SourceFile("a.shp", spoilt.pop(".shp"), spoilt)
        try:
            plan_roads(file, Roads())
        except BadFile:
            refused += 1
    assert refused
