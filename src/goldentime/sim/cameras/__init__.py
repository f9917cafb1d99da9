"""Simulated cameras: film drawn by our own code or clips, served strictly by RTSP."""

from goldentime.sim.cameras.loops import Loop, prepare_loops
from goldentime.sim.cameras.server import CameraSimulator

__all__ = ["CameraSimulator", "Loop", "prepare_loops"]
