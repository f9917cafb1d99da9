"""What a tally says of clocks counted in one go."""

from collections.abc import Iterable

from goldentime.city.incidents.durations import Summary, Tally
from goldentime.city.incidents.golden_time import Clock


def summed_up(clocks: Iterable[Clock]) -> list[Summary]:
    """The rows of a tally of these."""
    tally = Tally()
    tally.add(clocks)
    return tally.summed_up()
