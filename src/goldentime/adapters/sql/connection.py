"""How a Core statement reaches the driver: compiled once for the dialect, then run without further ceremony."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.base import Executable

from goldentime.adapters.sql.rowed import Row, Values
from goldentime.core.errors import GoldentimeError, SendersError, StorageFailed
from goldentime.core.text import Text

FAILED = Text(
    "저장소에 기록할 수 없습니다. 접수되지 않았습니다.", "The storage does not take or give data; nothing was accepted."
)
UNSTORABLE = Text("저장할 수 없는 문자가 들어 있습니다.", "It contains a character that cannot be stored.")


class _Compiled:
    """One statement's text for one dialect, and how its values are handed over."""

    def __init__(self, engine: Engine, statement: Executable) -> None:
        compiled = statement.compile(dialect=engine.dialect)  # type: ignore[attr-defined]  # every ClauseElement has it
        self.sql = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        order: Sequence[str] | None = compiled.positiontup
        self._by_place = None if order is None else _picker(order)

    def values(self, values: Values) -> Any:
        """A tuple or a dict, as the driver wants it."""
        if self._fixed:
            values = self._fixed | values
        return values if self._by_place is None else self._by_place(values)


def _picker(order: Sequence[str]) -> Any:
    if len(order) == 1:
        only = order[0]
        return lambda values: (values[only],)
    return itemgetter(*order) if order else lambda _: ()


class Connection:
    """One open connection in the driver's own autocommit mode; we say BEGIN and COMMIT ourselves.

    Every method raises StorageFailed when the database fails.
    """

    def __init__(self, engine: Engine, plans: dict[Executable, _Compiled]) -> None:
        self._engine = engine
        self._plans = plans
        self.is_sqlite = engine.dialect.name == "sqlite"
        dbapi: Any = engine.dialect.dbapi
        self._errors: tuple[type[Exception], ...] = (UnicodeEncodeError, OverflowError, dbapi.Error)
        self._unstorable: tuple[type[Exception], ...] = (UnicodeEncodeError, OverflowError, dbapi.DataError)
        try:
            self._pooled = engine.raw_connection()
        except (dbapi.Error, SQLAlchemyError) as problem:
            raise StorageFailed(FAILED) from problem
        driver: Any = self._pooled.driver_connection
        self.driver = driver
        self._cursor = driver.cursor()

    def rows(self, statement: Executable, values: Values) -> list[Row]:
        """All rows the statement gives."""
        plan = self._plan(statement)
        try:
            self._cursor.execute(plan.sql, plan.values(values))
            found: list[Row] = self._cursor.fetchall()
        except self._errors as problem:
            raise self._named(problem) from problem
        return found

    def each(self, statement: Executable, values: Values, *, size: int = 2000) -> Iterator[Row]:
        """The rows one by one, however many; its own cursor."""
        plan = self._plan(statement)
        cursor = self.driver.cursor() if self.is_sqlite else self.driver.cursor(name="each")
        try:
            cursor.execute(plan.sql, plan.values(values))
            while some := cursor.fetchmany(size):
                yield from some
        except self._errors as problem:
            raise self._named(problem) from problem
        finally:
            cursor.close()

    def run(self, statement: Executable, values: Values) -> int:
        """How many rows it touched."""
        plan = self._plan(statement)
        try:
            self._cursor.execute(plan.sql, plan.values(values))
        except self._errors as problem:
            raise self._named(problem) from problem
        return int(self._cursor.rowcount)

    def run_many(self, statement: Executable, rows: Sequence[Values]) -> None:
        """Run the statement for every row."""
        plan = self._plan(statement)
        try:
            if len(rows) == 1:
                self._cursor.execute(plan.sql, plan.values(rows[0]))
            else:
                self._cursor.executemany(plan.sql, [plan.values(row) for row in rows])
        except self._errors as problem:
            raise self._named(problem) from problem

    def command(self, sql: str) -> None:
        """Run BEGIN, COMMIT, SAVEPOINT and their kind."""
        try:
            self._cursor.execute(sql)
        except self._errors as problem:
            raise self._named(problem) from problem

    def is_in_transaction(self) -> bool:
        """Whether a transaction is open; SQLite drops it by itself when the disk is full."""
        if self.is_sqlite:
            return bool(self.driver.in_transaction)
        return not self.driver.closed and self.driver.info.transaction_status.name in ("INTRANS", "INERROR", "ACTIVE")

    def is_lost(self) -> bool:
        """Whether the server has gone; a file does not."""
        return not self.is_sqlite and bool(self.driver.closed)

    def close(self) -> None:
        """Close for good."""
        self._cursor.close()
        self._pooled.invalidate()

    def _plan(self, statement: Executable) -> _Compiled:
        plan = self._plans.get(statement)
        if plan is None:
            plan = self._plans[statement] = _Compiled(self._engine, statement)
        return plan

    def _named(self, problem: Exception) -> GoldentimeError:
        if isinstance(problem, self._unstorable):
            return SendersError(UNSTORABLE, code="unstorable")
        return StorageFailed(FAILED)
