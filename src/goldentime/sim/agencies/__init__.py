"""Agencies that play their part over the real wire: they log in, report, follow up and check every answer strictly."""

from goldentime.sim.agencies.run import Tally, run_agency, run_agency_over_tcp
from goldentime.sim.agencies.scenario import Hotspot, Scenario, load_scenario, placed_at

__all__ = ["Hotspot", "Scenario", "Tally", "load_scenario", "placed_at", "run_agency", "run_agency_over_tcp"]
