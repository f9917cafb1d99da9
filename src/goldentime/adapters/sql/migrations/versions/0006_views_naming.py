"""The views that still name a person, found without reading those that no longer do."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    naming = sa.text("person <> ''")
    op.create_index(
        "access_view_naming", "access_view", ["ended_at"], sqlite_where=naming, postgresql_where=naming, unique=False
    )
