"""Which of a camera's tracks is its picture; sound is never asked for."""

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from goldentime.core.text import Text
from goldentime.media.faults import CameraFault, bad_bytes

_MOST_LINES = 512
_CODECS: dict[str, Literal["h264", "h265"]] = {"H264": "h264", "H265": "h265", "HEVC": "h265"}


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The one track that is set up; parameter sets as the description carries them, perhaps none."""

    control: str
    payload_type: int
    codec: Literal["h264", "h265"]
    parameter_sets: tuple[bytes, ...]
    aggregate: str


def choose_video(description: bytes, base: str) -> VideoTrack:
    """The first H.264 or H.265 track; raises CameraFault when there is none, BadCameraBytes when malformed."""
    lines = description.decode("utf-8", "replace").splitlines()
    if len(lines) > _MOST_LINES:
        raise bad_bytes("a description of more than 512 lines")
    session: list[str] = []
    medias: list[list[str]] = []
    for line in lines:
        if line.startswith("m="):
            medias.append([line])
        else:
            (medias[-1] if medias else session).append(line)
    aggregate = _resolve(base, _attribute(session, "control") or "*")
    for media in medias:
        if media[0].startswith("m=video") and (track := _find_track(media, aggregate)) is not None:
            return track
    raise CameraFault(
        Text("카메라가 H.264·H.265 영상을 내보내지 않습니다", "The camera offers no H.264 or H.265 video")
    )


def _find_track(media: list[str], aggregate: str) -> VideoTrack | None:
    for line in media:
        found = re.match(r"a=rtpmap:(\d{1,3})\s+([A-Za-z0-9]+)/90000", line)
        if found and int(found[1]) < 128 and found[2].upper() in _CODECS:
            kind = int(found[1])
            codec = _CODECS[found[2].upper()]
            control = _resolve(aggregate, _attribute(media, "control") or "*")
            return VideoTrack(control, kind, codec, _parameter_sets(media, kind), aggregate)
    return None


def _attribute(lines: list[str], name: str) -> str | None:
    start = f"a={name}:"
    return next((line[len(start) :].strip() for line in lines if line.startswith(start)), None)


def _resolve(base: str, control: str) -> str:
    if control == "*":
        return base
    if control.lower().startswith(("rtsp://", "rtsps://")):
        return control  # perhaps the camera's inner address; it is only named in requests, never dialled
    if "://" in control:
        raise bad_bytes("a track that is not RTSP")
    if control.startswith("/"):
        try:
            return urljoin(base.replace("rtsp", "http", 1), control).replace("http", "rtsp", 1)
        except ValueError as fault:
            raise bad_bytes("a track without an address") from fault
    return base + ("" if base.endswith("/") else "/") + control


def _parameter_sets(media: list[str], kind: int) -> tuple[bytes, ...]:
    line = next((line for line in media if line.startswith(f"a=fmtp:{kind} ")), "")
    sets: list[bytes] = []
    for name in ("sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps"):
        found = re.search(rf"{name}=([A-Za-z0-9+/=,]+)", line)
        for text in found[1].split(",")[:8] if found else ():
            try:
                nal = b64decode(text)
            except (binascii.Error, ValueError):
                continue  # the same sets come in-band
            if nal:
                sets.append(nal)
    return tuple(sets)
