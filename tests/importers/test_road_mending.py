"""The Ministry's node-link: what its files leave out is made, joined or estimated, always anew, and told."""

import pytest

from fakes.small_city import geojson
from goldentime.city.roads.line import Access, Roads, Structure, TurnBan
from goldentime.importers.errors import BadFile
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.source import SourceFile

STEP = 0.01  # degrees between nodes: some 890 m
TURNS = "NODE_ID,TURN_ID,ST_LINK,ED_LINK,TURN_TYPE,TURN_OPER,REMARK\n"


def link(number, a, b, **more):
    """A link between nodes that stand on a line at 37.2; a node's number is its place on it."""
    line = [[127 + float(end) * STEP, 37.2] for end in (a, b)]
    properties = {
        "LINK_ID": number,
        "F_NODE": f"N{a}",
        "T_NODE": f"N{b}",
        "ROAD_RANK": "103",
        "MAX_SPD": 60,
        "LANES": 2,
    }
    return {
        "type": "Feature",
        "properties": properties | more,
        "geometry": {"type": "LineString", "coordinates": more.pop("line", line)},
    }


def node(at, **more):
    place = {"type": "Point", "coordinates": [127 + float(at) * STEP, 37.2]}
    return {"type": "Feature", "properties": {"NODE_ID": f"N{at}", "NODE_TYPE": "101"} | more, "geometry": place}


def plan(features, known=Roads(), name="file.geojson"):  # noqa: B008  (frozen)
    data = features if isinstance(features, bytes) else geojson(*features)
    return plan_roads(SourceFile(name, data), known)


def both(number, a, b, **more):
    return link(f"{number}", a, b, **more), link(f"{number}r", b, a, **more)


def codes(notes):
    return {note.name: note.code for note in notes}


def test_a_missing_end_node_is_made_where_its_links_end():
    links = plan([*both("1", 0, 1), *both("2", 1, 2)]).roads
    found = plan([node(0), node(1)], links)
    made = [one for one in found.roads.nodes if one.made]
    assert [(one.id, one.place.lon) for one in made] == [("N2", pytest.approx(127 + 2 * STEP))]
    assert codes(found.report.repaired) == {"N2": "made_node"}
    assert found.report.counts["missing_end_links"] == 2


def test_an_end_that_leads_one_way_only_is_joined_to_the_node_beside_it_and_comes_loose_again():
    # N2.005 is where the way out ends, 4.5 m beside N2 where the way in begins
    links = plan([*both("1", 0, 1), link("out", 1, 2.005), link("in", 2, 1)]).roads
    found = plan([node(0), node(1), node(2)], links)
    out = next(one for one in found.roads.links if one.id == "out")
    assert (out.to_node, out.told_to) == ("N2", "N2.005")
    assert codes(found.report.repaired) == {"N2.005": "joined_end"}
    assert found.report.counts["strong_nodes_before"] == 2
    assert found.report.counts["strong_nodes"] == 3
    better = plan([node(0), node(1), node(2), node(2.005)], found.roads)
    assert next(one for one in better.roads.links if one.id == "out").to_node == "N2.005"


def test_ends_farther_apart_or_of_one_short_link_are_not_joined():
    apart = plan([*both("1", 0, 1), link("out", 1, 2.02), link("in", 2, 1)]).roads
    assert plan([node(0), node(1), node(2)], apart).report.counts["joined_ends"] == 0
    stub = plan([*both("1", 0, 1), link("stub", 1, 1.005)]).roads
    assert plan([node(0), node(1)], stub).report.counts["joined_ends"] == 0


def test_an_unknown_speed_is_estimated_by_rank_and_kept_apart_from_given_ones():
    found = plan([link("1", 0, 1, MAX_SPD=0), link("2", 1, 2, MAX_SPD=0, CONNECT="101"), link("3", 2, 3)])
    one, ramp, told = found.roads.links
    assert (one.max_kmh, one.estimated_kmh, one.free_kmh) == (None, 60, 60)
    assert (ramp.max_kmh, ramp.free_kmh, ramp.ramp) == (None, 40, True)
    assert (told.max_kmh, told.estimated_kmh, told.free_kmh) == (60, None, 60)
    assert found.report.counts["estimated_speeds"] == 2


def test_what_a_link_says_of_height_weight_structure_and_use_is_kept():
    low = link("1", 0, 1, REST_H=450, REST_W=43200, ROAD_TYPE="002", ROAD_USE="1", LANES=0)
    found = plan([low, link("2", 1, 0)]).roads.links[0]
    assert (found.max_height_m, found.max_weight_t, found.lanes) == (4.5, 43.2, None)
    assert (found.structure, found.access) == (Structure.UNDERPASS, Access.CLOSED)


def test_parts_that_hang_loose_are_named_link_by_link():
    island = both("9", 5, 6)
    found = plan([*both("1", 0, 1), *both("2", 1, 2), link("3", 2, 3), link("4", 4, 0), *island])
    assert found.report.counts["strong_nodes"] == 3
    assert codes(found.report.flagged) == {
        "3": "no_way_back", "4": "unreachable", "9": "unreachable", "9r": "unreachable",
    }  # fmt: skip


def test_links_then_nodes_then_both_again_change_nothing_more():
    links = [*both("1", 0, 1), link("out", 1, 2.005), link("in", 2, 1)]
    first = plan([node(0), node(1), node(2)], plan(links).roads)
    assert not plan(links, first.roads).changed
    again = plan([node(0), node(1), node(2)], first.roads)
    assert not again.changed
    assert not again.report.changed_anything


def test_turns_are_bans_at_the_node_where_their_links_meet():
    known = plan([*both("1", 0, 1), *both("2", 1, 2)]).roads
    table = TURNS + "N1,T1,1,2,003,0,\nN1,T2,2r,1r,101,0,\nN1,T3,1,1r,011,0,\nN1,T4,2r,2,002,0,\n"
    found = plan(table.encode(), known, "TURNINFO.csv")
    assert found.roads.turns == (
        TurnBan("1", "N1", "2"), TurnBan("2r", "N1", "1r"), TurnBan("2r", "N1", "2", except_emergency=True),
    )  # fmt: skip
    assert (found.report.kept, found.report.counts["turns_allowed"]) == (4, 1)
    assert not plan(table.encode(), found.roads, "TURNINFO.csv").changed


def test_turns_of_unknown_links_or_kinds_are_set_aside():
    known = plan([*both("1", 0, 1), *both("2", 1, 2)]).roads
    table = TURNS + "N1,T1,1,77,003,0,\nN0,T2,1,2,003,0,\nN1,T3,1,2,999,0,\nN1,T4,1,2,003,0,\nN1,T5,1,2,003,0,\n"
    found = plan(table.encode(), known, "TURNINFO.csv")
    assert [note.name for note in found.report.set_aside] == ["T1", "T2", "T3", "T5"]
    assert len(found.roads.turns) == 1


def test_bans_follow_their_links_and_go_with_them():
    known = plan([*both("1", 0, 1), *both("2", 1, 2)]).roads
    banned = plan((TURNS + "N1,T1,1,2,003,0,\nN1,T2,2r,1r,003,0,\n").encode(), known, "t.csv").roads
    found = plan([*both("1", 0, 1), link("2", 1, 2)], banned)
    assert [ban.to_link for ban in found.roads.turns] == ["2"]
    assert any("1개" in note.ko for note in found.report.notes)


def test_turns_before_links_are_refused():
    with pytest.raises(BadFile, match="links first"):
        plan((TURNS + "N1,T1,1,2,003,0,\n").encode(), Roads(), "t.csv")


@pytest.mark.parametrize("line", [[[127.0, 37.2], [float("nan"), 37.2]], [[127.0, 37.2], [527.0, 37.2]], [[127, 37]]])
def test_links_without_a_usable_line_are_set_aside(line):
    found = plan([link("1", 0, 1), link("2", 1, 2, line=line), link("3", 1, 2, T_NODE="")])
    assert [note.row for note in found.report.set_aside] == [2, 3]


def test_a_link_that_ends_far_from_its_node_is_flagged():
    links = plan([*both("1", 0, 1)]).roads
    found = plan([node(0), node(1) | {"geometry": {"type": "Point", "coordinates": [127.02, 37.2]}}], links)
    assert codes(found.report.flagged) == {"1": "far_from_node", "1r": "far_from_node"}
