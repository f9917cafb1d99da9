"""How rows are put, by one upsert that SQLite and PostgreSQL both understand, and which tables a statement touches."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, Table, UpdateBase
from sqlalchemy.dialects.postgresql import Insert, insert  # SQLite's compiler reads its ON CONFLICT as well
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.util import find_tables


def put(table: Table, *, keep: Sequence[str] = ()) -> Insert:
    """Insert, or replace the row with the same primary key; `keep` names columns an existing row keeps."""
    names = [column.name for column in table.c]
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in names if name not in keys and name not in keep}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def put_once(table: Table) -> Insert:
    """Insert, or leave the row that is there."""
    return insert(table).on_conflict_do_nothing()


@cache
def tables_of(statement: Executable) -> frozenset[str]:
    """The names of the tables it reads or writes; statements are made once, so the answer is kept."""
    if isinstance(statement, UpdateBase):
        return frozenset({statement.entity_description["name"]})
    if isinstance(statement, Select):
        return frozenset(table.name for table in find_tables(statement) if isinstance(table, Table))
    raise TypeError(statement)


@cache
def touches(written: Executable, read: Executable) -> bool:
    """Whether what the one writes may show in what the other reads."""
    return not tables_of(written).isdisjoint(tables_of(read))
