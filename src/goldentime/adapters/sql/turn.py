"""Which of several platforms over one state does what only one may do: a lock that dies with the one that holds it."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqlalchemy import BigInteger, func, select
from sqlalchemy import bindparam as b

from goldentime.adapters.sql.connection import FAILED, Connection
from goldentime.core.errors import StorageFailed

_TRY = select(func.pg_try_advisory_lock(b("number", type_=BigInteger)))
_ALIVE = select(func.pg_backend_pid())
# A machine that vanishes without a word is given up by the server after 5 + 3 x 2 seconds; a dead process at once.
_KEEPALIVE = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3")


class Turn(Protocol):
    """The right to do something alone."""

    async def is_ours(self) -> bool:
        """Whether it is this process's now; takes it when nobody has it. Raises StorageFailed, and then it is not."""
        ...

    async def give_back(self) -> None:
        """Let another have it at once."""
        ...


class PostgresTurn:
    """An advisory lock held by a session of its own; not behind a pooler that shares sessions."""

    def __init__(self, connect: Callable[[], Connection], name: str) -> None:
        """Nothing is held; the first eight letters of `name` are the lock's number."""
        self._connect, self._number = connect, int.from_bytes(name.encode()[:8].ljust(8), "big")
        self._session: Connection | None = None
        self._held = False
        self._one = asyncio.Lock()

    async def is_ours(self) -> bool:
        """Whether the session lives and holds the lock."""
        async with self._one:
            return await asyncio.to_thread(self._ask)

    async def give_back(self) -> None:
        """End the session, and the lock with it."""
        async with self._one:
            await asyncio.to_thread(self._end)

    def _ask(self) -> bool:
        try:
            if self._session is None:
                self._session = self._connect()
                for setting in _KEEPALIVE:
                    self._session.command(f"SET {setting}")
            if self._held:
                self._session.rows(_ALIVE, {})
            else:
                self._held = bool(self._session.rows(_TRY, {"number": self._number})[0][0])
        except StorageFailed:
            self._end()
            raise
        return self._held

    def _end(self) -> None:
        session, self._session, self._held = self._session, None, False
        if session is not None:
            with contextlib.suppress(Exception):  # the driver's own errors on a line that is gone
                session.close()


class FileTurn:
    """A locked file beside an SQLite database; the system lets go of it when the process dies."""

    def __init__(self, path: Path) -> None:
        """Nothing is held."""
        self._path = path
        self._file: int | None = None

    async def is_ours(self) -> bool:
        """Whether the file is locked by us."""
        if self._file is not None:
            return True
        try:
            file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as problem:
            raise StorageFailed(FAILED) from problem
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another has it
            os.close(file)
            return False
        self._file = file
        return True

    async def give_back(self) -> None:
        """Close the file."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)
