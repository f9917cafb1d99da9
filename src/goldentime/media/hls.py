"""What an HLS player is given from the same pictures, when it cannot do Media Source."""

from math import ceil

from goldentime.core.text import Text
from goldentime.media.faults import ViewUnknown
from goldentime.media.mp4.fragments import TIMESCALE
from goldentime.media.ring import Ring

_GONE = Text("이 영상 조각은 더 이상 없습니다", "This piece of video is no longer there")


def write_playlist(ring: Ring) -> str:
    """The playlist of the kept segments; raises ViewUnknown while there is none yet."""
    segments = tuple(ring.segments)
    if ring.video is None or not segments:
        raise ViewUnknown(Text("영상을 준비하는 중입니다", "The video is being prepared"), code="video_not_ready")
    longest = max(ceil(segment.ticks / TIMESCALE) for segment in segments)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{longest}",
        f"#EXT-X-MEDIA-SEQUENCE:{segments[0].number}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{ring.video.number}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="init-{ring.video.number}.mp4"',
    ]
    for segment in segments:
        lines += [f"#EXTINF:{segment.ticks / TIMESCALE:.5f},", f"{segment.number}.m4s"]
    return "\n".join([*lines, ""])


def read_segment(ring: Ring, name: str) -> bytes:
    """The bytes of `init-<n>.mp4` or `<n>.m4s`; raises ViewUnknown when it is gone or never was."""
    if ring.video is not None and name == f"init-{ring.video.number}.mp4":
        return ring.video.init
    for segment in ring.segments:
        if name == f"{segment.number}.m4s":
            return segment.to_bytes()
    raise ViewUnknown(_GONE)
