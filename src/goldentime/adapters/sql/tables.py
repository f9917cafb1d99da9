"""Which tables the running state lives in, the same for SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.types import TypeEngine

metadata = MetaData()
NAMING = "person <> ''"  # word for word in the query too, or no index of few rows serves it


def column(name: str, kind: type[TypeEngine[Any]], *, key: bool = False, null: bool = False) -> Column[Any]:
    """A column that must have a value unless `null`."""
    return Column(name, kind, primary_key=key, nullable=null, autoincrement=False)


def when(name: str, *, null: bool = False) -> Column[Any]:
    """A time: microseconds since 1970 in UTC, so that both databases keep and compare it exactly."""
    return column(name, BigInteger, null=null)


meta = Table("meta", metadata, column("name", Text, key=True), column("value", LargeBinary))

incident = Table(
    "incident",
    metadata,
    column("id", Text, key=True),
    column("number", Text),
    column("service", Text),
    column("kind", Text),
    column("title", Text),
    column("severity", Text),
    column("state", Text),
    when("opened_at"),
    when("occurred_at"),
    when("updated_at"),
    column("version", BigInteger),
    column("lon", Double, null=True),
    column("lat", Double, null=True),
    column("estimated", Text),
    column("radius", Double),
    column("agency", Text, null=True),
    column("owner", Text, null=True),
    when("acknowledged_at", null=True),
    column("acknowledged_by", Text, null=True),
    when("closed_at", null=True),
    column("disposition", Text, null=True),
    column("sender_state", Text),
    column("reports", BigInteger),
    column("drill", Boolean),
    column("sandbox", Boolean),
    column("scene_lon", Double, null=True),
    column("scene_lat", Double, null=True),
    column("told_place_lon", Double, null=True),
    column("told_place_lat", Double, null=True),
    column("placed_by", Text, null=True),
    Index("incident_by_state", "state", "opened_at"),
    Index("incident_by_opening", "opened_at"),
    Index("incident_by_closing", "closed_at"),
)
source = Table(
    "source",
    metadata,
    column("sender", Text, key=True),
    column("occurrence", Text, key=True),
    column("incident", Text),
    Index("source_by_incident", "incident"),
)
day_number = Table("day_number", metadata, column("day", Text, key=True), column("last", BigInteger))
pick = Table(
    "pick",
    metadata,
    column("incident", Text, key=True),
    column("place_in_list", BigInteger, key=True),
    column("ring", Double),
    column("camera", Text),
    column("body", Text),  # the Pick as JSON; its reasons are for reading, not for searching
)
message = Table(
    "message",
    metadata,
    column("id", Text, key=True),
    column("linkage", Text),
    column("sender", Text),
    column("content_type", Text),
    column("digest", LargeBinary),
    column("size", BigInteger),
    when("received_at"),
    when("ends_at"),
    column("state", Text),
    column("occurrence", Text),
    column("incident", Text, null=True),
    column("answer", LargeBinary),
    column("answer_type", Text),
    column("provisional", LargeBinary, null=True),
    column("problem", Text),
    column("sandbox", Boolean),
    Index("message_by_digest", "digest"),
    Index("message_by_state", "state", "received_at"),
    Index("message_by_occurrence", "sender", "occurrence"),
)
outgoing = Table(
    "outgoing",
    metadata,
    column("id", Text, key=True),
    column("agency", Text),
    column("lane", Text),
    column("linkage", Text),
    column("incident", Text),
    column("incident_number", Text),
    column("occurrence", Text),
    column("sequence", BigInteger),
    column("topic", Text),
    column("size", BigInteger),
    when("made_at"),
    when("next_at"),
    when("ends_at"),
    column("state", Text),
    column("tries", BigInteger),
    when("settled_at", null=True),
    column("problem", Text),
    column("reached", Boolean),
    column("address", Text),
    Index("outgoing_by_turn", "state", "agency", "lane", "next_at"),
    Index("outgoing_in_order", "agency", "lane", "incident", "sequence"),
)
access_grant = Table(
    "access_grant",
    metadata,
    column("id", Text, key=True),
    column("agency", Text, null=True),
    column("person", Text, null=True),
    column("purpose_ko", Text),
    column("purpose_en", Text),
    column("legal_basis_ko", Text),
    column("legal_basis_en", Text),
    column("incident", Text, null=True),
    column("cameras", Text, null=True),
    when("starts_at"),
    when("expires_at"),
    when("ended_at", null=True),
    column("ending", Text, null=True),
    column("camera_purposes", Text, null=True),
    column("unit", Text, null=True),
    Index("access_grant_by_incident", "incident"),
    Index("access_grant_by_person", "person"),
    Index("access_grant_by_expiry", "expires_at"),
)
access_view = Table(
    "access_view",
    metadata,
    column("id", Text, key=True),
    column("grant", Text),
    column("camera", Text),
    column("account", Text),
    column("person", Text),
    column("agency", Text, null=True),
    column("incident", Text, null=True),
    column("session", LargeBinary),
    when("opened_at"),
    when("expires_at"),
    when("ended_at", null=True),
    column("ending", Text, null=True),
    when("seen_at", null=True),
    Index("access_view_by_end", "ended_at", "incident"),
    Index("access_view_by_opening", "opened_at"),
    Index("access_view_by_incident", "incident"),
    Index("access_view_naming", "ended_at", sqlite_where=text(NAMING), postgresql_where=text(NAMING)),
)
camera_group = Table(
    "camera_group",
    metadata,
    column("id", Text, key=True),
    column("account", Text),
    column("name", Text),
    column("cameras", Text),
    column("tour_seconds", BigInteger, null=True),
    Index("camera_group_by_account", "account"),
)
fact = Table(
    "fact",
    metadata,
    column("position", BigInteger, key=True),
    column("kind", Text),
    column("subject", Text),
    when("at"),
    column("data", Text),
    Index("fact_by_subject", "subject", "position"),
)
audit_entry = Table(
    "audit_entry",
    metadata,
    column("position", BigInteger, key=True),
    when("at"),
    column("action", Text),
    column("actor", Text),
    column("agency", Text, null=True),
    column("incident", Text, null=True),
    column("camera", Text, null=True),
    column("data", Text),
    column("previous", LargeBinary),
    column("digest", LargeBinary),
)
head = Table(  # one row for each log: where it ends, the chain's last digest, and a code made with the master key
    "head",
    metadata,
    column("log", Text, key=True),
    column("position", BigInteger),
    column("digest", LargeBinary),
    column("vouched", LargeBinary),
)
vault_key = Table(
    "vault_key",
    metadata,
    column("subject", Text, key=True),
    column("wrapped", LargeBinary),
    when("ends_at"),
    Index("vault_key_by_end", "ends_at"),
)
vault_item = Table(
    "vault_item",
    metadata,
    column("subject", Text, key=True),
    column("name", Text, key=True),
    column("sealed", LargeBinary),
)
