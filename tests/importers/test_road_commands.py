"""`goldentime import roads` and a city's folder, with road files of every kind."""

import json

import pytest
from typer.testing import CliRunner

from fakes.clock import StandingClock
from fakes.remembered_city import RememberedCity
from fakes.small_city import csv_of, geojson
from goldentime.edges.cli.imports import build


def line(a, b, **properties):
    geometry = {"type": "LineString", "coordinates": [[127 + a / 100, 37.2], [127 + b / 100, 37.2]]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def link(number, a, b):
    return line(a, b, LINK_ID=number, F_NODE=f"N{a}", T_NODE=f"N{b}", ROAD_RANK="103")


def node(at):
    place = {"type": "Point", "coordinates": [127 + at / 100, 37.2]}
    return {"type": "Feature", "properties": {"NODE_ID": f"N{at}", "NODE_TYPE": "101"}, "geometry": place}


LINKS = geojson(link("1", 0, 1), link("2", 1, 0), link("3", 1, 2))
NODES = geojson(node(0), node(1))
TURNS = csv_of(("NODE_ID", "ST_LINK", "ED_LINK", "TURN_TYPE"), ("N1", "1", "3", "003"))
OSM = (
    b"<osm version='0.6'><node id='1' lon='127' lat='37.2' version='1'/>"
    b"<node id='2' lon='127.01' lat='37.2' version='1'/>"
    b"<way id='5' version='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='primary'/></way></osm>"
)


@pytest.fixture
def city():
    return RememberedCity()


@pytest.fixture
def run(city, tmp_path):
    def run_(*words, name="roads.geojson"):
        if isinstance(words[1], bytes):
            (tmp_path / name).write_bytes(words[1])
            words = (words[0], str(tmp_path / name), *words[2:])
        return CliRunner().invoke(build(lambda _: city, StandingClock()), list(words))

    return run_


def test_json_tells_what_was_mended_and_what_cannot_be_left_again(run):
    run("roads", NODES)
    told = json.loads(run("roads", LINKS, "--json").stdout)
    assert [told[key] for key in ("links", "nodes", "made_nodes", "strong_nodes", "no_way_back_links")] == [
        3,
        3,
        1,
        2,
        1,
    ]
    assert [note["name"] for note in told["repaired"]] == ["N2"]
    assert [(note["name"], note["row"]) for note in told["flagged"]] == [("3", 3)]
    assert all(set(note["reason"]) == {"ko", "en"} for note in told["repaired"] + told["flagged"])


def test_the_table_tells_the_same_in_words(run):
    shown = run("roads", LINKS).stdout
    assert "서로 오갈 수 있는 노드" in shown
    assert "되돌아올 수 없는 링크" in shown


def test_the_same_roads_again_write_nothing(run, city):
    for _ in range(2):
        run("roads", LINKS)
        run("roads", NODES)
    assert len(city.records) == 2


def test_a_failure_while_writing_leaves_the_old_network(run, city):
    run("roads", LINKS)
    before = city.roads
    city.fails = True
    assert run("roads", OSM, name="a.osm").exit_code != 0
    assert city.roads == before


def test_what_the_person_says_of_the_file_is_heeded(run, city):
    assert run("roads", LINKS, "--format", "osm").exit_code == 1
    assert run("roads", LINKS, "--format", "lines", "--meet", "2").exit_code == 0
    assert {one.id for one in city.roads.links} >= {"line/1/0+"}
    assert run("roads", LINKS, "--meet", "0").exit_code == 2
    assert run("roads", LINKS, "--format", "guess").exit_code == 2


def test_a_refused_file_is_told_in_both_languages_and_ends_with_1(run, city):
    answer = run("roads", b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"x" * 50, "--json", name="a.osm.pbf")
    assert answer.exit_code == 1
    text = json.loads(answer.stdout)["error"]["text"]
    assert "손상" in text["ko"]
    assert "damaged" in text["en"]
    assert not city.roads.links


def folder_of(tmp_path, **files):
    folder = tmp_path / "city"
    folder.mkdir()
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return str(folder)


def test_a_folder_takes_links_nodes_and_turns_in_order_and_leaves_other_networks(run, city, tmp_path):
    plain = geojson(line(0, 1, 차로수="2", 일방통행="N"))
    folder = folder_of(tmp_path, a__csv=TURNS, b__geojson=NODES, c__geojson=LINKS, d__osm=OSM, e__geojson=plain)
    told = json.loads(run("city", folder, "--json").stdout)
    assert [report["layout"] for report in told["reports"]] == ["links", "nodes", "turns"]
    assert {skipped["file"] for skipped in told["skipped"]} == {"d.osm", "e.geojson"}
    assert [(ban.from_link, ban.to_link) for ban in city.roads.turns] == [("1", "3")]


def test_a_folder_with_lines_only_takes_those_that_are_roads(run, city, tmp_path):
    roads, river = geojson(line(0, 1, 차로수="2")), geojson(line(0, 1, name="한빛천", width="30"))
    told = json.loads(run("city", folder_of(tmp_path, a__geojson=roads, b__geojson=river), "--json").stdout)
    assert [report["layout"] for report in told["reports"]] == ["lines"]
    assert {skipped["file"] for skipped in told["skipped"]} == {"b.geojson"}
    assert len(city.roads.links) == 2
