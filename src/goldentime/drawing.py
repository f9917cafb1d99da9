"""That the base map is drawn in a process of its own at the lowest priority, so that no report waits for a map."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import msgspec
import structlog

from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock
from goldentime.core.errors import GoldentimeError
from goldentime.importers.base_map import build_city_map
from goldentime.importers.ports import CityStore
from goldentime.settings import Settings

_log = structlog.get_logger(__name__)
_LOWEST = 19


class Drawing(msgspec.Struct, frozen=True):
    """What the drawing process is told on its standard input: secrets have no place in a command line."""

    data: str
    database_url: str | None
    master_key: str | None


def map_file(data: Path) -> Path:
    """Where the base map lies."""
    return data / "map" / "city.pmtiles"


def draw_map(city: CityStore, data: Path) -> None:
    """Pack the base map of what the city has imported, here and now; raises MapNotPacked.

    A city without boundary and roads simply has none.
    """
    build_city_map(city, map_file(data))


async def draw_beside(settings: Settings) -> bool:
    """True when the map was drawn, False when it was not and the old one stays; cancelled, it ends the drawing."""
    url, key = settings.database_url, settings.master_key
    told = Drawing(
        data=str(settings.data.absolute()),
        database_url=url.get_secret_value() if url else None,
        master_key=key.get_secret_value() if key else None,
    )
    drawing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "goldentime.drawing"),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # a group of its own: the packing program is ended with it
    )
    try:
        _, problem = await drawing.communicate(msgspec.json.encode(told))
    finally:
        if drawing.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(drawing.pid, signal.SIGKILL)
            await drawing.wait()
    if drawing.returncode != 0:
        _log.error("map_not_drawn", code=drawing.returncode, problem=problem.decode("utf-8", "replace")[-500:])
    return drawing.returncode == 0


def main() -> int:
    """Draw what standard input names; 1 with the reason on standard error when it could not be."""
    os.nice(_LOWEST)
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Drawing)
    data = Path(told.data)
    try:
        with open_store(data, url=told.database_url, clock=SystemClock(), master_key=told.master_key) as store:
            draw_map(store.city(), data)
    except GoldentimeError as wrong:
        sys.stderr.write(f"{wrong.code}: {wrong.text.en}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
