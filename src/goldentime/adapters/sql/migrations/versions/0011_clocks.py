"""What is remembered of open incidents to compare them, how they were paired, how long they took, and first frames."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def _column(name: str, kind: type[sa.types.TypeEngine[Any]], *, null: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, kind(), autoincrement=False, nullable=null)


def upgrade() -> None:
    """Make the tables; clocks of incidents that went before are made by their reader from the log."""
    op.create_table(
        "incident_trace",
        _column("incident", sa.Text),
        _column("cell", sa.BigInteger),
        _column("at", sa.BigInteger),
        _column("lon", sa.Double, null=True),
        _column("lat", sa.Double, null=True),
        _column("uncertain_metres", sa.Double),
        _column("nature", sa.Text),
        _column("words", sa.Text),
        _column("caller", sa.Text),
        _column("source", sa.Text),
        _column("drill", sa.Boolean),
        sa.PrimaryKeyConstraint("incident"),
    )
    op.create_index("incident_trace_by_cell", "incident_trace", ["cell", "at"], unique=False)
    op.create_index("incident_trace_by_caller", "incident_trace", ["caller", "at"], unique=False)
    op.create_table(
        "incident_pairing",
        _column("first", sa.Text),
        _column("second", sa.Text),
        _column("state", sa.Text),
        _column("cause", sa.Text),
        _column("score", sa.Double),
        _column("metres", sa.Double, null=True),
        _column("seconds", sa.Double),
        _column("first_nature", sa.Text),
        _column("second_nature", sa.Text),
        _column("at", sa.BigInteger),
        _column("by", sa.Text, null=True),
        sa.PrimaryKeyConstraint("first", "second"),
    )
    op.create_index("incident_pairing_by_second", "incident_pairing", ["second"], unique=False)
    op.create_table(
        "incident_clock",
        _column("incident", sa.Text),
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
        sa.PrimaryKeyConstraint("incident"),
    )
    op.create_index("incident_clock_by_call", "incident_clock", ["called_at"], unique=False)
    op.create_table(
        "reader_cursor",
        _column("reader", sa.Text),
        _column("position", sa.BigInteger),
        sa.PrimaryKeyConstraint("reader"),
    )
    with op.batch_alter_table("access_view") as table:
        table.add_column(sa.Column("seen_at", sa.BigInteger(), nullable=True))
