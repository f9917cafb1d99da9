"""What `goldentime simcam` does: prepare the loops, serve them, until it is stopped."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from goldentime.sim.cameras.clock import show_clocks
from goldentime.sim.cameras.loops import Progress, prepare_loops
from goldentime.sim.cameras.server import CameraSimulator

MOST_CLOCKS = 4


async def run_simcam(
    *,
    count: int,
    host: str,
    port: int,
    cache: Path,
    clips: Path | None = None,
    clocks: int = 0,
    progress: Progress = lambda *_: None,
    on_ready: Callable[[int, list[str]], None] = lambda *_: None,
) -> None:
    """Serve until cancelled; `on_ready` gets the port and the addresses; raises OperatorsError, OSError."""
    loops = await asyncio.to_thread(prepare_loops, cache, clips=clips, progress=progress)
    simulator = CameraSimulator(loops)
    bound = await simulator.start(host, port)
    stop = show_clocks(simulator, loops, min(clocks, MOST_CLOCKS))
    addresses = [f"rtsp://{host}:{bound}/cam/{number:04d}" for number in range(1, count + 1)]
    addresses += [f"rtsp://{host}:{bound}/clock/{number}" for number in range(1, min(clocks, MOST_CLOCKS) + 1)]
    on_ready(bound, addresses)
    try:
        await asyncio.Event().wait()
    finally:
        stop()
        await simulator.stop()
