"""The simulated traffic centre: rush hours are slow, nights are not, and its word is taken like a real one's."""

from datetime import datetime
from random import Random
from statistics import mean

from goldentime.core.clock import KST
from goldentime.sim.traffic import MeasuredLink, speed_at

LINKS = [MeasuredLink(f"link-{number}", f"road-{number % 9}", 50.0) for number in range(90)]


def usual(hour: int) -> float:
    at, chance = datetime(2026, 11, 23, hour, 0, tzinfo=KST), Random(1)  # noqa: S311  (the same each time)
    return mean(speed_at(link, at, chance) for link in LINKS)


def test_the_morning_rush_is_slower_than_noon_and_noon_than_the_night() -> None:
    assert usual(8) < 0.7 * usual(12)
    assert usual(18) < 0.7 * usual(3)


def test_no_speed_is_less_than_walking_pace_or_beyond_the_road() -> None:
    at, chance = datetime(2026, 11, 23, 8, 0, tzinfo=KST), Random(2)  # noqa: S311  (the same each time)
    assert all(4.0 <= speed_at(link, at, chance) <= 60.0 for link in LINKS)
