"""Whether a message of ours may have arrived already, and which address an answer waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits from before may have been tried; its addresses are not told apart."""
    with op.batch_alter_table("outgoing") as table:
        table.add_column(sa.Column("reached", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("address", sa.Text(), nullable=False, server_default=""))
        table.alter_column("reached", server_default=None)
        table.alter_column("address", server_default=None)
