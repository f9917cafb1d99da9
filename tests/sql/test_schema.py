"""The schema grows by migrations, and what they make is what the queries are written for."""

import stat
from collections.abc import Callable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from goldentime.adapters.sql.city_tables import site
from goldentime.adapters.sql.opening import MIGRATIONS, open_engine
from goldentime.core.errors import StorageFailed
from goldentime.core.ids import MessageId
from sql.conftest import Place


def test_the_migrations_make_the_very_tables_the_queries_use(place: Place) -> None:
    place.open().close()
    engine = open_engine(place.folder, place.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, site.metadata) == []


def test_digests_made_without_a_salt_are_forgotten_when_a_city_moves_on(new_place: Callable[[str], Place]) -> None:
    place = new_place("sqlite")
    place.folder.mkdir()
    engine = open_engine(place.folder, None)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        insert = (
            "INSERT INTO message (id, linkage, sender, content_type, digest, size, received_at, ends_at, state,"
            " occurrence, answer, answer_type, problem, sandbox)"
            " VALUES ('m-1', 'x', '', '', x'c0ffee', 1, 0, 1, 'read', '', x'01', '2000', '', 0)"
        )
        connection.execute(text(insert))
    found = place.open().read_now(lambda look: look.find_message(MessageId("m-1")))
    assert found is not None
    assert (found.digest, found.answer, found.provisional) == (b"", b"\x01", None)


def test_opening_again_migrates_nothing_and_a_newer_schema_is_left_alone(place: Place) -> None:
    place.open().close()
    place.open().close()
    place.tamper("UPDATE alembic_version SET version_num = ?", "9999")
    with pytest.raises(StorageFailed, match="up to date"):
        place.open()


def test_sqlite_is_durable_at_every_commit(new_place: Callable[[str], Place]) -> None:
    place = new_place("sqlite")
    place.open()
    with open_engine(place.folder, None).connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_no_connection_keeps_more_than_a_few_megabytes_of_the_file(new_place: Callable[[str], Place]) -> None:
    place = new_place("sqlite")
    place.open()
    with open_engine(place.folder, None).connect() as connection:
        kept = -connection.execute(text("PRAGMA cache_size")).scalar_one()  # in KiB; a page cache only grows
    assert 0 < kept <= 8_000


def test_the_files_are_for_their_owner_only(new_place: Callable[[str], Place]) -> None:
    place = new_place("sqlite")
    place.folder.mkdir(mode=0o755)
    place.open()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.folder.glob("goldentime.db*")}
    assert modes == dict.fromkeys(["goldentime.db", "goldentime.db-wal", "goldentime.db-shm"], 0o600)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "no address", "postgresql+nothing://"])
def test_an_address_that_means_nothing_is_refused(new_place: Callable[[str], Place], url: str) -> None:
    place = new_place("sqlite")
    place.url = url
    with pytest.raises(StorageFailed):
        place.open()


def test_a_file_that_is_no_database_is_refused(new_place: Callable[[str], Place]) -> None:
    place = new_place("sqlite")
    place.folder.mkdir()
    (place.folder / "goldentime.db").write_bytes(b"this is a letter, not a database" * 200)
    with pytest.raises(StorageFailed):
        place.open()
