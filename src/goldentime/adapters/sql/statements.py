"""How rows are put: one upsert that SQLite and PostgreSQL both understand."""

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert, insert  # SQLite's compiler reads its ON CONFLICT as well


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
