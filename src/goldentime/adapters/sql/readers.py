"""Where a look at the state runs: on the caller's loop when it has proved quick, else on a thread."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from time import thread_time
from types import CodeType
from typing import TypeVar

from goldentime.adapters.sql.changing import SqlReading
from goldentime.adapters.sql.connection import FAILED, Connection
from goldentime.adapters.sql.draft import Look
from goldentime.adapters.sql.vault import Vault
from goldentime.core.errors import StorageFailed

T = TypeVar("T")
THREADS = 4
QUICK_SECONDS = 0.001  # of the thread's own time, so that a busy machine does not make a look slow
PROOFS = 3  # quick runs on a thread before a look is trusted with the loop
_NEVER = -1


class Readers:
    """Snapshots on connections of their own; no look ever waits for the writer.

    A look by key takes 8 us where it is called and 100 us through a thread. So each piece of code that looks is
    timed: after three quick runs it stays on the loop, and one slow run sends it back to the threads for good.
    """

    def __init__(self, connect: Callable[[], Connection], vault: Vault, *, may_stay_on_loop: bool) -> None:
        self._connect = connect
        self._vault = vault
        self._may_stay = may_stay_on_loop
        self._proofs: dict[CodeType, int] = {}
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="goldentime-reader")
        self._closed = threading.Event()

    async def read(self, ask: Callable[[SqlReading], T]) -> T:
        """What `ask` found on a consistent snapshot."""
        code = getattr(ask, "__code__", None) if self._may_stay else None
        if code is not None and self._proofs.get(code, 0) >= PROOFS:
            return self._timed(ask, code)
        if self._closed.is_set():
            raise StorageFailed(FAILED)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._timed, ask, code)

    def read_now(self, ask: Callable[[SqlReading], T]) -> T:
        """The same, at once and on the caller's thread."""
        with self._snapshot() as connection:
            return ask(SqlReading(Look(connection, self._vault)))

    def close(self) -> None:
        """Wait for the looks under way, then close all connections."""
        self._closed.set()
        self._threads.shutdown()
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _timed(self, ask: Callable[[SqlReading], T], code: CodeType | None) -> T:
        begun = thread_time()
        try:
            found = self.read_now(ask)
        except StopIteration as problem:  # a future cannot carry it
            msg = "the look raised StopIteration"
            raise RuntimeError(msg) from problem
        if code is not None:
            proofs = self._proofs.get(code, 0)
            if thread_time() - begun > QUICK_SECONDS:
                # the first run may open a connection and compile a statement: only start counting anew
                self._proofs[code] = _NEVER if proofs >= PROOFS else min(proofs, 0)
            elif _NEVER < proofs < PROOFS:
                self._proofs[code] = proofs + 1
        return found

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        if self._closed.is_set():
            raise StorageFailed(FAILED)
        try:
            connection = self._begun(self._idle.get_nowait())
        except Empty:
            connection = self._begun(self._connect())
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _begun(self, connection: Connection) -> Connection:
        """The connection, or another one if it was lost while idle, with a snapshot open on it."""
        begin = "BEGIN" if connection.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        try:
            connection.command(begin)
        except StorageFailed:
            connection.close()
            if not connection.is_lost():
                raise
            connection = self._connect()
            connection.command(begin)
        return connection

    def _give_back(self, connection: Connection) -> None:
        try:
            connection.command("ROLLBACK")
        except StorageFailed:
            connection.close()  # a lost connection is not used again; the look has failed already or has its answer
        else:
            self._idle.put(connection)
