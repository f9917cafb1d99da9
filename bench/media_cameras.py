"""The cameras of the video benches: one 720p film, 15 pictures a second, 2 Mb/s, served in a process of its own."""

import asyncio
import contextlib
import multiprocessing as mp
import os
import socket
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import numpy as np
import uvloop

from bench.ending import BenchFailed, die_with_parent
from goldentime.sim.cameras import CameraSimulator, Loop, encode_loop
from goldentime.sim.cameras.film import draw_film

KEPT = Path(__file__).parents[1] / "build" / "bench"
BIT_RATE, FRAMES = 2_000_000, 90


def film_720p() -> Loop:
    """Six drawn seconds, enlarged; kept in build/bench, since drawing takes longest."""
    kept = KEPT / "street-720p.loop"
    if kept.exists():
        return msgspec.msgpack.decode(kept.read_bytes(), type=Loop)
    pictures = (np.repeat(np.repeat(one, 2, 0), 2, 1) for one in draw_film(1, night=False, frames=FRAMES))
    loop = encode_loop("street 720p", pictures, bit_rate=BIT_RATE)
    KEPT.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(msgspec.msgpack.encode(loop))
    return loop


def bits_per_second(loop: Loop) -> float:
    return sum(len(nal) for frame in loop.frames for nal in frame) * 8 / (len(loop.frames) / loop.fps)


def _serve(loop: Loop, told: Connection) -> None:
    die_with_parent()

    async def run() -> None:
        told.send(await CameraSimulator([loop]).start("127.0.0.1", 0))
        await asyncio.Event().wait()

    uvloop.run(run())


@contextlib.contextmanager
def cameras(loop: Loop) -> Iterator[str]:
    """The start of every camera's address, `rtsp://127.0.0.1:port`."""
    here, there = mp.Pipe()
    process = mp.get_context("fork").Process(target=_serve, args=(loop, there), daemon=True)
    process.start()
    try:
        if not here.poll(30):
            raise BenchFailed("the simulated cameras did not start")
        yield f"rtsp://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


def cpu_seconds(pid: int) -> float:
    """Seconds that the process's threads have run, as the scheduler counts them; its ticks miss short bursts."""
    total = 0
    for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # a thread that has just ended
            total += int(stat.read_text().split()[0])
    return total / 1e9


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, host: str = "127.0.0.1") -> int:
    """A port that nobody has at this moment; for programs that cannot let the system choose."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
