"""Every table of the first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("person", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("purpose_ko", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("purpose_en", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("legal_basis_ko", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("legal_basis_en", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("cameras", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("starts_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("ending", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_grant_by_incident", "access_grant", ["incident"], unique=False)
    op.create_index("access_grant_by_person", "access_grant", ["person"], unique=False)
    op.create_table(
        "access_view",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("grant", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("camera", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("session", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("ending", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_view_by_end", "access_view", ["ended_at", "incident"], unique=False)
    op.create_index("access_view_by_opening", "access_view", ["opened_at"], unique=False)
    op.create_index("access_view_by_incident", "access_view", ["incident"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("password", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("must_change_password", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("disabled", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name_ko", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name_en", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("senders", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("services", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("legal_basis_ko", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("legal_basis_en", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("origins", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "agency_key",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_until", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("camera", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("data", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "boundary_part",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("shape", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "camera",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lon", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("lat", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("bearing", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("field", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("reach", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("megapixels", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("aimed_by_hand", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("camera_by_site", "camera", ["site_id"], unique=False)
    op.create_table(
        "camera_group",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("cameras", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tour_seconds", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("camera_group_by_account", "camera_group", ["account"], unique=False)
    op.create_table(
        "day_number",
        sa.Column("day", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "fact",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("fact_by_subject", "fact", ["subject", "position"], unique=False)
    op.create_table(
        "head",
        sa.Column("log", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("vouched", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("log"),
    )
    op.create_table(
        "imported",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("file_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("service", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("severity", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lon", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("lat", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("estimated", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("radius", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("owner", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("acknowledged_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("closed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("disposition", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("sender_state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reports", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("drill", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("sandbox", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("incident_by_closing", "incident", ["closed_at"], unique=False)
    op.create_index("incident_by_opening", "incident", ["opened_at"], unique=False)
    op.create_index("incident_by_state", "incident", ["state", "opened_at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("linkage", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sender", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("content_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ends_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("occurrence", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("answer", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("answer_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("problem", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sandbox", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("message_by_digest", "message", ["digest"], unique=False)
    op.create_index("message_by_occurrence", "message", ["sender", "occurrence"], unique=False)
    op.create_index("message_by_state", "message", ["state", "received_at"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("value", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "one_time_code",
        sa.Column("digest", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "pick",
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("place_in_list", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ring", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("camera", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("incident", "place_in_list"),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lon", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("lat", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("extra", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("estimated", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("flagged", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", "kind"),
    )
    op.create_index("place_by_kind", "place", ["kind"], unique=False)
    op.create_table(
        "road_link",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("from_node", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("to_node", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lanes", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("max_kmh", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("road_no", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "road_node",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lon", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("lat", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "signed_session",
        sa.Column("digest", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("signed_session_by_account", "signed_session", ["account"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lon", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("lat", sa.Double(), autoincrement=False, nullable=False),
        sa.Column("cameras", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("purpose_words", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lot_address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("bearing", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("all_round", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("megapixels", sa.Double(), autoincrement=False, nullable=True),
        sa.Column("retention_days", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("installed", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("operator", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("flagged", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "source",
        sa.Column("sender", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("occurrence", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sender", "occurrence"),
    )
    op.create_table(
        "stream",
        sa.Column("camera", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("transport", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("camera"),
    )
    op.create_table(
        "vault_item",
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject", "name"),
    )
    op.create_table(
        "vault_key",
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("ends_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("vault_key_by_end", "vault_key", ["ends_at"], unique=False)
