"""What one reader or one change sees of the database, and how a change's writes are kept or undone as one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam as b
from sqlalchemy import select, update
from sqlalchemy.sql.base import Executable

from goldentime.adapters.sql.connection import Connection
from goldentime.adapters.sql.rowed import Row, Values
from goldentime.adapters.sql.statements import touches
from goldentime.adapters.sql.tables import head
from goldentime.adapters.sql.vault import Vault
from goldentime.core.errors import StorageFailed
from goldentime.core.text import Text

FACTS, AUDIT = "facts", "audit"
# FOR UPDATE on PostgreSQL, where two processes may write; SQLite has no such clause and BEGIN IMMEDIATE does the same
_LOCK_HEADS = select(head.c.log, head.c.position, head.c.digest).order_by(head.c.log).with_for_update()
_MOVE_HEAD = (
    update(head)
    .where(head.c.log == b("which"))
    .values(position=b("position"), digest=b("digest"), vouched=b("vouched"))
)


@dataclass(slots=True)
class Heads:
    """Where the two logs end at this moment of the transaction."""

    fact: int
    audit: int
    digest: bytes


def lock_heads(connection: Connection) -> Heads:
    """The heads, ours alone until the transaction ends."""
    found = {row[0]: row for row in connection.rows(_LOCK_HEADS, {})}
    if FACTS not in found or AUDIT not in found:
        raise StorageFailed(Text("기록의 머리 행이 없습니다.", "The head rows of the logs are missing."))
    return Heads(found[FACTS][1], found[AUDIT][1], bytes(found[AUDIT][2]))


def move_heads(connection: Connection, before: Heads, after: Heads, vault: Vault) -> None:
    """Store what has changed of the heads."""
    if after.fact != before.fact:
        connection.run(_MOVE_HEAD, {"which": FACTS, "position": after.fact, "digest": b"", "vouched": b""})
    if after.audit != before.audit:
        vouched = vault.vouch(after.audit, after.digest)
        values = {"which": AUDIT, "position": after.audit, "digest": after.digest, "vouched": vouched}
        connection.run(_MOVE_HEAD, values)


class Look:
    """A consistent view of the state through one connection."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.connection = connection
        self.vault = vault

    def rows(self, statement: Executable, **values: object) -> list[Row]:
        """All rows the statement gives."""
        return self.connection.rows(statement, values)

    def one(self, statement: Executable, **values: object) -> Row | None:
        """The first row, or None."""
        found = self.rows(statement, **values)
        return found[0] if found else None

    def each(self, statement: Executable, **values: object) -> Iterator[Row]:
        """The rows one by one, however many."""
        return self.connection.each(statement, values)


class Draft(Look):
    """One change in the making: writes wait in memory, statement by statement, until a look needs them or it is kept.

    The savepoint is opened late: a change that fails before it has written costs nothing.
    """

    def __init__(self, connection: Connection, vault: Vault, heads: Heads) -> None:
        super().__init__(connection, vault)
        self.heads = Heads(heads.fact, heads.audit, heads.digest)
        self.wipes = False  # something was destroyed: its bytes must leave the write-ahead log too
        self._waiting: dict[Executable, list[Values]] = {}
        self._held = False

    def rows(self, statement: Executable, **values: object) -> list[Row]:
        """All rows the statement gives, this change's own writes among them."""
        self._settle(statement)
        if not self.connection.is_sqlite:
            self._hold()  # on PostgreSQL a failed look, too, would spoil the whole transaction
        return self.connection.rows(statement, values)

    def write(self, statement: Executable, row: Values) -> None:
        """Run the statement with this row before its table is looked at, and before the change is kept."""
        self._queue(statement).append(row)

    def write_many(self, statement: Executable, rows: list[Values]) -> None:
        """`write` for each row."""
        if rows:
            self._queue(statement).extend(rows)

    def run(self, statement: Executable, **values: object) -> int:
        """Run the statement now; how many rows it touched."""
        self._settle(statement)
        self._hold()
        return self.connection.run(statement, values)

    def take(self, statement: Executable, **values: object) -> Row | None:
        """Run a writing statement now; the first row it returns, or None."""
        self._settle(statement)
        self._hold()
        found = self.connection.rows(statement, values)
        return found[0] if found else None

    def keep(self) -> Heads:
        """The change is part of the transaction; where the logs end now."""
        if self._waiting:
            self._hold()
            for statement, rows in self._waiting.items():
                self.connection.run_many(statement, rows)
            self._waiting.clear()
        if self._held:
            self.connection.command("RELEASE SAVEPOINT step")
            self._held = False
        return self.heads

    def undo(self) -> None:
        """Nothing of the change is left; raises StorageFailed when the whole transaction is gone."""
        self._waiting.clear()
        if self._held:
            self._held = False
            self.connection.command("ROLLBACK TO SAVEPOINT step")
            self.connection.command("RELEASE SAVEPOINT step")

    def _hold(self) -> None:
        if not self._held:
            self.connection.command("SAVEPOINT step")
            self._held = True

    def _queue(self, statement: Executable) -> list[Values]:
        """Where its rows wait; what else waits for the same table goes first, so that the order stays."""
        rows = self._waiting.get(statement)
        if rows is None:
            self._settle(statement)
            rows = self._waiting[statement] = []
        return rows

    def _settle(self, statement: Executable) -> None:
        """Run what waits for the tables this statement touches."""
        for other in [one for one in self._waiting if touches(one, statement)]:
            self._hold()
            self.connection.run_many(other, self._waiting.pop(other))
