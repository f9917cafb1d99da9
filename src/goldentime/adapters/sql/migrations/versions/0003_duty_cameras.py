"""Which cameras an operator watches on duty."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column to accounts and to grants; whoever was there before watches every camera."""
    op.add_column("account", sa.Column("camera_purposes", sa.Text(), nullable=True))
    op.add_column("access_grant", sa.Column("camera_purposes", sa.Text(), nullable=True))
