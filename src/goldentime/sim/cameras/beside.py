"""The simulated cameras in a process of their own, beside the platform, for as long as they are needed."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text


@contextlib.asynccontextmanager
async def cameras_beside(film: Path, *, count: int) -> AsyncIterator[str]:
    """Their RTSP address, with the drawn film kept in a folder; raises OperatorsError when they do not start."""
    command = [sys.executable, "-m", "goldentime", "simcam", "--port", "0", "--count", str(count)]
    command += ["--cache", str(film), "--quiet", "--with-parent"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True)
    try:
        assert process.stdout is not None  # noqa: S101  a pipe was asked for
        line = (await process.stdout.readline()).decode().strip()
        if not line.startswith("rtsp://"):
            raise OperatorsError(Text("모의 카메라가 시작되지 않았습니다.", "The simulated cameras did not start."))
        yield line
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
        if process.returncode is None:
            process.kill()
