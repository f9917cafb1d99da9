"""Simulated cameras: film drawn by our own code or clips, served strictly by RTSP."""

from goldentime.sim.cameras.faults import Fault
from goldentime.sim.cameras.loops import Loop, encode_loop, film_loop, prepare_loops
from goldentime.sim.cameras.server import CameraSimulator

__all__ = ["CameraSimulator", "Fault", "Loop", "encode_loop", "film_loop", "prepare_loops"]
