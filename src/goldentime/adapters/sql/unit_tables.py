"""Which tables units, their orders and their last positions live in."""

from sqlalchemy import BigInteger, Double, Index, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

unit = Table(
    "unit",
    metadata,
    column("id", Text, key=True),
    column("agency", Text),
    column("call_sign", Text),
    column("kind", Text),
    column("station_lon", Double),
    column("station_lat", Double),
    column("capabilities", Text),
    column("station_name", Text),
    column("beat", Text),
    column("width_m", Double, null=True),
    column("state", Text),
    when("state_at", null=True),
    column("state_by", Text),
    column("incident", Text, null=True),
    column("order", Text, null=True),
    when("asked_at", null=True),
    when("stayed_at", null=True),
    when("support_at", null=True),
    when("support_heard_at", null=True),
    column("orders", BigInteger),
    column("orders_on", Text),
    column("version", BigInteger),
    when("removed_at", null=True),
    Index("unit_by_incident", "incident"),
)
unit_order = Table(
    "unit_order",
    metadata,
    column("id", Text, key=True),
    column("number", Text),
    column("incident", Text),
    column("agency", Text),
    column("units", Text),
    column("by", Text),
    when("at"),
    column("withdrawn", Text),
    Index("unit_order_by_incident", "incident"),
)
unit_position = Table(
    "unit_position",
    metadata,
    column("agency", Text, key=True),
    column("unit", Text, key=True),
    column("lon", Double),
    column("lat", Double),
    when("at"),
    column("speed_kmh", Double, null=True),
    column("heading", Double, null=True),
    column("accuracy_m", Double, null=True),
    column("source", Text),
    when("received_at"),
)
