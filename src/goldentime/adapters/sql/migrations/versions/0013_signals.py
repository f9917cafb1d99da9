"""Which greens were asked for, for whom, and how each ended."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "signal_request",
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("id", "unit", "incident", "junction", "approach")],
        sa.Column("leaving", sa.Text(), nullable=True),
        sa.Column("gravity", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("arrives_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=True),
        sa.Column("green_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("signal_request_by_incident", "signal_request", ["incident"], unique=False)
    op.create_index("signal_request_by_end", "signal_request", ["ended_at"], unique=False)
