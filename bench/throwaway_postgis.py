"""A PostGIS of Debian's own, started in a temporary directory for one bench and gone with it."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

BINARIES = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "shared_buffers": "256MB",
    "jit": "off",
    "fsync": "off",
    "max_parallel_workers_per_gather": "0",
}


INSTALL = Path(__file__).parents[1] / "scripts/install_postgis.sh"
CONTROL = Path("/usr/share/postgresql/15/extension/postgis.control")


def is_here() -> bool:
    """Whether Debian's postgresql-15-postgis-3 is installed; tries to install it once where that is allowed."""
    if not CONTROL.exists():
        subprocess.run([INSTALL], check=False)
    return (BINARIES / "initdb").exists() and CONTROL.exists()


def _as_postgres(command: list[str]) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")


@contextmanager
def postgis() -> Iterator[psycopg.Connection]:
    """An open connection over a Unix socket; the server refuses to run as root, so it runs as postgres there."""
    folder = Path(tempfile.mkdtemp(prefix="postgis-"))
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        _as_postgres([f"{BINARIES}/initdb", "-D", data, "-A", "trust", "--no-sync", "-U", user])
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f" -c listen_addresses= -c unix_socket_directories={folder}"
        _as_postgres([f"{BINARIES}/pg_ctl", "-D", data, "-l", f"{folder}/log", "-w", "-o", options, "start"])
        try:
            with psycopg.connect(host=str(folder), dbname="postgres", user=user, autocommit=True) as connection:
                connection.execute("CREATE EXTENSION postgis")
                yield connection
        finally:
            _as_postgres([f"{BINARIES}/pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
