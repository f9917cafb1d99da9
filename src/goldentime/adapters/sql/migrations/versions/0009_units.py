"""Units and their orders; accounts bound to a unit, and grants for its crew."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; nobody is a crew yet."""
    op.create_table(
        "unit",
        sa.Column("id", sa.Text(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("agency", "call_sign", "kind")],
        *[sa.Column(name, sa.Double(), nullable=False) for name in ("station_lon", "station_lat")],
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("capabilities", "station_name", "beat")],
        sa.Column("width_m", sa.Double(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=True),
        sa.Column("state_by", sa.Text(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=True) for name in ("incident", "order")],
        *[sa.Column(name, sa.BigInteger(), nullable=True) for name in ("asked_at", "stayed_at")],
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("orders_on", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("unit_by_incident", "unit", ["incident"], unique=False)
    op.create_table(
        "unit_order",
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("id", "number", "incident", "agency", "units", "by")],
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("unit_order_by_incident", "unit_order", ["incident"], unique=False)
    op.add_column("account", sa.Column("unit", sa.Text(), nullable=True))
    op.add_column("access_grant", sa.Column("unit", sa.Text(), nullable=True))
