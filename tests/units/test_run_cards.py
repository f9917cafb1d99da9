"""Which card a call gets."""

import pytest

from goldentime.city.units.run_cards import DEFAULT_CARDS, Call, RunCard, Want, find_card
from goldentime.core.text import Text


def wants_of(call: Call, *own: RunCard) -> dict[str, int]:
    card = find_card(call, own)
    return {} if card is None else {want.capability: want.count for want in card.wants}


def test_a_fire_gets_engines_a_ladder_and_someone_in_command() -> None:
    fire = wants_of(Call("119_dispatch", "119UC001", "critical", "화재 상가 1층에서 연기"))
    assert fire == {"command": 1, "engine": 3, "ladder": 1, "rescue": 1, "ambulance": 1}


def test_someone_whose_heart_has_stopped_gets_two_ambulances() -> None:
    assert wants_of(Call("119_dispatch", severity="critical", words="구급 심정지"))["ambulance"] == 2
    assert wants_of(Call("119_dispatch", severity="warning", words="구급 발목 부상")) == {"ambulance": 1}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("공장 화재, 연기로 호흡 곤란자 있음", {"command": 1, "engine": 3, "ladder": 1, "rescue": 1, "ambulance": 2}),
        ("교통사고 의식 없음", {"rescue": 1, "ambulance": 2, "engine": 1}),
        ("구급 의식 없음", {"ambulance": 2, "engine": 1}),
    ],
)
def test_a_fire_or_a_crash_with_someone_gravely_hurt_gets_what_it_needs_and_a_second_ambulance(
    words: str, wanted: dict[str, int]
) -> None:
    assert wants_of(Call("119_dispatch", severity="critical", words=words)) == wanted


def test_the_card_says_that_it_was_put_together_and_from_what() -> None:
    card = find_card(Call("119_dispatch", severity="critical", words="공장 화재, 호흡 곤란"))
    assert card is not None
    assert (card.id, card.name.ko, card.name.en) == ("fire", "화재 + 구급(위중)", "Fire + Medical, grave")
    assert "NFPA 1710" in card.source
    assert "심정지" in card.source
    plain = find_card(Call("119_dispatch", severity="warning", words="주택 화재, 부상자 1명"))
    assert plain is not None
    assert plain.name.ko == "화재"  # its one ambulance is there already


def test_a_city_s_own_medical_card_takes_no_fire_from_the_defaults_and_its_own_general_card_stays_before_them() -> None:
    own = RunCard(
        "medical_grave",
        Text("구급(위중)", "Medical, grave"),
        (Want("ambulance", 3),),
        frozenset({"119_dispatch"}),
        words=("호흡",),
        casualties=True,
    )
    fire = Call("119_dispatch", severity="critical", words="공장 화재, 호흡 곤란")
    assert wants_of(fire, own) == {"command": 1, "engine": 3, "ladder": 1, "rescue": 1, "ambulance": 3}
    assert wants_of(Call("119_dispatch", severity="critical", words="호흡 곤란"), own) == {"ambulance": 3}
    general = RunCard("all", Text("전체", "All"), (Want("engine", 2),), frozenset({"119_dispatch"}))
    assert wants_of(fire, general) == {"engine": 2}


def test_an_urgent_call_to_the_police_gets_two_cars_and_another_one() -> None:
    assert wants_of(Call("112_video", "112UC001", "critical", "강도")) == {"patrol": 2}
    assert wants_of(Call("112_video", "112UC001", "warning", "소란")) == {"patrol": 1}


def test_what_has_no_card_is_left_to_the_dispatcher() -> None:
    assert find_card(Call("event")) is None


def test_a_city_s_own_card_goes_before_the_defaults_and_replaces_the_one_of_its_name() -> None:
    own = RunCard("fire", Text("화재", "Fire"), (Want("engine", 5),), frozenset({"119_dispatch"}), words=("화재",))
    market = RunCard(
        "market", Text("시장", "Market"), (Want("engine", 8),), words=("화재", "시장"), kinds=frozenset({"F"})
    )
    call = Call("119_dispatch", "F", "critical", "시장 화재")
    assert wants_of(call, own) == {"engine": 5}
    assert wants_of(call, own, market) == {"engine": 5}  # as narrow; the first of equals
    assert wants_of(Call("119_dispatch", words="연기가 남"), own) == {"engine": 1, "ambulance": 1}


def test_every_default_says_where_it_comes_from() -> None:
    assert all(card.source and card.wants for card in DEFAULT_CARDS)
    assert len({card.id for card in DEFAULT_CARDS}) == len(DEFAULT_CARDS)


def test_a_want_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        Want("engine", 0)
