"""Which tables remember how alike incidents are, how they were paired, and how long each of them took."""

from sqlalchemy import BigInteger, Boolean, Double, Index, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

trace = Table(  # of open incidents only
    "incident_trace",
    metadata,
    column("incident", Text, key=True),
    column("cell", BigInteger),
    when("at"),
    column("lon", Double, null=True),
    column("lat", Double, null=True),
    column("uncertain_metres", Double),
    column("nature", Text),
    column("words", Text),
    column("caller", Text),
    column("source", Text),
    column("drill", Boolean),
    Index("incident_trace_by_cell", "cell", "at"),
    Index("incident_trace_by_caller", "caller", "at"),
)
pairing = Table(
    "incident_pairing",
    metadata,
    column("first", Text, key=True),
    column("second", Text, key=True),
    column("state", Text),
    column("cause", Text),
    column("score", Double),
    column("metres", Double, null=True),
    column("seconds", Double),
    column("first_nature", Text),
    column("second_nature", Text),
    when("at"),
    column("by", Text, null=True),
    Index("incident_pairing_by_second", "second"),
)
clock = Table(
    "incident_clock",
    metadata,
    column("incident", Text, key=True),
    column("whose", Text, key=True),  # "" for the incident as a whole, else an agency
    column("nature", Text),
    column("number", Text),
    column("agency", Text, null=True),
    column("service", Text),
    column("drill", Boolean),
    when("called_at"),
    when("intake_at", null=True),
    when("listed_at", null=True),
    when("seen_at", null=True),
    when("ordered_at", null=True),
    when("departed_at", null=True),
    when("arrived_at", null=True),
    when("closed_at", null=True),
    column("by_hand", Text),
    Index("incident_clock_by_call", "called_at"),
)
cursor = Table("reader_cursor", metadata, column("reader", Text, key=True), column("position", BigInteger))
