"""How a database is opened: address, pragmas, and the schema brought up to date."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from goldentime.core.errors import StorageFailed
from goldentime.core.text import Text

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 10.0  # how long to wait while another process writes
_MIGRATING = 0x676F6C64  # the advisory lock's number: "gold"


def open_engine(data: Path, url: str | None) -> Engine:
    """The engine, its connections in autocommit mode; raises StorageFailed for an address or file it cannot open."""
    if url is None:
        return _sqlite(f"sqlite:///{_private(data / 'goldentime.db')}")
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
            return create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    except (ArgumentError, SQLAlchemyError) as problem:
        raise StorageFailed(
            Text("데이터베이스 주소를 이해할 수 없습니다.", "The database address makes no sense.")
        ) from problem
    if address.get_backend_name() == "sqlite":
        return _sqlite(url)
    raise StorageFailed(Text("SQLite와 PostgreSQL만 지원합니다.", "Only SQLite and PostgreSQL are supported."))


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date, all or nothing, while other processes wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.connect() as connection:
            _begin(connection)
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
    except (SQLAlchemyError, CommandError) as problem:
        raise StorageFailed(
            Text(
                "데이터베이스를 열거나 갱신할 수 없습니다.",
                f"The database cannot be opened or brought up to date: {problem}",
            )
        ) from problem


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATING})


def _private(path: Path) -> Path:
    """The file, made readable by its owner only; SQLite gives its companions the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as problem:
        raise StorageFailed(
            Text(f"데이터베이스 파일을 열 수 없습니다: {path}", f"The database file cannot be opened: {path}")
        ) from problem
    return path


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "cached_statements": 256},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "secure_delete = ON",  # what is destroyed is overwritten
        "cache_size = -4000",  # of each connection; the system caches the file anyway, and a long shift stays flat
        "journal_size_limit = 67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")
