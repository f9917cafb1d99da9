from datetime import UTC, datetime
from pathlib import Path

import pytest

from goldentime.core.errors import BadMessage
from goldentime.linkages.egen_beds import Area, EgenBeds
from goldentime.linkages.egen_beds.parse import parse

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2025, 11, 10, tzinfo=UTC)


def one_room(**fields: str) -> bytes:
    said = {"hpid": "A1", "dutyName": "새벌의료원", "hvec": "3", "hvidate": "20251110085512"} | fields
    item = "".join(f"<{name}>{value}</{name}>" for name, value in said.items())
    head = "<header><resultCode>00</resultCode><resultMsg>OK</resultMsg></header>"
    return f"<response>{head}<body><items><item>{item}</item></items></body></response>".encode()


def test_an_area_is_a_province_or_a_city_in_it():
    assert "STAGE2" not in EgenBeds(Area("경기도")).asks(NOW)[0].params
    params = EgenBeds(Area("경기도", "수원시")).asks(NOW)[0].params
    assert (params["STAGE1"], params["STAGE2"], params["pageNo"]) == ("경기도", "수원시", "1")


def test_of_a_room_told_twice_the_newer_entry_counts():
    report = parse((SAMPLES / "the_same_room_twice.xml").read_bytes())
    assert [(room.code, room.emergency) for room in report.rooms] == [("A9900001", 7)]


@pytest.mark.parametrize(("told", "beds"), [("12", 12), ("-3", -3), (" 4 ", 4), ("0", 0)])
def test_beds_may_be_fewer_than_none(told, beds):
    assert parse(one_room(hvec=told)).rooms[0].emergency == beds


@pytest.mark.parametrize("told", ["", "-", "없음", "3.5", "99999", "-99999", "９", "1e3"])
def test_what_is_no_count_of_beds_is_not_told(told):
    assert parse(one_room(hvec=told)).rooms[0].emergency is None


@pytest.mark.parametrize("stamp", ["", "20251310085512", "어제", "2025"])
def test_an_entry_without_a_time_has_none(stamp):
    assert parse(one_room(hvidate=stamp)).rooms[0].at is None


def test_doctors_names_and_phones_are_not_read():
    assert "홍길동" not in repr(parse(one_room(hvdnm="홍길동", hv1="010-0000-0000 홍길동")))


def test_an_attack_by_entities_is_refused():
    with pytest.raises(BadMessage, match="DTD or entities"):
        parse((SAMPLES / "attack.xml").read_bytes())
