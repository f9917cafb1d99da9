"""How a camera is kept open: once, patiently, whatever it does."""

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Protocol

from goldentime.core.errors import GoldentimeError
from goldentime.core.text import Text
from goldentime.media.faults import CameraFault
from goldentime.media.rtp.h264 import H264Depacketiser
from goldentime.media.rtp.h265 import H265Depacketiser
from goldentime.media.rtp.packets import RtpPacket, parse_rtp
from goldentime.media.rtp.reorder import Reorder
from goldentime.media.rtp.rtcp import SenderReport, find_sender_report
from goldentime.media.rtp.units import AccessUnit, Depacketiser
from goldentime.media.rtsp.sdp import VideoTrack
from goldentime.media.rtsp.session import Dialling, RtspSession
from goldentime.messages.video import StreamSource

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
SILENCE_SECONDS = 8.0
NO_PICTURE_SECONDS = 30.0  # packets come, but never a whole picture
GOOD_SECONDS = 10.0  # a session this long forgets earlier failures
_SILENT = Text("카메라가 영상을 보내지 않습니다", "The camera sends no pictures")
_log = logging.getLogger("goldentime.media")


class PictureSink(Protocol):
    """Takes a camera's pictures."""

    def begin(self, track: VideoTrack, *, substream: bool) -> None:
        """A session starts to play this track."""
        ...

    def on_unit(self, unit: AccessUnit) -> None:
        """One picture; raises BadCameraBytes when it breaks the limits."""
        ...

    def on_report(self, report: SenderReport) -> None:
        """The camera's clock."""
        ...

    def on_trouble(self, text: Text) -> None:
        """No pictures, and why."""
        ...


def wait_before(attempt: int, chance: float) -> float:
    """Seconds before attempt 1, 2, ...: doubling to 30, each taken by `chance` in [0, 1) between half and whole."""
    whole = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempt - 1, 10))
    return whole * (0.5 + chance / 2)


class _Session:
    """Puts the packets of one session in order and together."""

    def __init__(self, sink: PictureSink, now: Callable[[], float], *, datagrams: bool, substream: bool) -> None:
        self._sink = sink
        self._now = now
        self._reorder = Reorder() if datagrams else None
        self._substream = substream
        self._depacketiser: Depacketiser | None = None
        self._payload_type = -1
        self.last_packet = self.last_unit = now()
        self.fault: GoldentimeError | None = None

    def begin(self, track: VideoTrack) -> None:
        self._payload_type = track.payload_type
        self._depacketiser = H264Depacketiser() if track.codec == "h264" else H265Depacketiser()
        self._sink.begin(track, substream=self._substream)

    def on_rtp(self, packet: bytes) -> None:
        if self._depacketiser is None:
            return
        parsed = parse_rtp(packet)
        if parsed.payload_type != self._payload_type:
            return
        self.last_packet = now = self._now()
        if self._reorder is None:
            self._push(self._depacketiser, parsed, now)
            return
        try:  # over UDP nothing else would close the session
            for ordered in self._reorder.push(parsed, now):
                self._push(self._depacketiser, ordered, now)
        except GoldentimeError as fault:
            self.fault = fault

    def _push(self, depacketiser: Depacketiser, packet: RtpPacket, now: float) -> None:
        for unit in depacketiser.push(packet):
            self.last_unit = now
            self._sink.on_unit(unit)

    def on_rtcp(self, packet: bytes) -> None:
        report = find_sender_report(packet)
        if report is not None:
            self._sink.on_report(report)


class Ingest:
    """One camera, one connection; runs until cancelled."""

    def __init__(self, source: StreamSource, sink: PictureSink, dialling: Dialling, now: Callable[[], float]) -> None:
        self._source = source
        self._sink = sink
        self._dialling = dialling
        self._now = now
        self._substream_first = source.codec == "h265" and source.substream_url is not None

    async def run(self) -> None:
        """Open, play, and open again after a growing wait."""
        attempt = 0
        while True:
            started = self._now()
            try:
                await self._play_once()
            except GoldentimeError as fault:
                self._sink.on_trouble(fault.text)
            except OSError as fault:
                text = Text("카메라 연결이 끊겼습니다", f"The camera's connection broke: {fault.strerror}")
                self._sink.on_trouble(text)
            except Exception:  # noqa: BLE001  this camera's outermost loop: no answer of a camera may end it
                _log.exception("a camera's session broke")
                self._sink.on_trouble(_SILENT)
            attempt = 1 if self._now() - started > GOOD_SECONDS else attempt + 1
            await asyncio.sleep(wait_before(attempt, random.random()))  # noqa: S311  (spreads reconnects, no secret)

    async def _play_once(self) -> None:
        substream = self._substream_first
        url = self._source.substream_url if substream and self._source.substream_url else self._source.url
        packets = _Session(self._sink, self._now, datagrams=self._source.transport == "udp", substream=substream)
        session = RtspSession(self._source, url, self._dialling, packets)
        try:
            track = await session.play(lambda found: substream or not self._prefers_substream(found))
            if track is None:
                self._substream_first = True
            else:
                await self._stay(session, packets)
        finally:
            await session.leave()
        if track is None:
            await self._play_once()

    def _prefers_substream(self, track: VideoTrack) -> bool:
        return track.codec == "h265" and self._source.substream_url is not None

    async def _stay(self, session: RtspSession, packets: _Session) -> None:
        alive = asyncio.ensure_future(session.keep_alive())
        try:
            packets.last_packet = packets.last_unit = self._now()
            while not alive.done():
                await asyncio.wait({alive}, timeout=1.0)
                if packets.fault is not None:
                    raise packets.fault
                now = self._now()
                if now - packets.last_packet > SILENCE_SECONDS or now - packets.last_unit > NO_PICTURE_SECONDS:
                    raise CameraFault(_SILENT)
            await alive
        finally:
            alive.cancel()
