"""When changes become durable: one thread gathers those that wait and commits them as one, each in its savepoint."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import structlog

from goldentime.adapters.sql.changing import SqlChange
from goldentime.adapters.sql.connection import FAILED, Connection
from goldentime.adapters.sql.draft import Draft, Heads, lock_heads, move_heads
from goldentime.adapters.sql.vault import Vault
from goldentime.core.clock import monotonic
from goldentime.core.errors import StorageFailed

_LOG = structlog.get_logger(__name__)
MOST_IN_ONE_COMMIT = 256
LONGEST_SECONDS = 0.01  # of gathering into one commit: nobody waits much longer for others
LINGER_SECONDS = 0.002  # for the next change while they come together; a lone one is committed at once


@dataclass(slots=True)
class Job:
    """One change asked for, and who waits for it: a loop's future or a thread's."""

    decide: Callable[[SqlChange], Any]
    future: "asyncio.Future[Any] | Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    result: Any = None
    problem: BaseException | None = None


class Writer:
    """The only one that writes through this store; it outlives failed commits and lost connections."""

    def __init__(self, connect: Callable[[], Connection], vault: Vault) -> None:
        self._connect = connect
        self._vault = vault
        self._connection: Connection | None = connect()
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._listeners: tuple[tuple[Callable[[int], None], asyncio.AbstractEventLoop | None], ...] = ()
        self._closing = threading.Lock()
        self._closed = False
        self._ended = False  # the last job has been taken
        self._together = 1  # changes in the last commit
        self._thread = threading.Thread(target=self._work, name="goldentime-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue the change; raises StorageFailed after `close`."""
        with self._closing:
            if self._closed:
                raise StorageFailed(FAILED)
            self._queue.put(job)

    def listen(self, callback: Callable[[int], None], loop: asyncio.AbstractEventLoop | None) -> Callable[[], None]:
        """Tell the last fact position after each commit that moved it, on `loop` or on the writer's thread."""
        one = (callback, loop)
        self._listeners += (one,)

        def stop() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not one)

        return stop

    def close(self) -> None:
        """Commit what is queued, then end."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _work(self) -> None:
        while not self._ended:
            job = self._queue.get()
            if job is None:
                return
            done: list[Job] = []
            moved: int | None = None
            try:
                moved = self._transact(job, done)
            except Exception as problem:  # noqa: BLE001  (the writer's outermost loop: it must outlive whatever fails, and says so to all who wait)
                self._recover()
                _fail(done, problem)
            _deliver(done)
            if moved is not None:
                self._tell(moved)

    def _transact(self, first: Job, done: list[Job]) -> int | None:
        """Where the facts end now if they moved; everything taken on is added to `done`."""
        done.append(first)
        connection = self._begin()
        before = lock_heads(connection)
        heads, wipes = before, False
        until = monotonic() + LONGEST_SECONDS
        job: Job | None = first
        while job is not None:
            draft = Draft(connection, self._vault, heads)
            heads = _decided(job, draft, heads)
            wipes = wipes or draft.wipes
            if len(done) >= MOST_IN_ONE_COMMIT or monotonic() >= until:
                break
            try:
                job = self._queue.get(timeout=LINGER_SECONDS) if self._together > 1 else self._queue.get_nowait()
            except Empty:
                break
            if job is None:
                self._ended = True
            else:
                done.append(job)
        self._together = len(done)
        move_heads(connection, before, heads, self._vault)
        connection.command("COMMIT")
        if wipes and connection.is_sqlite:
            _wipe(connection)
        return heads.fact if heads.fact != before.fact else None

    def _begin(self) -> Connection:
        """A connection with a transaction open on it; one that was lost in the meantime is made anew."""
        connection = self._connection = self._connection or self._connect()
        begin = "BEGIN IMMEDIATE" if connection.is_sqlite else "BEGIN"
        try:
            connection.command(begin)
        except StorageFailed:
            if not connection.is_lost():
                raise
            connection = self._connection = self._connect()
            connection.command(begin)
        return connection

    def _recover(self) -> None:
        """Nothing of the failed transaction is left; the next one starts on a sound connection."""
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.is_in_transaction():
                connection.command("ROLLBACK")
        except StorageFailed:
            self._connection = None
            connection.close()
        if connection.is_lost():
            self._connection = None

    def _tell(self, position: int) -> None:
        for callback, loop in self._listeners:
            if loop is not None:
                _on(loop, callback, position)
                continue
            try:
                callback(position)
            except Exception:  # noqa: BLE001  (a follower that fails must not stop the writer; it is logged)
                _LOG.exception("follower_failed", position=position)


def _decided(job: Job, draft: Draft, heads: Heads) -> Heads:
    """The heads after the change; raises StorageFailed only when the whole transaction is lost."""
    try:
        job.result = job.decide(SqlChange(draft))
        return draft.keep()
    except StopIteration as problem:  # a future cannot carry it; the same as PEP 479 does for generators
        job.problem = RuntimeError("the change raised StopIteration")
        job.problem.__cause__ = problem
    except BaseException as problem:  # noqa: BLE001  (the outermost loop of every change: raised again where it was asked for)
        job.problem = problem
    job.result = None
    if not draft.connection.is_in_transaction():
        raise StorageFailed(FAILED)
    draft.undo()
    return heads


def _wipe(connection: Connection) -> None:
    """Empty the write-ahead log of what was destroyed; if a reader is in the way, later commits overwrite it."""
    try:
        connection.command("PRAGMA wal_checkpoint(TRUNCATE)")
    except StorageFailed:  # the commit itself is durable, and must not be called failed
        _LOG.warning("wipe_postponed", exc_info=True)


def _fail(jobs: Iterable[Job], problem: Exception) -> None:
    """None of it was kept; each who waits gets an error of their own, except where the change itself had failed."""
    for job in jobs:
        if job.problem is None:
            job.result, job.problem = None, StorageFailed(FAILED)
            job.problem.__cause__ = problem


def _deliver(jobs: Iterable[Job]) -> None:
    """Wake those who wait; one call for each loop, however many changes."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        if job.loop is not None:
            by_loop.setdefault(job.loop, []).append(job)
        else:
            _settle([job])
    for loop, some in by_loop.items():
        _on(loop, _settle, some)


def _settle(jobs: Iterable[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue  # nobody waits any more; the change is made all the same
        if job.problem is not None:
            job.future.set_exception(job.problem)
        else:
            job.future.set_result(job.result)


def _on(loop: asyncio.AbstractEventLoop, call: Callable[..., None], argument: object) -> None:
    try:
        loop.call_soon_threadsafe(call, argument)
    except RuntimeError:
        return  # the loop has ended, and everyone who waited on it
