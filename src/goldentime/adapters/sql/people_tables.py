"""Which tables people, their sessions and the agencies with their keys live in."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

account = Table(
    "account",
    metadata,
    column("id", Text, key=True),
    Column("name", Text, nullable=False, unique=True),
    column("display_name", Text),
    column("role", Text),
    column("agency", Text, null=True),
    column("password", Text),
    column("language", Text),
    column("must_change_password", Boolean),
    column("disabled", Boolean),
    column("camera_purposes", Text, null=True),
    column("unit", Text, null=True),
)
signed_session = Table(
    "signed_session",
    metadata,
    column("digest", LargeBinary, key=True),
    column("account", Text),
    column("person", Text),
    when("started_at"),
    when("expires_at"),
    column("agency", Text, null=True),
    column("incident", Text, null=True),
    column("kind", Text),
    Index("signed_session_by_account", "account"),
)
one_time_code = Table(
    "one_time_code",
    metadata,
    column("digest", LargeBinary, key=True),
    column("agency", Text),
    column("incident", Text),
    column("person", Text),
    column("account", Text),
    when("made_at"),
    when("expires_at"),
)
agency = Table(
    "agency",
    metadata,
    column("id", Text, key=True),
    column("name_ko", Text),
    column("name_en", Text),
    column("senders", Text),
    column("services", Text),
    column("legal_basis_ko", Text),
    column("legal_basis_en", Text),
    column("origins", Text),
    column("named", Boolean),
)
agency_key = Table(
    "agency_key",
    metadata,
    column("id", Text, key=True),
    column("agency", Text),
    Column("digest", LargeBinary, nullable=False, unique=True),
    column("sandbox", Boolean),
    when("valid_from"),
    when("valid_until", null=True),
)
