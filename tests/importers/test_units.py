"""A city's list of units, in the columns it happens to have."""

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.clock import StandingClock
from fakes.remembered_city import RememberedCity
from fakes.small_city import boundary, codes, csv_of
from fakes.spreadsheet import xlsx
from goldentime.adapters.sql import open_store
from goldentime.city.agencies.agency import Agency
from goldentime.city.places.place import Place, PlaceId, PlaceKind
from goldentime.city.units.unit import UnitKind, UnitState
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId, IncidentId, UnitId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile, ColumnsNotFound
from goldentime.importers.run import Importer
from goldentime.importers.run_cards import read_run_cards
from goldentime.importers.source import SourceFile
from goldentime.importers.table import read_table
from goldentime.importers.units.plan import KnownUnits, looks_like_units, plan_units

HEADER = ("호출명", "차종", "기관", "소속관서", "위도", "경도", "장비", "담당구역", "차폭")
ENGINE = ("매탄펌프1", "펌프차", "agency-119", "매탄119안전센터", "37.25", "127.05", "물탱크, 폼, 특수노즐", "", "2.5")
CAR = ("순찰12호", "순찰차", "agency-112", "매탄지구대", "37.26", "127.04", "", "매탄3동", "1900")
AGENCIES = (
    Agency(AgencyId("agency-119"), Text("소방 119", "Fire 119")),
    Agency(AgencyId("agency-112"), Text("경찰 112", "Police 112")),
)


def known(**more) -> KnownUnits:
    return KnownUnits(**({"units": {}, "agencies": AGENCIES, "boundary": boundary()} | more))


def test_columns_are_recognised_and_words_become_kinds_and_capabilities() -> None:
    plan = plan_units(csv_of(HEADER, ENGINE, CAR), "u.csv", known())
    engine, car = plan.put
    assert (engine.id, engine.kind, engine.agency, engine.width_m) == ("매탄펌프1", UnitKind.ENGINE, "agency-119", 2.5)
    assert engine.capabilities == {"water", "foam", "특수노즐"}
    assert (car.kind, car.beat, car.width_m, car.station) == (UnitKind.PATROL, "매탄3동", 1.9, LonLat(127.04, 37.26))
    assert plan.report.counts == {"units": 2, "added": 2, "changed": 0, "removed": 0, "unchanged": 0}


def test_a_spreadsheet_and_english_names_serve_as_well() -> None:
    rows = [
        ("unit_id", "call_sign", "kind", "agency", "lat", "lon"),
        ("E-1", "Engine 1", "engine", "Fire 119", 37.25, 127.05),
    ]
    (engine,) = plan_units(xlsx(units=rows), "u.xlsx", known()).put
    assert (engine.id, engine.call_sign, engine.agency) == ("E-1", "Engine 1", "agency-119")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("", *ENGINE[1:]), "no_call_sign"),
        (("가", "헬기", *ENGINE[2:]), "unknown_kind"),
        (("가", "펌프차", "해경", *ENGINE[3:]), "unknown_agency"),
        ((*ENGINE[:4], "0", "0", *ENGINE[6:]), "zero_coordinates"),
        ((*ENGINE[:4], "", "", *ENGINE[6:]), "not_located"),
        (ENGINE, "duplicate"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_with_its_reason(row, code) -> None:
    assert codes(plan_units(csv_of(HEADER, ENGINE, row), "u.csv", known()).report.set_aside) == {3: code}


def test_a_number_is_no_call_sign() -> None:
    rows = (("P1", *ENGINE), ("P2", "", *CAR[1:]))
    report = plan_units(csv_of(("unit_id", *HEADER), *rows), "u.csv", known()).report
    assert codes(report.set_aside) == {3: "no_call_sign"}
    assert report.set_aside[0].name == "P2"


def test_before_the_city_names_any_agency_none_is_flagged() -> None:
    plan = plan_units(csv_of(HEADER, ("해경1", "구급차", "agency-122", *ENGINE[3:])), "u.csv", known(agencies=()))
    assert [unit.agency for unit in plan.put] == ["agency-122"]
    assert plan.report.flagged == ()


def test_a_unit_of_an_agency_the_city_does_not_name_stays_and_is_flagged() -> None:
    stranger = ("해경1", "구급차", "agency-122", *ENGINE[3:])
    plan = plan_units(csv_of(HEADER, stranger), "u.csv", known(agencies=AGENCIES))
    assert [unit.agency for unit in plan.put] == ["agency-122"]
    assert codes(plan.report.flagged) == {2: "unknown_agency"}
    assert "agency-122" in plan.report.flagged[0].reason.ko


def test_without_coordinates_the_station_s_own_place_serves() -> None:
    box = Place(PlaceId("p-1"), PlaceKind.POLICE_BOX, "매탄지구대", LonLat(127.03, 37.24))
    row = (*CAR[:4], "", "", *CAR[6:])
    (car,) = plan_units(csv_of(HEADER, row), "u.csv", known(places=[box])).put
    assert car.station == box.place
    twin = replace(box, id=PlaceId("p-2"), place=LonLat(127.06, 37.24))
    told = plan_units(csv_of(HEADER, ENGINE, row), "u.csv", known(places=[box, twin])).report
    assert codes(told.set_aside) == {3: "station_not_one"}


def test_a_width_that_is_none_is_flagged_and_the_unit_stays() -> None:
    plan = plan_units(csv_of(HEADER, (*ENGINE[:8], "넓음")), "u.csv", known())
    assert plan.put[0].width_m is None
    assert codes(plan.report.flagged) == {2: "width"}


def test_a_call_sign_an_agency_uses_twice_is_flagged_and_both_units_stay() -> None:
    header = ("단말번호", *HEADER)
    rows = [("E1", *ENGINE), ("E2", *ENGINE), ("P1", ENGINE[0], "순찰차", "agency-112", *ENGINE[3:])]
    plan = plan_units(csv_of(header, *rows), "u.csv", known())
    assert [unit.id for unit in plan.put] == ["E1", "E2", "P1"]
    assert codes(plan.report.flagged) == {3: "same_call_sign"}
    assert plan.report.flagged[0].reason.ko == "2행과 호출명이 같음 (번호 E1, E2)"


def test_the_same_list_again_changes_nothing_and_a_unit_goes_on_with_what_it_does() -> None:
    city = RememberedCity()
    city.agencies = list(AGENCIES)
    importer = Importer(city, StandingClock())
    importer.units(SourceFile("u.csv", csv_of(HEADER, ENGINE, CAR)))
    busy = replace(city.units[UnitId("매탄펌프1")], state=UnitState.EN_ROUTE, incident=IncidentId("inc-1"))
    city.units[busy.id] = busy
    again = importer.units(SourceFile("u.csv", csv_of(HEADER, ENGINE, CAR)))
    assert again.changed_anything is False
    importer.units(SourceFile("u.csv", csv_of(HEADER, (*ENGINE[:3], "원천센터", *ENGINE[4:]), CAR)))
    assert city.units[busy.id] == replace(busy, station_name="원천센터")


def test_what_the_list_leaves_out_goes_but_not_another_agency_s_nor_who_is_on_a_call() -> None:
    city = RememberedCity()
    city.agencies = list(AGENCIES)
    importer = Importer(city, StandingClock())
    others = [(f"펌프{n}", *ENGINE[1:]) for n in range(3)]
    importer.units(SourceFile("u.csv", csv_of(HEADER, ENGINE, CAR, *others)))
    city.units[UnitId("펌프0")] = replace(city.units[UnitId("펌프0")], state=UnitState.ON_SCENE)
    report = importer.units(SourceFile("u.csv", csv_of(HEADER, ENGINE)))
    assert set(city.units) == {"매탄펌프1", "순찰12호", "펌프0"}
    assert report.counts["removed"] == 2
    assert "펌프0" in report.notes[0].ko


def test_two_agencies_that_use_one_code_each_keep_a_unit_of_their_own() -> None:
    header, car = ("unit_id", *HEADER), ("P1", *CAR)
    engine = ("P1", *ENGINE)
    first = plan_units(csv_of(header, car), "112.csv", known())
    assert [unit.id for unit in first.put] == ["P1"]
    of_112 = {unit.id: unit for unit in first.put}
    second = plan_units(csv_of(header, engine), "119.csv", known(units=of_112))
    (added,) = second.put
    assert (added.id, added.code, added.agency) == ("agency-119:P1", "P1", "agency-119")
    assert second.removed == ()
    assert "다른 기관도" in second.report.notes[0].ko
    both = of_112 | {added.id: added}
    again = plan_units(csv_of(header, engine, car), "both.csv", known(units=both))
    assert {unit.id: unit.agency for unit in again.put} == {"P1": "agency-112", "agency-119:P1": "agency-119"}
    assert again.report.counts["unchanged"] == 2


def test_a_code_that_looks_like_an_agency_s_own_id_is_still_a_code() -> None:
    header = ("unit_id", *HEADER)
    there = {unit.id: unit for unit in plan_units(csv_of(header, ("P1", *CAR)), "u.csv", known()).put}
    rows = (("P1", *ENGINE), ("agency-119:P1", *CAR))
    plan = plan_units(csv_of(header, *rows), "u.csv", known(units=there))
    assert {unit.id for unit in plan.put} == {"agency-119:P1", "agency-112:agency-119:P1"}
    assert [unit.code for unit in plan.put] == ["P1", "agency-119:P1"]


def test_a_code_both_of_whose_ids_are_others_is_set_aside_with_its_reason() -> None:
    header = ("unit_id", *HEADER)
    third = Agency(AgencyId("agency-119:a"), Text("해경", "Coast guard"))
    agencies = (*AGENCIES, third)
    rows = (("a:P1", *CAR), ("P1", *ENGINE[:2], "해경", *ENGINE[3:]), ("a:P1", *ENGINE))
    plan = plan_units(csv_of(header, *rows[:1]), "u.csv", known(agencies=agencies))
    there = {unit.id: unit for unit in plan.put}
    there[UnitId("agency-119:a:P1")] = replace(plan.put[0], id=UnitId("agency-119:a:P1"), agency=third.id)
    plan = plan_units(csv_of(header, *rows[1:]), "u.csv", known(units=there, agencies=agencies))
    assert [unit.agency for unit in plan.put] == [third.id]
    assert [note.code for note in plan.report.set_aside] == ["code_taken"]


def test_half_a_list_is_not_taken_for_the_whole() -> None:
    city = RememberedCity()
    city.agencies = list(AGENCIES)
    importer = Importer(city, StandingClock())
    many = [(f"펌프{n}", *ENGINE[1:]) for n in range(12)]
    importer.units(SourceFile("u.csv", csv_of(HEADER, *many)))
    with pytest.raises(BadFile) as refused:
        importer.units(SourceFile("u.csv", csv_of(HEADER, many[0])))
    assert "--replace" in refused.value.text.ko
    assert len(city.units) == 12
    importer.units(SourceFile("u.csv", csv_of(HEADER, many[0])), replace_most=True)
    assert len(city.units) == 1


def test_a_file_without_its_columns_says_which_and_gives_a_mapping_to_start_from() -> None:
    with pytest.raises(ColumnsNotFound) as missing:
        plan_units(csv_of(("이름", "번호판"), ("가", "나")), "u.csv", known())
    assert "차종" in missing.value.text.ko
    assert "kind =" in missing.value.mapping
    assert '# agency = "agency-119"' in missing.value.mapping
    assert "# call_sign" not in missing.value.mapping


def test_a_list_of_units_is_told_from_a_list_of_places() -> None:
    assert looks_like_units(read_table(csv_of(HEADER, ENGINE, CAR), "u.csv"))
    boxes = csv_of(("지방청", "경찰서", "관서명", "구분", "주소"), ("경기", "수원", "매탄", "지구대", "a"))
    assert not looks_like_units(read_table(boxes, "p.csv"))


def test_a_real_store_keeps_state_over_an_import_and_tells_a_running_server(tmp_path: Path) -> None:
    with open_store(tmp_path, clock=SystemClock()) as store:
        store.change_now(lambda tx: [tx.put_agency(one) for one in AGENCIES])
        importer = Importer(store.city(), SystemClock())
        importer.units(SourceFile("u.csv", csv_of(HEADER, ENGINE, CAR)))
        busy = replace(store.city().load_units()[UnitId("순찰12호")], state=UnitState.ON_SCENE)
        store.change_now(lambda tx: tx.put_unit(busy))
        importer.units(SourceFile("u.csv", csv_of(HEADER, ENGINE, (*CAR[:7], "원천동", CAR[8]))))
        after = store.city().load_units()[UnitId("순찰12호")]
        assert (after.state, after.beat) == (UnitState.ON_SCENE, "원천동")
        facts = store.read_now(lambda look: look.list_facts())
        assert [recorded.fact.kind for recorded in facts] == ["CityUnitsImported", "CityUnitsImported"]


# a city's own run cards


def cards(tmp_path: Path, words: str):
    file = tmp_path / "cards.toml"
    file.write_text(words, "utf-8")
    return read_run_cards(file)


def test_a_city_writes_its_own_run_cards(tmp_path: Path) -> None:
    (fire,) = cards(
        tmp_path,
        '[[card]]\nid = "fire"\nname_ko = "화재"\nservices = ["119_dispatch"]\nwords = ["화재"]\n'
        'source = "우리 시 기준"\nwants = { engine = 4, "특수노즐" = 1 }\n',
    )
    assert {want.capability: want.count for want in fire.wants} == {"engine": 4, "특수노즐": 1}
    assert (fire.source, fire.name.en, fire.words) == ("우리 시 기준", "화재", ("화재",))


def test_a_city_s_card_is_for_casualties_when_it_says_so_or_takes_the_place_of_one_that_is(tmp_path: Path) -> None:
    wants = "wants = { ambulance = 2 }\n"
    told = cards(
        tmp_path,
        f'[[card]]\nid = "medical_grave"\n{wants}[[card]]\nid = "burns"\ncasualties = true\n{wants}'
        f'[[card]]\nid = "medical"\ncasualties = false\n{wants}[[card]]\nid = "fire"\n{wants}',
    )
    assert [card.casualties for card in told] == [True, True, False, False]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('[[card]]\nid = "a"\ncasualties = 1\nwants = { engine = 1 }', "casualties"),
        ("card = 3", "[[card]]"),
        ("nothing", "TOML"),
        ('[[card]]\nname_ko = "가"\nwants = { engine = 1 }', "id"),
        ('[[card]]\nid = "a"\nwants = { engine = 0 }', "wants"),
        ('[[card]]\nid = "a"\nwants = { engine = "둘" }', "wants"),
        ('[[card]]\nid = "a"\nwants = {}', "wants"),
        ('[[card]]\nid = "a"\nspeed = 3\nwants = { engine = 1 }', "speed"),
        ('[[card]]\nid = "a"\nservices = "119"\nwants = { engine = 1 }', "services"),
        ('[[card]]\nid = "a"\nseverities = ["red"]\nwants = { engine = 1 }', "severities"),
        ('[[card]]\nid = "a"\nwants = { engine = 1 }\n[[card]]\nid = "a"\nwants = { engine = 1 }', "2번째"),
    ],
)
def test_a_card_at_fault_is_named(tmp_path: Path, words: str, said: str) -> None:
    with pytest.raises(BadFile) as wrong:
        cards(tmp_path, words)
    assert said in wrong.value.text.ko
