"""A message of ours as the tests of the outbox send it: a patrol car has arrived."""

from datetime import UTC, datetime

from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.messages.news import News, Topic
from goldentime.messages.report import ReportState

ARRIVED = News(
    agency=AgencyId("agency-112"),
    sender="P4100000000",
    occurrence="20261123120000001",
    kind="112UC001",
    incident_number="GO-1123-0001",
    state=ReportState.CHANGED,
    at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
    content=Text("순찰차가 도착했습니다.", "A patrol car has arrived."),
    topic=Topic.ACTION,
)
