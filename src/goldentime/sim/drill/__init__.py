"""A drill: a day of calls played over the real wire, with a simulated control room and crews that drive real times."""

from goldentime.sim.drill.desk import Desk
from goldentime.sim.drill.figures import Answers, Figures, Truth
from goldentime.sim.drill.roads import FollowedRoads
from goldentime.sim.drill.rooms import Rooms
from goldentime.sim.drill.told import Result, judge, left_to_arrive, progress_words, result_json, result_words

__all__ = [
    "Answers",
    "Desk",
    "Figures",
    "FollowedRoads",
    "Result",
    "Rooms",
    "Truth",
    "judge",
    "left_to_arrive",
    "progress_words",
    "result_json",
    "result_words",
]
