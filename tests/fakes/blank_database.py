"""A database of today's schema with nothing in it, made once a run and copied, since migrating outlasts most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from goldentime.adapters.sql import SqlStore, open_store
from goldentime.adapters.sql.opening import open_engine, upgrade
from goldentime.core.clock import Clock

FILE = "goldentime.db"


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as made:
        engine = open_engine(Path(made), None)
        upgrade(engine)
        engine.dispose()
        assert [left.name for left in Path(made).iterdir()] == [FILE]  # no log beside it that a copy would lack
        return (Path(made) / FILE).read_bytes()


def lay_blank(folder: Path) -> None:
    """Put an empty database into the folder, unless it has one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / FILE).exists():
        (folder / FILE).touch(mode=0o600)
        (folder / FILE).write_bytes(_migrated())


def open_blank(folder: Path, *, clock: Clock) -> SqlStore:
    """An empty store in the folder."""
    lay_blank(folder)
    return open_store(folder, clock=clock)
