"""When a unit's crew asked for support on its call, and when a dispatcher said that it was heard."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both times; nobody is asking yet."""
    for name in ("support_at", "support_heard_at"):
        op.add_column("unit", sa.Column(name, sa.BigInteger(), nullable=True))
