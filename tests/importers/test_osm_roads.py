"""OpenStreetMap: which ways are driven, by whom, in which direction and how fast, and what may not be turned into."""

import bz2

import osmium
import pytest

from fakes.road_files import EAST, NORTH, SOUTH, STAR, WEST, turn, xml
from goldentime.city.roads.line import Access, Roads, Structure
from goldentime.importers.errors import BadFile
from goldentime.importers.roads.osm_tags import Tags, access_of, find_street, read_kmh, read_size
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.roads.read import Box, Reading
from goldentime.importers.source import SourceFile


def plan(data, known=Roads(), name="city.osm"):  # noqa: B008  (frozen)
    return plan_roads(SourceFile(name, data), known)


def bans(found):
    return [(ban.from_link, ban.to_link, ban.kind) for ban in found.roads.turns]


def test_ways_are_cut_where_they_meet_and_ids_tell_way_piece_and_direction():
    found = plan(xml({1: (4, 0, 2), 2: ((3, 0), {"oneway": "yes"})}))
    assert [one.id for one in found.roads.links] == ["way/1/0+", "way/1/0-", "way/1/1+", "way/1/1-", "way/2/0+"]
    first = found.roads.links[0]
    assert (first.from_node, first.to_node, first.lines[0][0]) == ("node/4", "node/0", (126.999, 37.3))
    assert {node.id: node.kind for node in found.roads.nodes}["node/0"] == "101"
    assert not plan(xml({1: (4, 0, 2), 2: ((3, 0), {"oneway": "yes"})}), found.roads).changed


@pytest.mark.parametrize(
    ("tags", "links"),
    [
        ({"oneway": "-1"}, ["-"]), ({"junction": "roundabout"}, ["+"]), ({"highway": "motorway"}, ["+"]),
        ({"highway": "motorway", "oneway": "no"}, ["+", "-"]), ({"oneway": "yes", "oneway:bus": "no"}, ["+", "-"]),
        ({"highway": "footway"}, []), ({"highway": "steps"}, []), ({"highway": "construction"}, []),
        ({"highway": "pedestrian", "area": "yes"}, []), ({"highway": "footway", "emergency": "yes"}, ["+", "-"]),
    ],
)  # fmt: skip
def test_only_what_is_driven_and_only_the_way_it_is_driven(tags, links):
    found = plan(xml({1: ((0, 1), tags), 2: (2, 3)}))
    assert [one.id[-1] for one in found.roads.links if one.id.startswith("way/1/")] == links


def test_a_contraflow_bus_lane_is_for_emergency_vehicles():
    found = plan(xml({1: ((0, 1), {"oneway": "yes", "oneway:bus": "no"})}))
    assert [one.access for one in found.roads.links] == [Access.OPEN, Access.EMERGENCY]


@pytest.mark.parametrize(
    ("tags", "access"),
    [
        ({}, Access.OPEN), ({"access": "yes"}, Access.OPEN), ({"access": "private"}, Access.PRIVATE),
        ({"motor_vehicle": "destination"}, Access.PRIVATE),
        ({"access": "private", "emergency": "yes"}, Access.EMERGENCY),
        ({"access": "no", "bus": "yes"}, Access.EMERGENCY),
        ({"access": "no", "emergency": "designated"}, Access.EMERGENCY),
        ({"motor_vehicle": "no"}, Access.EMERGENCY), ({"access": "no"}, Access.CLOSED),
        ({"access": "no", "motor_vehicle": "yes"}, Access.OPEN),
        ({"motor_vehicle": "no", "emergency": "no"}, Access.CLOSED),
        ({"service": "emergency_access"}, Access.EMERGENCY),
    ],
)  # fmt: skip
def test_access_is_what_the_nearest_word_says(tags: Tags, access: Access):
    assert access_of(tags, "service") is access


@pytest.mark.parametrize(
    ("words", "kmh"),
    [
        ("50", 50), ("30 mph", 48.28032), ("50 km/h", 50), ("50;30", 30), ("KR:urban", 50), ("FI:rural", 80),
        ("DE:zone:30", 30), ("FI:zone30", 30), ("RU:60", 60), ("walk", 7),
        ("none", None), ("signals", None), ("", None),
        ("variable", None), ("0", None), ("10 knots", 18.52),
    ],
)  # fmt: skip
def test_speeds_are_read_in_every_unit_and_by_implication(words, kmh):
    assert read_kmh(words) == (kmh if kmh is None else pytest.approx(kmh))


@pytest.mark.parametrize(
    ("words", "size"),
    [("3.5", 3.5), ("3,5 m", 3.5), ("350 cm", 3.5), ("10'", 3.048), ("10'6\"", 3.2004), ("7.5 t", 7.5),
     ("3500 kg", 3.5), ("default", None), ("below_default", None), ("", None), ("0", None)],
)  # fmt: skip
def test_sizes_are_read_in_every_unit(words, size):
    assert read_size(words) == (size if size is None else pytest.approx(size))


def test_lanes_and_limits_of_each_direction_are_its_own():
    street = find_street(
        {"highway": "primary", "lanes": "3", "lanes:backward": "2", "maxspeed": "60", "maxspeed:backward": "40",
         "width": "11", "tunnel": "yes", "maxheight": "4.2"}
    )  # fmt: skip
    assert (street.forward.lanes, street.backward.lanes) == (1, 2)
    assert (street.forward.max_kmh, street.backward.max_kmh) == (60, 40)
    assert (street.structure, street.width_m, street.max_height_m) == (Structure.TUNNEL, 11, 4.2)


def test_a_way_without_a_limit_is_estimated_by_its_class():
    found = plan(xml({1: ((0, 1), {"highway": "primary_link"}), 2: ((0, 2), {"maxspeed": "30"})})).roads.links
    assert [(one.max_kmh, one.free_kmh, one.ramp) for one in found[::2]] == [(None, 40, True), (30, 30, False)]


def test_no_and_only_turns_are_kept_at_their_node():
    found = plan(xml(STAR, relations=[turn("no_left_turn", SOUTH, WEST), turn("only_straight_on", WEST, EAST)]))
    assert bans(found) == [("way/13/0-", "way/14/0+", "no"), ("way/14/0-", "way/12/0+", "only")]
    assert {ban.via_node for ban in found.roads.turns} == {"node/0"}


def test_a_u_turn_ban_forbids_the_link_back():
    assert bans(plan(xml(STAR, relations=[turn("no_u_turn", NORTH, NORTH)]))) == [("way/11/0-", "way/11/0+", "no")]


def test_a_turn_over_a_way_in_between_is_kept_whole():
    # the middle way 20 is itself cut in two by way 21
    places = {
        1: (127, 37.3),
        2: (127.001, 37.3),
        3: (127.002, 37.3),
        4: (127.003, 37.3),
        5: (127.004, 37.3),
        6: (127.002, 37.31),
    }
    ways = {10: (1, 2), 20: (2, 3, 4), 21: (3, 6), 30: (4, 5)}
    found = plan(xml(ways, places=places, relations=[turn("no_u_turn", 10, 30, via=("way", 20))]))
    (ban,) = found.roads.turns
    assert (ban.from_link, ban.via_node, ban.to_link) == ("way/10/0+", "node/2", "way/30/0+")
    assert ban.via_links == ("way/20/0+", "way/20/1+")


def test_signs_that_let_emergency_vehicles_through_say_so():
    found = plan(xml(STAR, relations=[turn("no_left_turn", SOUTH, WEST, **{"except": "psv;emergency"})]))
    assert [ban.except_emergency for ban in found.roads.turns] == [True]


@pytest.mark.parametrize(
    "relation",
    [
        ({"restriction:hgv": "no_left_turn"}, turn("no_left_turn", SOUTH, WEST)[1]),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, turn("no_left_turn", SOUTH, WEST)[1]),
        turn("no_left_turn", SOUTH, WEST, **{"except": "motorcar"}),
        turn("no_left_turn", SOUTH, 99),
        turn("no_left_turn", SOUTH, WEST, via=("node", 77)),
        ({"restriction": "no_left_turn"}, [("from", "way", SOUTH), ("to", "way", WEST)]),
    ],
)
def test_relations_that_mean_nothing_for_cars_are_set_aside_with_their_reason(relation):
    found = plan(xml(STAR, relations=[relation]))
    assert found.roads.turns == ()
    assert [note.name for note in found.report.set_aside] == ["relation/1"]


def test_traffic_lights_stand_at_nodes_of_their_own_and_give_them_names():
    signal = {"highway": "traffic_signals", "name": "한빛사거리"}
    found = plan(xml({1: (4, 0, 2)}, nodes={0: signal, 4: {"highway": "bus_stop", "name": "정류장"}}))
    nodes = {node.id: (node.signal, node.name) for node in found.roads.nodes}
    assert nodes == {"node/0": (True, "한빛사거리"), "node/2": (False, ""), "node/4": (False, "")}
    assert len(found.roads.links) == 4


@pytest.mark.parametrize(
    ("tags", "free"),
    [({"barrier": "bollard"}, False), ({"barrier": "bollard", "bollard": "removable"}, True),
     ({"barrier": "gate", "access": "private"}, True), ({"barrier": "gate"}, None),
     ({"barrier": "bollard", "motor_vehicle": "yes"}, None), ({"barrier": "kerb"}, None)],
)  # fmt: skip
def test_barriers_let_nobody_through_but_whom_they_open_for(tags, free):
    found = plan(xml({1: (4, 0, 2)}, nodes={0: tags}))
    expected = [] if free is None else [("way/1/0+", "way/1/1+", "no"), ("way/1/1-", "way/1/0-", "no")]
    assert bans(found) == expected
    assert all(ban.except_emergency is free for ban in found.roads.turns)


def test_what_lies_outside_the_extract_is_cut_off_or_set_aside():
    found = plan(xml({1: (4, 0, 88, 2, 3), 2: (77, 78)}))
    ends = [(one.from_node, one.to_node) for one in found.roads.links if one.id.endswith("+")]
    assert ends == [("node/4", "node/0"), ("node/2", "node/3")]
    assert [note.name for note in found.report.set_aside] == ["way/2"]


def test_a_way_that_closes_on_itself_is_a_link_back_to_its_node():
    found = plan(xml({1: (4, 0), 2: ((0, 1, 2, 0), {"oneway": "yes"})}))
    assert [(one.from_node, one.to_node) for one in found.roads.links if one.id.startswith("way/2")] == [
        ("node/0", "node/0")
    ]


def pbf(tmp_path, data):
    source, packed = tmp_path / "a.osm", tmp_path / "a.osm.pbf"
    source.write_bytes(data)
    with osmium.SimpleWriter(str(packed)) as writer:
        for one in osmium.FileProcessor(str(source)):
            writer.add(one)
    return packed.read_bytes()


def test_pbf_and_packed_xml_say_the_same(tmp_path):
    data = xml(STAR, relations=[turn("no_left_turn", SOUTH, WEST)])
    expected = plan(data).roads
    assert plan(pbf(tmp_path, data), name="a.osm.pbf").roads == expected
    assert plan(bz2.compress(data), name="a.osm.bz2").roads == expected


@pytest.mark.parametrize(
    "spoil", [lambda d: d[: len(d) // 2], lambda d: d[:40], lambda d: d[:-5], lambda d: d[:60] + b"x" * 60]
)
def test_a_damaged_or_cut_extract_is_refused_in_words(tmp_path, spoil):
    data = pbf(tmp_path, xml(STAR))
    with pytest.raises(BadFile, match="damaged or cut short"):
        plan(spoil(data), name="a.osm.pbf")


@pytest.mark.parametrize(
    "data",
    [
        b"<osm version='0.6'><way id='1'>",
        b"<osm version='0.6'><node id='x'/></osm>",
        xml(STAR).replace(b"'37.3'", b"'north'"),
    ],
)
def test_damaged_xml_is_refused_in_words(data):
    with pytest.raises(BadFile, match="damaged"):
        plan(data)


def test_of_a_whole_countrys_extract_only_the_surroundings_are_read():
    data = xml(STAR, relations=[turn("no_left_turn", SOUTH, WEST)])
    near = Reading(Box(126.9, 37.3005, 127.1, 37.4), big_bytes=1)
    found = plan_roads(SourceFile("city.osm", data), Roads(), reading=near)
    assert [one.id for one in found.roads.links] == ["way/11/0+", "way/11/0-"]
    assert (found.report.counts["relations"], found.report.set_aside) == (0, ())
    assert any("3개" in note.ko for note in found.report.notes)


def test_an_extract_without_roads_is_refused():
    with pytest.raises(BadFile, match="no road"):
        plan(xml({1: ((0, 1), {"highway": "footway"})}))
