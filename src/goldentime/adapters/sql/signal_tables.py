"""Which tables hold the greens that were asked for, and for whom priority is off."""

from sqlalchemy import BigInteger, Index, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

signal_request = Table(
    "signal_request",
    metadata,
    column("id", Text, key=True),
    column("unit", Text),
    column("incident", Text),
    column("junction", Text),
    column("approach", Text),
    column("leaving", Text, null=True),
    column("gravity", BigInteger),
    when("planned_at"),
    when("arrives_at"),
    column("state", Text),
    when("requested_at", null=True),
    when("green_at", null=True),
    when("ended_at", null=True),
    column("reason", Text, null=True),
    Index("signal_request_by_incident", "incident"),
    Index("signal_request_by_end", "ended_at"),
)
signal_off = Table(
    "signal_off",
    metadata,
    column("unit", Text, key=True),
    column("order", Text, null=True),
    when("since"),
)
