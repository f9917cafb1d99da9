"""Lines without node ids: where they meet, in which direction they are driven, and what their words mean."""

import io

import pytest
import shapefile
from pyproj import Transformer

from fakes.road_files import METRE, line, shapefiles, zipped
from fakes.small_city import geojson
from goldentime.city.roads.line import Access, Roads, Structure
from goldentime.importers.errors import BadFile
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.roads.read import Asked, Box, Reading, RoadFormat
from goldentime.importers.source import SourceFile, read_source

KOREAN_PRJ = (
    'PROJCS["Korea_2000_Korea_Central_Belt_2010",GEOGCS["GCS_Korea_2000",DATUM["D_Korea_2000",'
    'SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",200000.0],PARAMETER["False_Northing",600000.0],'
    'PARAMETER["Central_Meridian",127.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",38.0],'
    'UNIT["Meter",1.0]]'
)


def plan(*features, known=Roads(), **asked):  # noqa: B008  (frozen)
    return plan_roads(SourceFile("roads.geojson", geojson(*features)), known, Asked(**asked))


def ways(roads):
    """Each link as the pair of spots it leads between, in whole metres."""
    spots = {node.id: (round((node.place.lon - 127) / METRE), round(node.place.lat / METRE)) for node in roads.nodes}
    return sorted((spots[link.from_node], spots[link.to_node]) for link in roads.links)


ACROSS, UP = [(-100, 0), (100, 0)], [(0, -100), (0, 100)]


def test_lines_that_end_together_share_a_node_and_lead_both_ways():
    found = plan(line((0, 0), (100, 0)), line((100, 0), (100, 50)))
    assert ways(found.roads) == [((0, 0), (100, 0)), ((100, 0), (0, 0)), ((100, 0), (100, 50)), ((100, 50), (100, 0))]
    assert found.report.counts["strong_nodes"] == 3
    assert any("일방통행" in note.ko for note in found.report.notes)


def test_a_street_that_ends_on_another_cuts_it_there():
    found = plan(line(*ACROSS), line((0, 0), (0, 80)))
    assert len(found.roads.links) == 6
    assert {node.kind for node in found.roads.nodes} == {"101", "102"}


def test_an_end_half_a_metre_short_is_drawn_up_and_told():
    found = plan(line(*ACROSS), line((0, 0.5), (0, 80)))
    assert len(found.roads.links) == 6
    assert found.report.counts["joined_ends"] == 1


def test_lines_that_merely_cross_meet_only_when_asked():
    assert len(plan(line(*ACROSS), line(*UP)).roads.links) == 4
    assert len(plan(line(*ACROSS), line(*UP), crossings=True).roads.links) == 8


def test_where_the_file_tells_bridges_lines_cross_at_grade_and_pass_under_them():
    flat = plan(line(*ACROSS, bridge="no"), line(*UP, bridge="no"))
    over = plan(line(*ACROSS, bridge="yes"), line(*UP, bridge="no"))
    assert (len(flat.roads.links), len(over.roads.links)) == (8, 4)
    assert {one.structure for one in over.roads.links} == {Structure.BRIDGE, Structure.GROUND}
    assert len(plan(line(*ACROSS, bridge="no"), line(*UP, bridge="no"), crossings=False).roads.links) == 4


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        (["yes", "no"], "+"), (["Y", "N"], "+"), ([1, 0], "+"), ([True, False], "+"), (["일방통행", "양방향"], "+"),
        (["-1", "no"], "-"), (["TF", "B"], "-"), (["T", "B"], "-"), (["F", "B"], "+"), (["T", "F"], "+"),
    ],
)  # fmt: skip
def test_oneway_is_recognised_however_it_is_written(words, direction):
    one, both = words
    found = plan(
        line((0, 0), (100, 0), ONEWAY=one, ID="a"),
        line((0, 50), (100, 50), ONEWAY=both, ID="b"),
    ).roads.links
    assert [link.id[-1] for link in found if link.id.startswith("line/a/")] == [direction]
    assert len([link for link in found if link.id.startswith("line/b/")]) == 2


def test_a_oneway_word_nobody_knows_counts_as_two_way_and_is_told():
    found = plan(line((0, 0), (100, 0), ONEWAY="반쪽"))
    assert len(found.roads.links) == 2
    assert any("반쪽" in note.ko for note in found.report.notes)


def test_lines_drawn_once_for_each_direction_are_driven_as_drawn():
    # each carriageway beside the other, as the Ministry draws them, with gaps of 12 m where they meet
    found = plan(
        line((0, 3), (500, 3)), line((500, 9), (0, 9)), line((510, 3), (990, 3)), line((990, 9), (510, 9)),
    )  # fmt: skip
    assert len(found.roads.links) == 4
    assert found.report.counts["strong_nodes"] == 3
    assert any("15 m" in note.en for note in found.report.notes)


def test_attributes_keep_their_meaning():
    road = line((0, 0), (100, 0), 차로수="4", 제한속도="50", 도로폭="14.5", 도로등급="지방도", ONEWAY="N")
    link = plan(road).roads.links[0]
    assert (link.lanes, link.max_kmh, link.width_m, link.rank, link.name) == (2, 50, 14.5, "106", "한빛로")
    osm = line((0, 0), (100, 0), highway="residential", access="private")
    link = plan(osm).roads.links[0]
    assert (link.rank, link.kind, link.max_kmh, link.free_kmh, link.access) == (
        "108", "residential", None, 30, Access.PRIVATE,
    )  # fmt: skip


def test_what_no_car_drives_on_and_what_repeats_is_set_aside():
    rows = [line((0, 0), (9, 0)), line((0, 5), (9, 5), highway="steps"), line((0, 0), (9, 0)), line((0, 0), (0, 0))]
    found = plan(*rows)
    assert [note.row for note in found.report.set_aside] == [2, 3, 4]
    assert found.report.rows_read == 4


def test_ids_come_from_the_file_or_the_line_itself_so_that_the_order_does_not_matter():
    a, b = line((0, 0), (100, 0), UFID="u1"), line((100, 0), (100, 50), UFID="u2")
    found = plan(a, b)
    assert {one.id for one in found.roads.links} == {"line/u1/0+", "line/u1/0-", "line/u2/0+", "line/u2/0-"}
    assert not plan(b, a, known=found.roads).changed
    a, b = line((0, 0), (100, 0)), line((100, 0), (100, 50))
    assert not plan(b, a, known=plan(a, b).roads).changed


def test_another_kind_of_network_gives_way_and_it_is_told():
    known = plan(line((0, 0), (100, 0))).roads
    links = geojson(line((0, 0), (100, 0), LINK_ID="1", F_NODE="A", T_NODE="B"))
    found = plan_roads(SourceFile("link.geojson", links), known)
    assert [one.id for one in found.roads.links] == ["1"]
    assert any("다른 종류" in note.ko for note in found.report.notes)
    nodes = geojson(
        {"type": "Feature", "properties": {"NODE_ID": "A"}, "geometry": {"type": "Point", "coordinates": [127, 0]}}
    )
    with pytest.raises(BadFile, match="links first"):
        plan_roads(SourceFile("node.geojson", nodes), known)


def test_node_link_may_be_taken_as_plain_lines_but_nothing_else_as_node_link():
    row = line((0, 0), (100, 0), LINK_ID="1", F_NODE="A", T_NODE="B")
    assert plan(row, format=RoadFormat.LINES).roads.links[0].id == "line/1/0+"
    with pytest.raises(BadFile):
        plan(line((0, 0), (100, 0)), format=RoadFormat.NODE_LINK)


def test_points_and_areas_are_refused():
    with pytest.raises(BadFile, match="Not a file of roads"):
        plan({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [127, 37]}})


def korean(lon, lat, system="EPSG:5186"):
    return Transformer.from_crs("EPSG:4326", system, always_xy=True).transform(lon, lat)


@pytest.mark.parametrize(("prj", "system"), [(KOREAN_PRJ, "EPSG:5186"), ("EPSG:5179", "EPSG:5179")])
def test_a_zipped_shapefile_in_korean_metres_and_letters_is_read(prj, system):
    parts = shapefiles([korean(127.0, 37.3, system), korean(127.01, 37.3, system)], name="한빛로")
    found = plan_roads(SourceFile("roads.zip", zipped(road={**parts, ".prj": prj.encode()})), Roads())
    link = found.roads.links[0]
    assert (link.name, found.report.encoding) == ("한빛로", "cp949")
    assert link.lines[0][0] == pytest.approx((127.0, 37.3), abs=1e-6)


def test_a_cpg_names_the_letters_and_wrong_letters_are_refused():
    parts = shapefiles([(127.0, 37.3), (127.01, 37.3)], name="가람로")
    named = {**parts, ".cpg": b"EUC-KR"}
    assert plan_roads(SourceFile("r.zip", zipped(road=named)), Roads()).roads.links[0].name == "가람로"
    with pytest.raises(BadFile, match="utf-8"):
        plan_roads(SourceFile("r.zip", zipped(road={**parts, ".cpg": b"UTF-8"})), Roads())


def test_a_shapefile_is_read_with_the_files_beside_it(tmp_path):
    for suffix, data in shapefiles([(127.0, 37.3), (127.01, 37.3)]).items():
        (tmp_path / f"road{suffix}").write_bytes(data)
    assert plan_roads(read_source(tmp_path / "road.shp"), Roads()).roads.links
    (tmp_path / "road.dbf").unlink()
    with pytest.raises(BadFile, match="dbf"):
        plan_roads(read_source(tmp_path / "road.shp"), Roads())


def test_metres_without_a_projection_are_refused_until_it_is_said():
    data = zipped(road=shapefiles([korean(127.0, 37.3), korean(127.01, 37.3)]))
    with pytest.raises(BadFile, match="--crs"):
        plan_roads(SourceFile("r.zip", data), Roads())
    found = plan_roads(SourceFile("r.zip", data), Roads(), Asked(crs="EPSG:5186"))
    assert found.roads.links[0].lines[0][0] == pytest.approx((127.0, 37.3), abs=1e-6)
    with pytest.raises(BadFile, match="Unknown coordinate system"):
        plan_roads(SourceFile("r.zip", data), Roads(), Asked(crs="EPSG:0"))


def test_the_ministrys_whole_delivery_in_one_zip_is_links_nodes_and_turns():
    a, b, c = (127.0, 37.3), (127.01, 37.3), (127.02, 37.3)
    one = shapefiles([a, b], LINK_ID="1", F_NODE="A", T_NODE="B", ROAD_RANK="103")
    first, second = io.BytesIO(), io.BytesIO()
    dbf = io.BytesIO()
    with shapefile.Writer(shp=first, shx=second, dbf=dbf, shapeType=shapefile.POLYLINE) as writer:
        for field in ("LINK_ID", "F_NODE", "T_NODE", "ROAD_RANK"):
            writer.field(field, "C", 20)
        for number, ends, points in (("1", "AB", [a, b]), ("2", "BC", [b, c]), ("3", "CA", [c, a])):
            writer.line([points])
            writer.record(number, ends[0], ends[1], "103")
    one = {".shp": first.getvalue(), ".shx": second.getvalue(), ".dbf": dbf.getvalue()}
    shp, shx, nodes = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=nodes, shapeType=shapefile.POINT) as writer:
        writer.field("NODE_ID", "C", 20)
        for name, spot in (("A", a), ("B", b), ("C", c)):
            writer.point(*spot)
            writer.record(name)
    turns = io.BytesIO()
    with shapefile.Writer(dbf=turns) as writer:
        for field in ("NODE_ID", "ST_LINK", "ED_LINK", "TURN_TYPE"):
            writer.field(field, "C", 20)
        writer.record("B", "1", "2", "003")
    data = zipped(
        MOCT_LINK=one,
        MOCT_NODE={".shp": shp.getvalue(), ".shx": shx.getvalue(), ".dbf": nodes.getvalue()},
        TURNINFO={".dbf": turns.getvalue()},
    )
    found = plan_roads(SourceFile("NODELINKDATA.zip", data), Roads())
    assert (found.report.layout, found.report.rows_read) == ("links+nodes+turns", 7)
    assert [(ban.from_link, ban.via_node, ban.to_link) for ban in found.roads.turns] == [("1", "B", "2")]
    assert not any(node.made for node in found.roads.nodes)
    assert not plan_roads(SourceFile("NODELINKDATA.zip", data), found.roads).changed


def test_of_a_whole_countrys_file_only_the_surroundings_are_read_and_it_is_told():
    out = {suffix: io.BytesIO() for suffix in (".shp", ".shx", ".dbf")}
    with shapefile.Writer(shp=out[".shp"], shx=out[".shx"], dbf=out[".dbf"], shapeType=shapefile.POLYLINE) as writer:
        writer.field("RN", "C", 20)
        for lon in (127.0, 127.3, 129.0):
            writer.line([[korean(lon, 37.3), korean(lon + 0.01, 37.3)]])
            writer.record("road")
    parts = {suffix: data.getvalue() for suffix, data in out.items()} | {".prj": KOREAN_PRJ.encode()}
    file = SourceFile("country.zip", zipped(road=parts))
    told = []
    near = Reading(Box(127.2, 37.2, 127.4, 37.4), told.append, many=2)
    found = plan_roads(file, Roads(), reading=near)
    assert [round(one.lines[0][0][0], 1) for one in found.roads.links if one.id.endswith("+")] == [127.3]
    assert any("2개" in note.ko for note in found.report.notes)
    assert len(plan_roads(file, Roads(), reading=Reading(near.around)).roads.links) == 6
    with pytest.raises(BadFile, match="near the city"):
        plan_roads(file, Roads(), reading=Reading(Box(10, 10, 11, 11), many=2))


@pytest.mark.parametrize("spoil", [lambda d: d[: len(d) // 2], lambda d: d[:60], lambda d: d[:90] + b"\xff" * 40])
def test_a_damaged_shapefile_is_refused(spoil):
    parts = shapefiles([(127.0, 37.3), (127.01, 37.3)])
    for part in (".shp", ".dbf"):
        with pytest.raises(BadFile):
            plan_roads(SourceFile("r.zip", zipped(road={**parts, part: spoil(parts[part])})), Roads())


@pytest.mark.parametrize("part", [".shp", ".dbf"])
def test_a_shapefile_that_was_cut_short_is_refused_even_where_its_records_end(part):
    out = {suffix: io.BytesIO() for suffix in (".shp", ".shx", ".dbf")}
    with shapefile.Writer(shp=out[".shp"], shx=out[".shx"], dbf=out[".dbf"], shapeType=shapefile.POLYLINE) as writer:
        writer.field("RN", "C", 20)
        for number in range(3):
            writer.line([[(127.0, 37.3 + number / 100), (127.01, 37.3)]])
            writer.record("road")
    parts = {suffix: data.getvalue() for suffix, data in out.items()}
    del parts[".shx"]
    assert len(plan_roads(SourceFile("r.zip", zipped(road=parts)), Roads()).roads.links) == 6
    record = (len(parts[part]) - 100) // 3 if part == ".shp" else 21
    parts[part] = parts[part][: -record - (part == ".dbf")]
    with pytest.raises(BadFile, match="cut short"):
        plan_roads(SourceFile("r.zip", zipped(road=parts)), Roads())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d[:-30], lambda d: d[:10], lambda d: d[5:], lambda d: b"PK\x03\x04" + d[9:],
        lambda d: d.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xf5"),
        lambda d: d.replace(b"folder/road.dbf", b"folder/road.xxx"),
    ],
)  # fmt: skip
def test_a_damaged_zip_is_refused(spoil):
    data = zipped(road=shapefiles([(127.0, 37.3), (127.01, 37.3)]))
    assert spoil(data) != data
    with pytest.raises(BadFile):
        plan_roads(SourceFile("r.zip", spoil(data)), Roads())
