"""What roads are made of besides: access, structure, limits, signals, joined ends and forbidden turns."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_LINK_WORDS = (("access", "open"), ("structure", "ground"), ("kind", ""))
_LINK_SIGNS, _NODE_SIGNS = ("ramp", "roundabout"), ("signal", "made")


def upgrade() -> None:
    """Add the columns and the table; roads imported before are open and at ground level until imported again."""
    with op.batch_alter_table("road_link") as table:
        for name in ("estimated_kmh", "width_m", "max_height_m", "max_weight_t"):
            table.add_column(sa.Column(name, sa.Double(), nullable=True))
        for name, default in _LINK_WORDS:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=default))
        for name in _LINK_SIGNS:
            table.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("told_from", "told_to"):
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
    with op.batch_alter_table("road_node") as table:
        for name in _NODE_SIGNS:
            table.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("road_link") as table:
        for name in (*(name for name, _ in _LINK_WORDS), *_LINK_SIGNS):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("road_node") as table:
        for name in _NODE_SIGNS:
            table.alter_column(name, server_default=None)
    op.create_table(
        "road_turn",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_link", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("via_node", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("to_link", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("via_links", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("except_emergency", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
