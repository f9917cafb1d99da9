"""Which tables the city's own inventory lives in: sites, cameras, streams, places, boundary, roads and imports."""

from sqlalchemy import BigInteger, Boolean, Double, Index, LargeBinary, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

site = Table(
    "site",
    metadata,
    column("id", Text, key=True),
    column("name", Text),
    column("lon", Double),
    column("lat", Double),
    column("cameras", BigInteger),
    column("purpose", Text),
    column("purpose_words", Text),
    column("address", Text),
    column("lot_address", Text),
    column("bearing", Double, null=True),
    column("all_round", Boolean),
    column("megapixels", Double, null=True),
    column("retention_days", BigInteger, null=True),
    column("installed", Text),
    column("operator", Text),
    column("phone", Text),
    column("flagged", Text),
    column("source", Text),
    when("removed_at", null=True),
)
camera = Table(
    "camera",
    metadata,
    column("id", Text, key=True),
    column("site_id", Text),
    column("number", BigInteger),
    column("lon", Double),
    column("lat", Double),
    column("purpose", Text),
    column("status", Text),
    column("bearing", Double, null=True),
    column("field", Double),
    column("reach", Double),
    column("megapixels", Double, null=True),
    column("aimed_by_hand", Boolean),
    when("removed_at", null=True),
    Index("camera_by_site", "site_id"),
)
stream = Table(
    "stream",
    metadata,
    column("camera", Text, key=True),
    column("transport", Text),
    column("policy", Text),
    column("secret", LargeBinary),  # addresses, user and password, sealed
)
place = Table(
    "place",
    metadata,
    column("id", Text, key=True),
    column("kind", Text, key=True),
    column("name", Text),
    column("lon", Double),
    column("lat", Double),
    column("address", Text),
    column("phone", Text),
    column("extra", Text),
    column("estimated", Boolean),
    column("flagged", Text),
    Index("place_by_kind", "kind"),
)
boundary_part = Table(  # the outline is the row of layer "outline"
    "boundary_part",
    metadata,
    column("number", BigInteger, key=True),
    column("layer", Text),
    column("name", Text),
    column("code", Text),
    column("shape", Text),
)
road_link = Table(
    "road_link",
    metadata,
    column("id", Text, key=True),
    column("from_node", Text),
    column("to_node", Text),
    column("name", Text),
    column("rank", Text),
    column("lines", Text),
    column("lanes", BigInteger, null=True),
    column("max_kmh", Double, null=True),
    column("road_no", Text),
)
road_node = Table(
    "road_node",
    metadata,
    column("id", Text, key=True),
    column("lon", Double),
    column("lat", Double),
    column("kind", Text),
    column("name", Text),
)
imported = Table(
    "imported",
    metadata,
    column("number", BigInteger, key=True),
    column("what", Text),
    column("file_name", Text),
    column("digest", Text),
    when("at"),
    column("report", Text),
)
