"""What the address that plays a camera is; its secrets never show in a repr, a log or a report."""

from dataclasses import dataclass, field
from enum import StrEnum

from goldentime.core.ids import CameraId


class Policy(StrEnum):
    """When the platform connects to the camera."""

    ON_DEMAND = "on_demand"
    ALWAYS = "always"


class Transport(StrEnum):
    """How the picture travels."""

    TCP = "tcp"
    UDP = "udp"


@dataclass(frozen=True, slots=True)
class Stream:
    """Which address plays the camera; `url` and `substream_url` are rtsp(s) and hold no user and no password."""

    camera_id: CameraId
    url: str = field(repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    transport: Transport = Transport.TCP
    policy: Policy = Policy.ON_DEMAND
    substream_url: str = field(default="", repr=False)
