from collections import Counter

import pytest

from fakes.clock import StandingClock
from fakes.remembered_city import RememberedCity
from goldentime.city.places.boundary import Layer
from goldentime.core.place import distance_metres
from goldentime.importers.coordinates import to_geometry
from goldentime.importers.directory import import_city
from goldentime.importers.run import Importer, address_index_of
from goldentime.sim.city import write_sample_city

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_sample_city(tmp_path_factory.mktemp("gaon"), rtsp_base="rtsp://127.0.0.1:8554")


@pytest.fixture(scope="module")
def imported(written):
    store = RememberedCity()
    return store, import_city(Importer(store, StandingClock()), written.folder, lambda *_: None)


def test_every_file_of_it_is_imported(imported):
    _, report = imported
    assert report.skipped == ()
    assert Counter(one.what for one in report.reports) == {
        "boundary": 4,
        "roads": 2,
        "cameras": 1,
        "places": 7,
        "streams": 1,
        "units": 1,
    }


def test_it_is_as_large_as_a_city_of_fifteen_hundred_sites(imported):
    store, _ = imported
    assert 1400 <= len(store.sites) <= 1600
    assert 4000 <= sum(site.cameras for site in store.sites.values()) <= 5000
    assert sum(site.bearing is not None for site in store.sites.values()) > 300


def test_its_units_can_be_told_apart_by_their_call_signs(imported):
    store, report = imported
    told = Counter((unit.agency, unit.call_sign) for unit in store.units.values())
    assert [sign for sign, times in told.items() if times > 1] == []
    (units,) = (one for one in report.reports if one.what == "units")
    assert units.flagged == ()


def test_its_spoilt_rows_show_what_the_importers_do(imported):
    _, report = imported
    (cameras,) = (one for one in report.reports if one.what == "cameras")
    assert Counter(note.code for note in cameras.set_aside) == {
        "digit_typo": 2,
        "empty_coordinates": 1,
        "duplicate": 1,
    }
    assert [note.code for note in cameras.repaired] == ["swapped"]


def test_its_roads_are_one_connected_network_whose_nodes_are_all_there(imported):
    roads = imported[0].roads
    ids = {node.id for node in roads.nodes}
    assert all(link.from_node in ids and link.to_node in ids for link in roads.links)
    onward = {}
    for link in roads.links:
        onward.setdefault(link.from_node, []).append(link.to_node)
    reached, stack = set(), [roads.links[0].from_node]
    while stack:
        node = stack.pop()
        if node not in reached:
            reached.add(node)
            stack.extend(onward.get(node, ()))
    assert reached == ids


def test_its_neighbourhoods_cover_it_without_overlap(imported):
    parts = [p for p in imported[0].boundary.parts if p.layer == Layer.LEGAL_DONG]
    shapes = [to_geometry(part.shape) for part in parts]
    outline = to_geometry(imported[0].boundary.outline)
    assert sum(shape.area for shape in shapes) == pytest.approx(outline.area, rel=0.01)
    assert len({part.name for part in parts}) == len(parts) >= 15


def test_reports_happen_where_cameras_play_and_their_words_find_the_place(written, imported):
    store, _ = imported
    index = address_index_of(store)
    assert len(store.streams) == 60
    for hotspot in written.hotspots:
        assert set(hotspot.cameras) <= set(store.streams)
        found = index.find(hotspot.words)
        assert found is not None
        assert distance_metres(found.place, hotspot.place) < 300


def test_its_streams_are_those_of_its_own_cameras(imported):
    store, _ = imported
    for camera_id, stream in store.streams.items():
        assert stream.url == f"rtsp://127.0.0.1:8554/cam/{camera_id}"
        site_id, _, number = camera_id.rpartition("-")
        assert int(number) <= store.sites[site_id].cameras


def test_the_same_seed_draws_the_same_city_and_another_seed_another(written, tmp_path):
    same = write_sample_city(tmp_path / "same", rtsp_base="rtsp://127.0.0.1:8554")
    other = write_sample_city(tmp_path / "other", seed=8)
    for path in written.folder.iterdir():
        assert (same.folder / path.name).read_bytes() == path.read_bytes()
    assert (other.folder / "gaon_link.geojson").read_bytes() != (same.folder / "gaon_link.geojson").read_bytes()
    assert not (other.folder / "gaon_vms_streams.csv").exists()
    store = RememberedCity()
    import_city(Importer(store, StandingClock()), other.folder, lambda *_: None)
    assert len(store.sites) > 1300
