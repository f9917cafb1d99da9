"""Which tables hold the looks that agencies asked for, and the cameras locked for privacy."""

from sqlalchemy import Index, Table, Text

from goldentime.adapters.sql.tables import column, metadata, when

video_request = Table(
    "video_request",
    metadata,
    column("id", Text, key=True),
    column("incident", Text),
    column("agency", Text),
    column("control", Text),
    column("sender", Text),
    column("occurrence", Text),
    column("cameras", Text, null=True),
    when("asked_at"),
    column("state", Text),
    when("answered_at", null=True),
    column("by", Text, null=True),
    Index("video_request_by_incident", "incident"),
)
camera_lock = Table(
    "camera_lock",
    metadata,
    column("camera", Text, key=True),
    column("incident", Text),
    column("agency", Text),
    when("locked_at"),
    Index("camera_lock_by_incident", "incident"),
)
