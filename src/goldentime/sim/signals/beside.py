"""How a demo has a simulated signal centre beside it: a process of its own, which ends with the demo."""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from goldentime.sim.signals.cli import KEY_VARIABLE


@dataclass(frozen=True, slots=True)
class Beside:
    """Where it listens, and the key both know."""

    host: str
    port: int
    key: str


@contextlib.asynccontextmanager
async def signal_centre_beside(data: Path) -> AsyncIterator[Beside | None]:
    """A centre for the junctions of the city in that folder; None when its roads have no lights."""
    key = secrets.token_urlsafe(24)
    command = [sys.executable, "-m", "goldentime", "simsignals", "--data", str(data), "--port", "0", "--with-parent"]
    pipe, quiet = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=quiet, start_new_session=True, env={**os.environ, KEY_VARIABLE: key}
    )
    try:
        line = (await process.stdout.readline()).decode().strip() if process.stdout else ""
        host, _, port = line.removeprefix("tcp://").rpartition(":")
        yield Beside(host, int(port), key) if line.startswith("tcp://") else None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
        if process.returncode is None:
            process.kill()
