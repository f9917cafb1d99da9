"""The importers over the two real cities' own files."""

import os
from pathlib import Path
from random import Random
from time import perf_counter

import pytest

from fakes.clock import StandingClock
from fakes.remembered_city import RememberedCity
from goldentime.city.places.place import PlaceKind
from goldentime.city.roads.line import Roads
from goldentime.core.place import distance_metres
from goldentime.importers.directory import import_city
from goldentime.importers.errors import BadFile
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.roads.read import Asked, RoadFormat
from goldentime.importers.run import Importer, address_index_of
from goldentime.importers.source import read_source
from goldentime.importers.table import read_table

CITIES = Path(__file__).parents[3] / "shared/cities"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CITIES.exists() and os.environ.get("CI") != "true", reason="needs ../shared"),
]
SUWON_ROADS = {  # nothing is joined: no two loose ends nearly meet but over a link of their own
    "nodes_in_use_before": 1069,
    "strong_nodes_before": 1039,
    "nodes_in_use": 1069,
    "strong_nodes": 1039,
    "missing_end_links": 129,
    "made_nodes": 67,
    "joined_ends": 0,
    "estimated_speeds": 680,
    "unknown_lanes": 680,
    "unreachable_links": 28,
    "no_way_back_links": 6,
}


def taken(name):
    store = RememberedCity()
    report = import_city(Importer(store, StandingClock()), CITIES / name, lambda *_: None)
    return store, {one.file_name: one for one in report.reports}, {one.file_name for one in report.skipped}


@pytest.fixture(scope="module")
def suwon():
    return taken("suwon")


@pytest.fixture(scope="module")
def jinju():
    return taken("jinju")


def test_suwons_inventory_is_read_to_the_last_row(suwon):
    report = suwon[1]["suwon_cctv_standard_20251024.csv"]
    assert (report.rows_read, report.counts["cameras_read"]) == (4934, 15_939)
    assert (report.kept, len(report.set_aside)) == (4918, 16)
    assert report.counts["cameras"] == sum(site.cameras for site in suwon[0].sites.values())
    assert not [note for note in report.set_aside if note.code == "duplicate"]


def test_every_boundary_of_suwon_puts_the_same_sixteen_points_outside():
    aside = set()
    for name in ("suwon_dong_admin", "suwon_dong_legal", "suwon_gu_legal", "sgg_2018", "admdong_2018"):
        importer = Importer(RememberedCity(), StandingClock())
        importer.boundary(read_source(CITIES / f"suwon/{name}.geojson"))
        report = importer.cameras(read_source(CITIES / "suwon/suwon_cctv_standard_20251024.csv"))
        aside.add(tuple(note.row for note in report.set_aside))
    assert len(aside) == 1
    assert len(aside.pop()) == 16


def test_suwons_four_invalid_polygons_are_mended():
    report = Importer(RememberedCity(), StandingClock()).boundary(
        read_source(CITIES / "suwon/suwon_dong_admin.geojson")
    )
    assert [note.code for note in report.repaired] == ["mended"] * 4


def test_suwons_roads_keep_what_the_ministry_says(suwon):
    links, nodes = suwon[1]["suwon_link.geojson"], suwon[1]["suwon_node.geojson"]
    assert (links.kept, nodes.kept) == (3028, 1003)
    assert links.counts["metres"] == pytest.approx(910_000, rel=0.01)
    told = " ".join(note.ko for note in nodes.notes)
    assert "680개" in told
    assert "129개" in told
    assert {key: nodes.counts[key] for key in SUWON_ROADS} == SUWON_ROADS
    assert all(link.max_kmh or link.estimated_kmh for link in suwon[0].roads.links)
    ends = {node.id for node in suwon[0].roads.nodes}
    assert all({link.from_node, link.to_node} <= ends for link in suwon[0].roads.links)


def test_what_crews_need_to_know_of_a_place_is_kept(suwon, jinju):
    hydrants = [one for one in jinju[0].places if one.kind is PlaceKind.HYDRANT]
    assert len(hydrants) == 1118
    assert all(one.extra["fcltySeNm"] == "소화전" and one.name.startswith("소화전 ") for one in hydrants)
    for city in (suwon, jinju):
        rooms = [one for one in city[0].places if one.kind is PlaceKind.EMERGENCY_ROOM]
        assert all(int(one.extra["cap"]) > 0 and one.phone for one in rooms)
        assert len([one for one in city[0].places if one.kind is PlaceKind.CENTRE_119]) > 5
    zones = [one for one in suwon[0].places if one.kind is PlaceKind.SCHOOL_ZONE]
    assert sum("보호구역도로폭" in one.extra for one in zones) > 100


def test_suwons_links_without_their_node_ids_connect_nearly_as_well():
    asked = Asked(format=RoadFormat.LINES)
    found = plan_roads(read_source(CITIES / "suwon/suwon_link.geojson"), Roads(), asked)
    assert found.report.kept == 3028
    assert found.report.counts["strong_nodes"] > 0.9 * found.report.counts["nodes_in_use"]
    assert 3028 <= len(found.roads.links) < 3200  # each drawn direction is driven as it is drawn


def test_helsinki_comes_with_its_turn_bans_and_signals():
    file = read_source(CITIES.parent / "standards/helsinki.osm.pbf")
    found = plan_roads(file, Roads())
    counts = found.report.counts
    assert (counts["ways"], counts["relations"], counts["links"], counts["signals"]) == (1018, 45, 1889, 135)
    assert sum(ban.kind == "only" for ban in found.roads.turns) == 29
    assert len(found.roads.turns) > 45  # the relations but one, and barriers
    assert counts["strong_nodes"] > 0.89 * counts["nodes_in_use"]  # the extract is cut at its edges
    assert not plan_roads(file, found.roads).changed


def test_suwons_older_file_is_understood(suwon):
    importer = Importer(RememberedCity(), StandingClock())
    importer.boundary(read_source(CITIES / "suwon/suwon_gu_legal.geojson"))
    report = importer.cameras(read_source(CITIES / "suwon/suwon_cctv_2020_old_standard_subset.csv"))
    assert (report.layout, report.rows_read) == ("older standard", 220)
    assert {note.row: note.code for note in report.set_aside} == {122: "duplicate", 154: "duplicate"}


def test_jinjus_inventory_is_read_in_its_own_layout_and_encoding(jinju):
    report = jinju[1]["jinju_cctv_20250501.csv"]
    assert (report.layout, report.encoding, report.rows_read) == ("other", "CP949", 1831)
    aside = {note.row: note.code for note in report.set_aside}
    assert (aside[104], aside[1675], aside[1832]) == ("digit_typo", "digit_typo", "digit_typo")  # 228.1, 32.2, 128.93
    assert sum(code == "duplicate" for code in aside.values()) == 7
    assert aside[1497] == "bad_count"


@pytest.mark.parametrize(
    ("city", "kinds"),
    [
        ("suwon", {"police_box": 23, "centre_119": 11, "emergency_room": 7, "shelter": 137, "fire_station": 2}),
        ("jinju", {"police_box": 13, "centre_119": 7, "emergency_room": 4, "hydrant": 1118, "fire_station": 1}),
    ],
)
def test_every_list_of_places_is_taken(request, city, kinds):
    places = request.getfixturevalue(city)[0].places
    for kind, count in kinds.items():
        assert sum(place.kind == PlaceKind(kind) for place in places) == count
    assert not any(place.estimated for place in places if place.kind != PlaceKind.FIRE_STATION)


def test_only_files_of_other_kinds_or_better_ones_beside_them_are_left_out(suwon, jinju):
    assert {"suwon_pop_grid500m.geojson", "disaster_message.csv", "police.csv", "sgg_2018.geojson"} < suwon[2]
    assert {"landslide_history.csv", "asos_daily_2018.csv", "taas_hotspot_12_19_schoolzone.csv"} < jinju[2]


@pytest.mark.parametrize("city", ["suwon", "jinju"])
def test_the_whole_city_again_changes_nothing(request, city):
    store = request.getfixturevalue(city)[0]
    before = len(store.records)
    report = import_city(Importer(store, StandingClock()), CITIES / city, lambda *_: None)
    assert not [one.file_name for one in report.reports if one.changed_anything]
    assert len(store.records) == before


def test_suwons_inventory_is_imported_in_three_seconds(suwon):
    store = RememberedCity()
    store.boundary = suwon[0].boundary
    file = read_source(CITIES / "suwon/suwon_cctv_standard_20251024.csv")
    start = perf_counter()
    Importer(store, StandingClock()).cameras(file)
    assert perf_counter() - start < 3


def test_half_of_suwons_addresses_locate_the_other_half_about_as_well_as_told(suwon):
    store = RememberedCity()
    store.boundary, store.roads = suwon[0].boundary, suwon[0].roads
    sites = list(suwon[0].sites.values())
    store.sites = {site.id: site for site in sites[::2]}
    index = address_index_of(store)
    found = [(index.find(site.lot_address), site) for site in sites[1::2] if site.lot_address]
    exact = [distance_metres(e.place, site.place) for e, site in found if e and e.how.value == "lot"]
    close = [distance_metres(e.place, site.place) <= e.uncertain_metres for e, site in found if e]
    assert sum(e is not None for e, _ in found) / len(found) > 0.95
    assert sorted(exact)[len(exact) // 2] < 100
    assert sum(close) / len(close) > 0.75
    assert sum(e is not None and e.uncertain_metres < 500 for e, _ in found) / len(found) > 0.75


def test_a_damaged_spreadsheet_is_read_or_refused_but_never_ends_us():
    whole = (CITIES / "suwon/suwon_police_box.xls").read_bytes()
    random = Random(1)  # noqa: S311  (damage, not a secret)
    outcomes = set()
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(20):
            data[random.randrange(len(data))] = random.randrange(256)
        try:
            outcomes.add(bool(read_table(bytes(data), "a.xls").rows))
        except BadFile as refused:
            outcomes.add(refused.code)
    assert "bad_file" in outcomes
