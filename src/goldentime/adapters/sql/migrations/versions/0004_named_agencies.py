"""Which agencies the settings still name."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next start says which are named no longer."""
    with op.batch_alter_table("agency") as table:
        table.add_column(sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.alter_column("named", server_default=None)
