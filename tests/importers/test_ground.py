import pytest

from fakes.small_city import EAST, NORTH, SOUTH, WEST, codes, geojson, square
from goldentime.city.places.boundary import Layer
from goldentime.city.roads.line import Roads
from goldentime.importers.boundary import plan_boundary
from goldentime.importers.coordinates import Area
from goldentime.importers.errors import BadFile
from goldentime.importers.roads.plan import plan_roads as plan_file
from goldentime.importers.source import SourceFile

MIDDLE = (WEST + EAST) / 2
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[127.0, 37.2], [127.1, 37.3], [127.1, 37.2], [127.0, 37.3], [127.0, 37.2]]],
}


def plan_roads(data, name, known):
    return plan_file(SourceFile(name, data), known)


def halves():
    west, east = {"EMD_CD": "1", "EMD_KOR_NM": "서동"}, {"EMD_CD": "2", "EMD_KOR_NM": "동동"}
    return square(east=MIDDLE, **west), square(west=MIDDLE, **east)


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def link(number, lines=(((127.0, 37.2), (127.01, 37.2)),), **more):
    properties = {"LINK_ID": number, "F_NODE": "1", "T_NODE": "2", "ROAD_RANK": "107", "ROAD_NAME": "한빛로"}
    properties |= {"MAX_SPD": 50.0, "LANES": 2.0, "ROAD_NO": "-"} | more
    return feature({"type": "MultiLineString", "coordinates": lines}, **properties)


def node(number, lon=127.0, **more):
    return feature({"type": "MultiPoint", "coordinates": [[lon, 37.2]]}, NODE_ID=number, NODE_TYPE="101", **more)


def test_the_parts_of_a_boundary_make_one_city_and_keep_their_names():
    found = plan_boundary(geojson(*halves()), "dong.geojson", None)
    assert {part.name for part in found.boundary.parts} == {"서동", "동동"}
    assert len(found.boundary.outline) == 1
    assert {part.layer for part in found.boundary.parts} == {Layer.LEGAL_DONG}
    assert Area(found.boundary).metres_outside(MIDDLE, 37.25) == 0


def test_an_invalid_polygon_is_mended_and_said_so():
    found = plan_boundary(geojson(feature(BOW_TIE, ADM_DR_NM="나비동")), "dong.geojson", None)
    assert codes(found.report.repaired) == {1: "mended"}
    area = Area(found.boundary)
    assert area.metres_outside(127.09, 37.25) == 0
    assert area.metres_outside(127.05, 37.29) > 0


def test_polygons_without_area_or_outside_korea_are_set_aside():
    flat = feature({"type": "Polygon", "coordinates": [[[127, 37], [127.1, 37], [127, 37]]]}, EMD_KOR_NM="납작동")
    abroad = square(west=2.0, east=2.1, EMD_KOR_NM="파리동")
    found = plan_boundary(geojson(*halves(), flat, abroad, feature(None, EMD_KOR_NM="빈동")), "d.geojson", None)
    assert [note.row for note in found.report.set_aside] == [3, 4, 5]


@pytest.mark.parametrize("number", [b"1e999", b"NaN", b"-Infinity"])
def test_a_polygon_with_impossible_numbers_is_set_aside(number):
    data = geojson(*halves()).replace(b"127.0,", number + b",", 1)
    assert [note.row for note in plan_boundary(data, "d.geojson", None).report.set_aside] == [1]


def test_layers_stand_side_by_side_and_the_most_detailed_one_gives_the_outline():
    first = plan_boundary(geojson(*halves()), "dong.geojson", None).boundary
    coarse = square(south=SOUTH + 0.002, SIG_CD="9", SIG_KOR_NM="새벌시")
    both = plan_boundary(geojson(coarse), "city.geojson", first).boundary
    assert {part.layer for part in both.parts} == {Layer.CITY, Layer.LEGAL_DONG}
    assert Area(both).metres_outside(MIDDLE, SOUTH + 0.001) == 0


def test_the_same_boundary_again_changes_nothing():
    first = plan_boundary(geojson(*halves()), "dong.geojson", None).boundary
    again = plan_boundary(geojson(*halves()), "dong.geojson", first)
    assert not again.changed
    assert not again.report.changed_anything


def test_another_citys_boundary_starts_anew_and_says_so():
    first = plan_boundary(geojson(*halves()), "dong.geojson", None).boundary
    other = plan_boundary(geojson(square(128.0, 35.1, 128.1, 35.2, SIG_KOR_NM="먼시")), "city.geojson", first)
    assert {part.name for part in other.boundary.parts} == {"먼시"}
    assert other.report.notes


def test_water_and_parks_are_kept_but_are_not_the_city():
    first = plan_boundary(geojson(*halves()), "dong.geojson", None).boundary
    lake = square(east=WEST + 0.01, north=NORTH + 0.05, name="큰호수")
    both = plan_boundary(geojson(lake), "water.geojson", first).boundary
    assert {part.layer for part in both.parts} == {Layer.WATER, Layer.LEGAL_DONG}
    assert both.outline == first.outline
    with pytest.raises(BadFile):
        plan_boundary(geojson(lake), "water.geojson", None)


def test_a_boundary_in_korean_metres_is_brought_to_longitude_and_latitude():
    ring = [[200000, 500000], [204000, 500000], [204000, 504000], [200000, 504000], [200000, 500000]]
    data = geojson(feature({"type": "Polygon", "coordinates": [ring]}, name="미터동"), crs="urn:ogc:def:crs:EPSG::5181")
    found = plan_boundary(data, "m.geojson", None)
    assert Area(found.boundary).metres_outside(127.02, 38.01) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b'{"type": "FeatureCollection"}',
        b'{"features": []}',
        b'{"features": [1, {"geometry": {"type": "Polygon", "coordinates": "x"}}]}',
        b'{"features": [], "crs": {"properties": {"name": "EPSG:99999"}}}',
        b"[" * 5000,
    ],
)
def test_what_is_no_geojson_is_refused(data):
    with pytest.raises(BadFile):
        plan_boundary(data, "x.geojson", None)


def test_links_keep_their_ids_and_say_nothing_where_the_file_says_nothing():
    found = plan_roads(geojson(link("20", MAX_SPD=0), link("10")), "link.geojson", Roads())
    first, second = found.roads.links
    assert (first.id, first.name, first.rank, first.lanes, first.max_kmh) == ("10", "한빛로", "107", 2, 50.0)
    assert (second.max_kmh, second.road_no) == (None, "")
    assert found.report.counts["metres"] == pytest.approx(2 * 885, abs=4)


def test_nodes_join_the_links_and_missing_ends_are_counted():
    links = plan_roads(geojson(link("10"), link("11", T_NODE="7")), "link.geojson", Roads()).roads
    found = plan_roads(geojson(node("1", NODE_NAME="큰사거리"), node("2", NODE_NAME="-")), "node.geojson", links)
    assert len(found.roads.links) == 2
    assert [(one.id, one.name, one.made) for one in found.roads.nodes] == [
        ("1", "큰사거리", False), ("2", "", False), ("7", "", True),
    ]  # fmt: skip
    assert any("1개" in note.ko for note in found.report.notes)


def test_repeated_and_broken_links_are_set_aside():
    point = feature({"type": "Point", "coordinates": [127, 37]}, LINK_ID="9", F_NODE="1")
    found = plan_roads(geojson(link("10"), link("10"), point, link("")), "link.geojson", Roads())
    assert [note.row for note in found.report.set_aside] == [2, 3, 4]
    assert found.report.rows_read == 4


def test_a_newer_network_tells_what_changed():
    old = plan_roads(geojson(link("1"), link("2"), link("3")), "link.geojson", Roads()).roads
    counts = plan_roads(geojson(link("1"), link("2", LANES=4), link("4")), "link.geojson", old).report.counts
    assert [counts[key] for key in ("added", "changed", "removed", "unchanged")] == [1, 1, 1, 1]


def test_other_lines_are_refused():
    with pytest.raises(BadFile):
        plan_roads(geojson(square(name="x")), "x.geojson", Roads())
