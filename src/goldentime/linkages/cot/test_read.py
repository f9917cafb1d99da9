import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage
from goldentime.core.place import LonLat
from goldentime.linkages.cot.read import LARGEST_EVENT, CotEvent, read_event

SAMPLES = Path(__file__).parent / "samples"
PATROL = (SAMPLES / "patrol.xml").read_bytes()
SHARED = Path(__file__).parents[5] / "shared/standards/cot/xml"


def test_a_patrol_cars_event_says_where_it_is_and_how_it_drives():
    assert read_event(PATROL) == CotEvent(
        uid="GT-PATROL-12",
        kind="a-f-G-E-V-C",
        at=datetime(2025, 11, 10, tzinfo=UTC),
        stale=datetime(2025, 11, 10, 0, 2, tzinfo=UTC),
        place=LonLat(127.0286, 37.2636),
        accuracy_m=6.5,
        call_sign="순12",
        speed_ms=12.5,
        course=270.0,
    )


def test_what_takes_no_position_yet_is_nowhere():
    event = read_event((SAMPLES / "nowhere.xml").read_bytes())
    assert (event.place, event.accuracy_m, event.speed_ms, event.call_sign) == (None, None, None, "")


@pytest.mark.parametrize(
    "attack",
    [
        (SAMPLES / "attack.xml").read_bytes(),
        b'<!DOCTYPE event [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><event>&b;</event>',
        b'<!DOCTYPE event SYSTEM "http://127.0.0.1/evil.dtd"><event/>',
    ],
)
def test_entities_and_dtds_are_refused(attack):
    with pytest.raises(BadMessage, match="DTD or entities"):
        read_event(attack)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b'uid="GT-PATROL-12"', b""), "mandatory"),
        ((b"<point", b"<paint"), "mandatory"),
        ((b'lat="37.2636000"', b'lat="97.2"'), "Not coordinates"),
        ((b'lat="37.2636000"', b'lat="north"'), "not a number"),
        ((b'time="2025-11-10T00:00:00.000Z"', b'time="yesterday"'), "time in time"),
        ((b'time="2025-11-10T00:00:00.000Z"', b'time="2025-11-10T00:00:00"'), "time in time"),
        ((b"<event", b"<occasion"), "cannot be read"),
        ((b"UTF-8", b"EBCDIC-KO"), "cannot be read"),
    ],
)
def test_a_bad_event_is_named_by_what_is_wrong(change, said):
    with pytest.raises(BadMessage, match=said):
        read_event(PATROL.replace(*change))


def test_an_endless_event_is_not_read():
    with pytest.raises(BadMessage, match="too large"):
        read_event(PATROL + b" " * LARGEST_EVENT)


@given(st.lists(st.tuples(st.integers(0, len(PATROL) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_event_is_read_or_named_bad_and_nothing_else(changes):
    damaged = bytearray(PATROL)
    for at, byte in changes:
        damaged[at] = byte
    with suppress(BadMessage):
        assert read_event(bytes(damaged)).kind


@pytest.mark.skipif(not SHARED.exists() and os.environ.get("CI") != "true", reason="needs ../shared")
def test_every_real_event_of_the_standards_collection_is_read():
    read = {path.name: read_event(path.read_bytes()) for path in sorted(SHARED.glob("*.xml"))}
    assert len(read) >= 16
    vehicle = read["cot-itak_0.xml"]
    assert (vehicle.call_sign, vehicle.kind, vehicle.accuracy_m) == ("DFPC-iSchmidt", "a-f-G-E-V-C", None)
    assert vehicle.place == LonLat(-107.72376567, 41.52309645)
    assert vehicle.course == 137.23542786
    assert read["cot-uas-tool_1.xml"].course == pytest.approx(251.1)  # written as -108.9
