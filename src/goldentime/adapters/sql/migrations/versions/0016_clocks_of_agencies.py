"""A clock for every agency that came to an incident, and what kind of incident it was; made anew from the facts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _column(name: str, kind: type[sa.types.TypeEngine[Any]], *, null: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, kind(), autoincrement=False, nullable=null)


def upgrade() -> None:
    """Nothing in the old table is known from it alone: its reader begins again and fills the new one."""
    op.drop_table("incident_clock")
    op.create_table(
        "incident_clock",
        _column("incident", sa.Text),
        _column("whose", sa.Text),
        _column("nature", sa.Text),
        _column("number", sa.Text),
        _column("agency", sa.Text, null=True),
        _column("service", sa.Text),
        _column("drill", sa.Boolean),
        _column("called_at", sa.BigInteger),
        *(
            _column(f"{stamp}_at", sa.BigInteger, null=True)
            for stamp in ("intake", "listed", "seen", "ordered", "departed", "arrived", "closed")
        ),
        _column("by_hand", sa.Text),
        sa.PrimaryKeyConstraint("incident", "whose"),
    )
    op.create_index("incident_clock_by_call", "incident_clock", ["called_at"], unique=False)
    op.execute(sa.text("DELETE FROM reader_cursor WHERE reader = 'clocks'"))
