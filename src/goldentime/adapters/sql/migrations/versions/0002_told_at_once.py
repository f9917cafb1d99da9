"""What a flood was answered at once, grants by their end, and no digest that was made without a salt."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the index; unsalted digests are forgotten, since what they stand for could be guessed."""
    op.add_column("message", sa.Column("provisional", sa.LargeBinary(), nullable=True))
    op.create_index("access_grant_by_expiry", "access_grant", ["expires_at"], unique=False)
    message = sa.table("message", sa.column("digest", sa.LargeBinary()))
    op.execute(message.update().values(digest=b""))
