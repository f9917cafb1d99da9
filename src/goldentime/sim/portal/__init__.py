"""A strict simulated public data portal (공공데이터포털): the gateway, current weather, and emergency beds."""

from goldentime.sim.portal.gateway import Portal
from goldentime.sim.portal.rooms import SimRoom
from goldentime.sim.portal.weather import Sky

__all__ = ["Portal", "SimRoom", "Sky"]
