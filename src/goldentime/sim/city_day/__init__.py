"""A day of calls in a city, with the truth of which calls tell of one event: for tuning, for benches and for drills."""

from goldentime.sim.city_day.plan import Call, Day, Wish, plan_day
from goldentime.sim.city_day.spots import Spot, paper_spots

__all__ = ["Call", "Day", "Spot", "Wish", "paper_spots", "plan_day"]
