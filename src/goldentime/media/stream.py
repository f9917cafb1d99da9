"""What is known of one camera that somebody wants: who holds it, its pictures, its condition."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from goldentime.core.ids import CameraId
from goldentime.core.text import Text
from goldentime.media.condition import CONNECTING, WAITING, ConditionWatch, Judgement
from goldentime.media.ring import Frame, Ring
from goldentime.media.rtp.rtcp import SenderReport
from goldentime.media.rtp.units import AccessUnit
from goldentime.media.rtsp.sdp import VideoTrack
from goldentime.media.transcode import Transcoder
from goldentime.messages.video import StreamNow, StreamSource

VIEW_HOLD = "view:"  # what the holds of views begin with
SUBSTREAM = Text("H.264 보조 스트림", "H.264 sub-stream")
TRANSCODED = Text("변환 영상(H.265 → H.264)", "Transcoded (H.265 to H.264)")


class CameraStream:
    """One camera's pictures and holds; takes what its ingest brings."""

    def __init__(
        self, camera_id: CameraId, source: StreamSource, *, at: datetime, monotonic: Callable[[], float]
    ) -> None:
        self.camera_id = camera_id
        self.source = source
        self.turn = 0  # of its newest hold
        self.holds: dict[str, int] = {}
        self.ring = Ring()
        self.watch = ConditionWatch()
        self.task: asyncio.Task[None] | None = None
        self.judged = Judgement("connecting", 0, CONNECTING)
        self.since = at
        self.note: Text | None = None
        self.looked_at = 0.0
        self.looked: NDArray[np.uint8] | None = None
        self._monotonic = monotonic
        self._transcoder: Transcoder | None = None

    @property
    def priority(self) -> int:
        """The most severe of its holds."""
        return max(self.holds.values(), default=0)

    @property
    def watched(self) -> bool:
        """Whether somebody's view holds it, not only an incident that opened it beforehand."""
        return any(hold.startswith(VIEW_HOLD) for hold in self.holds)

    def begin(self, track: VideoTrack, *, substream: bool) -> None:
        """A session starts to play."""
        self._stop_transcoding()
        self.ring.timeline.restart()
        self.watch.begin(self._monotonic())
        if track.codec == "h264":
            self.note = SUBSTREAM if substream else None
            self.ring.learn(track.parameter_sets)
        else:
            self.note = TRANSCODED
            self._transcoder = Transcoder(track.parameter_sets, self._take)

    def on_unit(self, unit: AccessUnit) -> None:
        """One picture from the camera."""
        if self._transcoder is not None:
            self._transcoder.push(unit)
        else:
            self._take(unit)

    def on_report(self, report: SenderReport) -> None:
        """The camera's clock."""
        self.watch.delay.on_report(report, self._monotonic())

    def on_trouble(self, text: Text) -> None:
        """No pictures, and why."""
        self.watch.on_trouble(text)

    def judge(self, at: datetime) -> bool:
        """Judge anew; True when the condition, or what the tile says, has changed."""
        found = Judgement("waiting", 0, WAITING) if self.task is None else self.watch.judge(self._monotonic())
        changed = (found.condition, found.text) != (self.judged.condition, self.judged.text)
        if found.condition != self.judged.condition:
            self.since = at
        self.judged = found
        return changed

    def close(self) -> None:
        """Stop the connection; the last pictures are forgotten, for nobody may see them now."""
        if self.task is not None:
            self.task.cancel()
            self.task = None
        self._stop_transcoding()
        self.ring.clear()
        self.watch = ConditionWatch()

    def now(self, viewers: int) -> StreamNow:
        """The stream as told to the outside."""
        video = self.ring.video
        return StreamNow(
            camera_id=self.camera_id,
            condition=self.judged.condition,
            since=self.since,
            text=self.judged.text,
            delay_ms=self.judged.delay_ms,
            note=self.note,
            codec=video.picture.codec if video else None,
            width=video.picture.width if video else 0,
            height=video.picture.height if video else 0,
            holds=len(self.holds),
            viewers=viewers,
        )

    def _take(self, unit: AccessUnit) -> None:
        now = self._monotonic()
        frame: Frame | None = self.ring.push(unit, now)
        if frame is not None:
            self.watch.on_frame(unit.timestamp, len(frame.framed) - frame.head, key=unit.key, now=now)

    def _stop_transcoding(self) -> None:
        if self._transcoder is not None:
            self._transcoder.close()
            self._transcoder = None
