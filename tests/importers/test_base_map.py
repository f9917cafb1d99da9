"""The offline base map is packed from the city's own files and read back tile by tile."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import cubao_tippecanoe
import pytest

from fakes.remembered_city import RememberedCity
from goldentime.city.places.boundary import Boundary, Layer, Part
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, Roads
from goldentime.importers import base_map
from goldentime.importers.base_map import MapNotPacked, NothingToDraw, build_base_map, build_city_map, road_class
from goldentime.importers.boundary import plan_boundary
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.source import read_source

SUWON = Path(__file__).parents[3] / "shared" / "cities" / "suwon"
SQUARE = ((((127.0, 37.2), (127.05, 37.2), (127.05, 37.25), (127.0, 37.25), (127.0, 37.2)),),)


def link(number: int, *, name: str = "가람로", rank: str = "107", lanes: int | None = 2) -> RoadLink:
    line = ((127.01, 37.2 + number * 0.002), (127.04, 37.2 + number * 0.002))
    return RoadLink(LinkId(str(number)), NodeId("a"), NodeId("b"), name, rank, (line,), lanes)


def features_of(path: Path, zoom: int = 14) -> list[dict]:
    """Every feature of the map at one zoom, decoded by the packing program's own reader."""
    reader = Path(cubao_tippecanoe.__file__).with_name("__cubao_tippecanoe_decode.exe")
    text = subprocess.run([reader, f"-Z{zoom}", f"-z{zoom}", path], capture_output=True, check=True).stdout
    found = []

    def walk(node: dict, layer: str) -> None:
        layer = node.get("properties", {}).get("layer", layer) if node["type"] == "FeatureCollection" else layer
        for each in node.get("features", []):
            if each["type"] == "FeatureCollection":
                walk(each, layer)
            else:
                found.append({"in": layer, **each["properties"]})

    walk(json.loads(text), "")
    return found


@pytest.fixture
def small_city() -> Boundary:
    dong = Part(Layer.ADMIN_DONG, "가온동", SQUARE)
    park = Part(Layer.PARK, "너른공원", SQUARE)
    return Boundary(SQUARE, (dong, Part(Layer.LEGAL_DONG, "옛가온동", SQUARE), park))


def test_roads_districts_and_names_are_all_on_the_map(tmp_path, small_city):
    made = build_base_map(small_city, Roads((link(1), link(2, name="-"))), tmp_path / "map" / "city.pmtiles")
    found = features_of(made.path)
    assert {"가람로"} == {each.get("name") for each in found if each["in"] == "roads"} - {None}
    assert {"가온동"} == {each["name"] for each in found if each["in"] == "district_names"}
    assert {"park"} == {each["kind"] for each in found if each["in"] == "areas"}
    assert any(each["in"] == "boundary" for each in found)


def test_the_description_beside_the_map_says_where_it_lies(tmp_path, small_city):
    build_base_map(small_city, Roads((link(1),)), tmp_path / "city.pmtiles", attribution="국토교통부")
    said = json.loads((tmp_path / "city.json").read_text(encoding="utf-8"))
    assert said["bounds"] == [127.0, 37.2, 127.05, 37.25]
    assert said["attribution"] == "국토교통부"
    assert said["layers"]["roads"] == 1


def test_a_map_of_openstreetmaps_roads_names_whose_they_are(tmp_path):
    city = RememberedCity()
    city.roads = Roads((replace(link(1), id=LinkId("way/1/0+")),))
    build_city_map(city, tmp_path / "city.pmtiles")
    assert "OpenStreetMap" in json.loads((tmp_path / "city.json").read_text(encoding="utf-8"))["attribution"]


def test_roads_nobody_counted_lanes_of_are_drawn_by_rank_and_width():
    residential, tertiary = link(1, rank="108", lanes=None), link(2, rank="107", lanes=None)
    assert [road_class(one) for one in (residential, tertiary, replace(tertiary, width_m=5.0))] == [4, 3, 4]


def test_roads_alone_make_a_map(tmp_path):
    made = build_base_map(None, Roads((link(1),)), tmp_path / "city.pmtiles")
    assert made.features == {"roads": 1}


def test_nothing_to_draw_is_said_and_nothing_is_written(tmp_path):
    with pytest.raises(NothingToDraw):
        build_base_map(None, Roads(), tmp_path / "city.pmtiles")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_packing_leaves_the_old_map(tmp_path, monkeypatch):
    old = tmp_path / "city.pmtiles"
    old.write_bytes(b"old")
    monkeypatch.setattr(base_map, "_TIPPECANOE", Path("/bin/false"))
    with pytest.raises(MapNotPacked):
        build_base_map(None, Roads((link(1),)), old)
    assert old.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["city.pmtiles"]


def test_motorways_are_drawn_wider_than_lanes():
    ranks = [link(1, rank="101"), link(1, rank="103"), link(1, rank="107", lanes=4), link(1, rank="107", lanes=1)]
    assert [road_class(each) for each in ranks] == [1, 2, 3, 4]


@pytest.mark.slow
def test_every_suwon_link_and_dong_name_reaches_the_map(tmp_path):
    if not SUWON.exists():
        assert os.environ.get("CI") != "true", "../shared is missing"
        pytest.skip("../shared is not here")
    roads = plan_roads(read_source(SUWON / "suwon_link.geojson"), Roads()).roads
    boundary = plan_boundary((SUWON / "suwon_dong_admin.geojson").read_bytes(), "dong.geojson", None).boundary
    made = build_base_map(boundary, roads, tmp_path / "city.pmtiles")
    found = features_of(made.path)
    assert {each["link"] for each in found if each["in"] == "roads"} == {each.id for each in roads.links}
    assert {each["name"] for each in found if each["in"] == "district_names"} == {part.name for part in boundary.parts}
    assert len(boundary.parts) == 44
    assert made.path.stat().st_size < 5_000_000
