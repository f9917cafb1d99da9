"""A city's own files under the names the README uses, and the platform served from them in a process of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from fakes.walk import wait_for
from goldentime.sim.city import write_sample_city

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FILES = {
    "boundary.geojson": "gaon_boundary_dong.geojson",
    "roads.geojson": "gaon_link.geojson",
    "cameras.csv": "gaon_cctv_standard.csv",
    "places.csv": "gaon_police_box.csv",
    "streams.csv": "gaon_vms_streams.csv",
}
SETTINGS = """
[web]
port = 0
[city]
name_ko = "가온시"
name_en = "Gaon"
number_prefix = "GA"
[[agencies]]
id = "agency-112"
name_ko = "경찰청 112"
name_en = "Police 112"
senders = ["P4100000112"]
services = ["112_video", "112_dispatch"]
"""


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `city/` holds a city's files and its settings, as someone following the README has it."""
    drawn = tmp_path_factory.mktemp("drawn")
    write_sample_city(drawn, rtsp_base="rtsp://127.0.0.1:9", playing=60)
    folder = tmp_path_factory.mktemp("ours")
    (folder / "city").mkdir()
    for name, written in FILES.items():
        (folder / "city" / name).symlink_to(drawn / written)
    (folder / "city" / "goldentime.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Ours first on the path, nothing of ours in the variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOLDENTIME_")}
    return kept | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"}


@dataclass
class Served:
    """A running `goldentime serve`."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def descendants(self) -> set[int]:
        """Every process below it."""
        found: set[int] = set()
        waiting = [self.process.pid]
        while waiting:
            parent = waiting.pop()
            with contextlib.suppress(FileNotFoundError):
                told = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
                waiting.extend(int(one) for one in told)
                found.update(int(one) for one in told)
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code."""
        self.process.send_signal(how)
        return self.process.wait(20)


@contextlib.contextmanager
def _serving(folder: Path, environment: dict[str, str], *more: str) -> Iterator[Served]:
    log = folder / "serve.log"
    command = ["goldentime", "serve", "--data", "data", "--settings", "city/goldentime.toml", "--port", "0", *more]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: _port_of(log) is not None or process.poll() is not None, 60, "the platform's port")
        assert process.poll() is None, log.read_text()
        yield Served(f"http://127.0.0.1:{_port_of(log)}", process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _port_of(log: Path) -> int | None:
    found = re.search(r"^http://127\.0\.0\.1:(\d+)/$", log.read_text(), re.MULTILINE)
    return int(found[1]) if found else None


@pytest.fixture
def serve(environment: dict[str, str]) -> Callable[..., contextlib.AbstractContextManager[Served]]:
    """Starts the platform in a folder that has `city/goldentime.toml`, and stops it in the end."""
    return lambda folder, *more: _serving(folder, environment, *more)


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A client that waits a while."""
    with httpx.Client(timeout=20) as client:
        yield client
