"""Which tables hold what is closed on the roads, and what was learned of their speeds."""

from sqlalchemy import BigInteger, Double, Index, LargeBinary, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

road_closure = Table(
    "road_closure",
    metadata,
    column("id", Text, key=True),
    column("links", Text),
    column("scope", Text),
    column("reason", Text),
    when("closed_at"),
    when("until", null=True),
    column("by", Text, null=True),
    column("lon", Double, null=True),
    column("lat", Double, null=True),
    column("radius", Double),
    column("opened_at", BigInteger, null=True),
    Index("road_closure_open", "opened_at"),
)
road_memory = Table(  # a row a quarter of an hour and kind of day, and one for the speeds of the moment
    "road_memory",
    metadata,
    column("name", Text, key=True),
    column("body", LargeBinary),
)
