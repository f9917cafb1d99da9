"""What is said to and heard from the engine that carries video: sources, streams, views and how they end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text

RtspTransport = Literal["tcp", "udp"]
VideoCodec = Literal["h264", "h265"]
Condition = Literal["connecting", "live", "frozen", "late", "dead", "waiting"]
EndReason = Literal["closed", "revoked", "expired", "heartbeat", "left", "shutdown"]


@dataclass(frozen=True, slots=True)
class StreamSource:
    """Where a camera's pictures come from; never printed, since address and password stay on the server."""

    url: str = field(repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    transport: RtspTransport = "tcp"
    codec: VideoCodec | None = None
    substream_url: str | None = field(default=None, repr=False)
    verify_certificate: bool = True


@dataclass(frozen=True, slots=True)
class StreamNow:
    """One camera's stream as it is at this moment; `text` is what a tile says, `note` what is special about it."""

    camera_id: CameraId
    condition: Condition
    since: datetime
    text: Text
    delay_ms: int = 0
    note: Text | None = None
    codec: str | None = None
    width: int = 0
    height: int = 0
    holds: int = 0
    viewers: int = 0


@dataclass(frozen=True, slots=True)
class ViewNow:
    """One open view; `attached` is False until its browser has come with the ticket (or asked for HLS)."""

    view_id: ViewId
    camera_id: CameraId
    attached: bool
    opened_at: datetime
    expires_at: datetime
    bytes_sent: int = 0
    frames_dropped: int = 0


@dataclass(frozen=True, slots=True)
class ViewEnded:
    """A view is over and nothing more is sent to it."""

    view_id: ViewId
    camera_id: CameraId
    reason: EndReason
    at: datetime


@dataclass(frozen=True, slots=True)
class StreamChanged:
    """A camera's stream came into another condition."""

    stream: StreamNow


@dataclass(frozen=True, slots=True)
class EngineRestarted:
    """The engine died and is back; it knows no stream and no view any more."""

    at: datetime
    times: int


EngineEvent = ViewEnded | StreamChanged | EngineRestarted


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """How the engine is; seconds of CPU since its start, bytes of resident memory."""

    streams: int
    live_streams: int
    views: int
    cpu_seconds: float
    memory_bytes: int
    open_limit: int
