"""A drill: a day of calls played over the real wire, with a simulated control room and crews that drive real times."""

from goldentime.sim.drill.desk import Desk, Truth
from goldentime.sim.drill.rooms import Answers, Rooms
from goldentime.sim.drill.told import Result, judge, result_words

__all__ = ["Answers", "Desk", "Result", "Rooms", "Truth", "judge", "result_words"]
