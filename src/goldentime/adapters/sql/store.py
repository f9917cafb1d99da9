"""What a store is: one writer, a few readers, one vault, on SQLite or PostgreSQL."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import bindparam as b
from sqlalchemy import select

from goldentime.adapters.sql.changing import SqlChange, SqlReading
from goldentime.adapters.sql.city import SqlCity
from goldentime.adapters.sql.connection import Connection
from goldentime.adapters.sql.draft import AUDIT, FACTS
from goldentime.adapters.sql.opening import open_engine, upgrade
from goldentime.adapters.sql.readers import Readers
from goldentime.adapters.sql.statements import put_once
from goldentime.adapters.sql.tables import head, meta
from goldentime.adapters.sql.turn import FileTurn, PostgresTurn, Turn
from goldentime.adapters.sql.vault import Vault, get_master_key
from goldentime.adapters.sql.writer import Job, Writer
from goldentime.city.audit.chain import GENESIS, Link, find_first_broken, find_unvouched
from goldentime.core.clock import Clock
from goldentime.core.errors import StorageFailed
from goldentime.core.text import Text
from goldentime.flows.ports import Store

T = TypeVar("T")
_KEY_CHECK = "key_check"
_META = select(meta.c.value).where(meta.c.name == b("name"))
_PUT_META = put_once(meta)
_PUT_HEAD = put_once(head)


class SqlStore:
    """`flows.ports.Store`, and the same without a loop for the command line."""

    def __init__(self, connect: Callable[[], Connection], vault: Vault, *, is_local: bool, folder: Path) -> None:
        self._connect, self._is_local, self._folder = connect, is_local, folder
        self._vault = vault
        self._writer = Writer(connect, vault)
        self._readers = Readers(connect, vault, may_stay_on_loop=is_local)
        self._closing = threading.Lock()
        self._closed = False

    async def change(self, decide: Callable[[SqlChange], T]) -> T:
        """What `decide` returned, once that is durable; what it raises undoes its own writes only."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Job(decide, future, loop))
        return await future

    async def read(self, ask: Callable[[SqlReading], T]) -> T:
        """What `ask` found on a consistent snapshot; never waits for writers."""
        return await self._readers.read(ask)

    def change_now(self, decide: Callable[[SqlChange], T]) -> T:
        """`change` for a caller without a loop; blocks."""
        future: Future[T] = Future()
        self._writer.submit(Job(decide, future, None))
        return future.result()

    def read_now(self, ask: Callable[[SqlReading], T]) -> T:
        """`read` for a caller without a loop; blocks."""
        return self._readers.read_now(ask)

    def subscribe(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Tell the last fact position after each commit of this process; the returned call ends it.

        Called on the loop that subscribes, or on the writer's thread when there is none.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        return self._writer.listen(callback, loop)

    def secret(self, purpose: str) -> bytes:
        """32 bytes derived from the master key, such as for salting digests; the same at every start."""
        return self._vault.secret(purpose)

    def city(self) -> SqlCity:
        """What the importers need."""
        return SqlCity(self)

    def turn(self, name: str) -> Turn:
        """The right to do alone what several processes over this state could do; names differ in 8 letters."""
        return FileTurn(self._folder / f"{name}.lock") if self._is_local else PostgresTurn(self._connect, name)

    def close(self) -> None:
        """Commit what is queued and close; closing again does nothing."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._writer.close()
        self._readers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_STORE: type[Store] = SqlStore  # the type checker's proof


def open_store(data: Path, *, url: str | None = None, clock: Clock, master_key: str | None = None) -> SqlStore:
    """The city's state in the folder `data`, made when it is not there, or in the PostgreSQL of `url`.

    The master key (64 hex digits or base64) comes from GOLDENTIME_MASTER_KEY or DATA/keys/master.key when not given.

    Raises StorageFailed when it cannot be opened, or was sealed with another master key.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise StorageFailed(
            Text(f"자료 폴더를 만들 수 없습니다: {data}", f"The data folder cannot be made: {data}")
        ) from problem
    vault = Vault(get_master_key(data, master_key))
    engine = open_engine(data, url)
    upgrade(engine)
    plans: dict[Any, Any] = {}

    def connect() -> Connection:
        return Connection(engine, plans)

    first = connect()
    try:
        _begin_record(first, vault, clock)
    finally:
        first.close()
    return SqlStore(connect, vault, is_local=engine.dialect.name == "sqlite", folder=data)


def _begin_record(connection: Connection, vault: Vault, clock: Clock) -> None:
    """In a new database, write the heads of both logs and what recognises the master key; in another, check the key."""
    connection.command("BEGIN IMMEDIATE" if connection.is_sqlite else "BEGIN")
    if connection.run(_PUT_META, {"name": _KEY_CHECK, "value": vault.check}) == 1:
        connection.run(_PUT_META, {"name": "made_at", "value": clock.now().isoformat().encode()})
        connection.run(_PUT_HEAD, {"log": FACTS, "position": 0, "digest": b"", "vouched": b""})
        vouched = vault.vouch(0, GENESIS)
        connection.run(_PUT_HEAD, {"log": AUDIT, "position": 0, "digest": GENESIS, "vouched": vouched})
    known = connection.rows(_META, {"name": _KEY_CHECK})
    connection.command("COMMIT")
    if bytes(known[0][0]) != vault.check:
        raise StorageFailed(
            Text("마스터 키가 이 자료의 것이 아닙니다.", "The master key is not the one this data was sealed with.")
        )


def verify(store: SqlStore) -> tuple[int, int | None]:
    """How many audit entries were checked, and the position of the first broken one; None when the chain holds."""

    def ask(reading: SqlReading) -> tuple[int, int | None]:
        checked = 0

        def counted() -> Iterator[Link]:
            nonlocal checked
            for link in reading.each_link():
                checked += 1
                yield link

        broken = find_first_broken(counted(), head=reading.audit_head())
        return checked, find_unvouched(broken, checked, vouched=reading.is_head_vouched())

    return store.read_now(ask)
