"""Where an incident's cameras were chosen for, what its sender last said, and who vouched for another place."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; the cameras of those that were there before were chosen for where they are."""
    for name in ("scene_lon", "scene_lat", "told_place_lon", "told_place_lat"):
        op.add_column("incident", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("incident", sa.Column("placed_by", sa.Text(), nullable=True))
    op.execute("UPDATE incident SET scene_lon = lon, scene_lat = lat")
