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
