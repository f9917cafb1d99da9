"""Scenario files say what they mean, and what they tell stays invented and in place."""

# ruff: noqa: S311  (a play, not a secret)

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from goldentime.core.errors import OperatorsError
from goldentime.core.place import LonLat, distance_metres
from goldentime.sim.agencies.occurrence import Numbers, begin, follow
from goldentime.sim.agencies.scenario import Hotspot, load_scenario, placed_at

NOW = datetime(2025, 11, 4, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["112", "119"])
def test_a_bundled_scenario_loads_and_tells_hundred_occurrences_to_their_end(name):
    scenario = load_scenario(name)
    chance, numbers = Random(1), Numbers()
    kinds = set()
    for _ in range(100):
        message = begin(scenario, numbers.next(NOW), NOW, chance)
        kinds.add(message.story.detail)
        while message.following:
            message = follow(message, chance)
        assert "{" not in message.content + "".join(message.items.values())
    assert len(kinds) == len({story.detail for story in scenario.stories})


def test_points_lie_within_the_spread_of_a_hotspot():
    scenario = placed_at(load_scenario("119"), [Hotspot("팔달문", 127.0169, 37.2776, spread=200)])
    chance = Random(2)
    for n in range(300):
        message = begin(scenario, str(n), NOW, chance)
        assert message.place == "팔달문"
        if message.lon is None:
            assert message.story.place == "words"
        else:
            there = LonLat(message.lon, message.lat)
            assert distance_metres(there, LonLat(127.0169, 37.2776)) < 201


def test_the_same_seed_plays_the_same_day():
    scenario = load_scenario("112")
    one = [begin(scenario, "1", NOW, chance) for chance in [Random(7)] for _ in range(20)]
    other = [begin(scenario, "1", NOW, chance) for chance in [Random(7)] for _ in range(20)]
    assert one == other


def test_a_drill_is_marked_in_words_and_in_an_item_to_the_end():
    scenario, chance = load_scenario("112"), Random(3)
    message = begin(scenario, "1", NOW, chance, drill=True)
    while True:
        assert message.content.startswith("[훈련]")
        assert message.items["DRILL_YN"] == "Y"
        if not message.following:
            break
        message = follow(message, chance, drill=True)


def test_telephone_numbers_are_of_a_range_given_to_nobody():
    scenario, chance = load_scenario("112"), Random(4)
    phones = [begin(scenario, "1", NOW, chance).items.get("APPLICANT_TELNO", "010-0000-") for _ in range(200)]
    assert all(phone.startswith("010-0000-") for phone in phones)


def test_occurrence_numbers_never_repeat_even_within_a_millisecond():
    numbers = Numbers()
    given = [numbers.next(NOW) for _ in range(1500)]
    assert len(set(given)) == 1500
    assert given[0] == "20251104213000000"
    assert given[-1] == "20251104213001499"
    assert numbers.next(NOW + timedelta(days=1)).startswith("20251105")


def test_a_scenario_with_an_unknown_word_is_refused_by_name(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[agency]\nname="x"\nsend_code="1"\nreceive_code="2"\nsystem="112"\ncolour="red"\n', "utf-8")
    with pytest.raises(OperatorsError, match="colour"):
        load_scenario(str(file))


def test_a_scenario_that_is_not_there_is_said_so():
    with pytest.raises(OperatorsError, match="No such scenario"):
        load_scenario("113")
