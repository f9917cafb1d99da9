"""All looks and all writes of the ports, put together."""

from collections.abc import Callable

from goldentime.adapters.sql.cameras import CameraReads, CameraWrites
from goldentime.adapters.sql.clocks import ClockReads, ClockWrites
from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.grants import GrantReads, GrantWrites
from goldentime.adapters.sql.incidents import IncidentReads, IncidentWrites
from goldentime.adapters.sql.inventory import InventoryReads, InventoryWrites
from goldentime.adapters.sql.outgoing import OutgoingReads, OutgoingWrites
from goldentime.adapters.sql.people import PeopleReads, PeopleWrites
from goldentime.adapters.sql.positions import PositionReads, PositionWrites
from goldentime.adapters.sql.record import RecordReads, RecordWrites
from goldentime.adapters.sql.reports import ReportReads, ReportWrites
from goldentime.adapters.sql.roads import RoadReads, RoadWrites
from goldentime.adapters.sql.sealed import SealedReads, SealedWrites
from goldentime.adapters.sql.signals import SignalReads, SignalWrites
from goldentime.adapters.sql.units import UnitReads, UnitWrites
from goldentime.adapters.sql.video_control import VideoControlReads, VideoControlWrites
from goldentime.flows.ports import Change, Reading


class SqlReading(
    IncidentReads,
    ReportReads,
    OutgoingReads,
    GrantReads,
    PeopleReads,
    CameraReads,
    InventoryReads,
    PositionReads,
    ClockReads,
    RecordReads,
    RoadReads,
    SealedReads,
    SignalReads,
    UnitReads,
    VideoControlReads,
):
    """`flows.ports.Reading` on one snapshot."""

    def __init__(self, look: Look) -> None:
        self.look = look


class SqlChange(
    IncidentWrites,
    ReportWrites,
    OutgoingWrites,
    GrantWrites,
    PeopleWrites,
    CameraWrites,
    InventoryWrites,
    PositionWrites,
    ClockWrites,
    RecordWrites,
    RoadWrites,
    SealedWrites,
    SignalWrites,
    UnitWrites,
    VideoControlWrites,
):
    """`flows.ports.Change` within one savepoint."""

    def __init__(self, draft: Draft) -> None:
        self.look = draft
        self.draft = draft


# the type checker's proof that nothing of the ports is missing
_READS: Callable[[Look], Reading] = SqlReading
_CHANGES: Callable[[Draft], Change] = SqlChange
