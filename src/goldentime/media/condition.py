"""When a camera's picture counts as live, late, frozen or dead, by clocks and sizes alone."""

from dataclasses import dataclass

from goldentime.core.text import Text
from goldentime.media.rtp.packets import ticks_after
from goldentime.media.rtp.rtcp import SenderReport
from goldentime.messages.video import Condition

CLOCK = 90_000
DEAD_SECONDS = 3.0
PATIENCE_SECONDS = 12.0  # for the first key frame; some cameras send one in ten seconds
FROZEN_SECONDS = 4.0
LATE_SECONDS = 2.0
SAME_BYTES = 2  # an IDR's running number may take two bits more
STILL_SHARE = 0.02  # skipped pictures: all that follow a key frame are below 2 % of it
BASELINE_LEAK = 200e-6  # seconds a second: clocks drift apart by less
_MOST_PATTERN = 120

CONNECTING = Text("카메라에 연결하는 중입니다", "Connecting to the camera")
LIVE = Text("실시간", "Live")
SILENT = Text("카메라가 영상을 보내지 않습니다", "The camera sends no pictures")
DEAD = Text("영상이 끊겼습니다. 다시 연결하는 중입니다", "The picture is lost; reconnecting")
FROZEN = Text("화면이 멈춰 있습니다(같은 영상 반복)", "The picture is frozen (the same image again and again)")
WAITING = Text(
    "열린 영상 한도를 더 급한 상황에 쓰고 있어 대기 중입니다",
    "Waiting: the open streams are given to more severe incidents",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A condition, how late the picture is, and what the tile says."""

    condition: Condition
    delay_ms: int
    text: Text


def late_text(delay_ms: int) -> Text:
    """What a late tile says; the delay in whole seconds."""
    seconds = round(delay_ms / 1000)
    return Text(f"영상이 약 {seconds}초 늦습니다", f"The picture is about {seconds} s late")


class DelayClock:
    """How late pictures come: against the camera's own reports, and against its fastest arrival so far."""

    def __init__(self) -> None:
        self._stamp: int | None = None
        self._ticks = 0
        self._baseline: float | None = None
        self._last_arrival = 0.0
        self._report: tuple[float, int] | None = None
        self.seconds = 0.0

    def on_frame(self, stamp: int, arrival: float) -> None:
        """A picture of RTP time `stamp` came at `arrival`, monotonic seconds."""
        step = ticks_after(stamp, self._stamp) if self._stamp is not None else 0
        if self._stamp is None or abs(step) > 10 * CLOCK:
            self._baseline, self._ticks, step = None, 0, 0
            self._report = None
        self._stamp = stamp
        self._ticks += step
        transit = arrival - self._ticks / CLOCK
        if self._baseline is not None:
            self._baseline += (arrival - self._last_arrival) * BASELINE_LEAK
        if self._baseline is None or transit < self._baseline:
            self._baseline = transit
        self._last_arrival = arrival
        delay = transit - self._baseline
        if self._report is not None:
            reported_at, reported_stamp = self._report
            delay = max(delay, (arrival - reported_at) - ticks_after(stamp, reported_stamp) / CLOCK)
        self.seconds = delay

    def on_report(self, report: SenderReport, arrival: float) -> None:
        """The camera says where its media clock stands now; one far from its pictures is not believed."""
        if self._stamp is not None and abs(ticks_after(report.timestamp, self._stamp)) < 60 * CLOCK:
            self._report = (arrival, report.timestamp)


class StillnessWatch:
    """Notices pictures that repeat: GOPs of the same sizes, or nothing but skipped pictures."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._before: list[int] = []
        self._same_since: float | None = None
        self.suspicious = False

    def on_frame(self, size: int, *, key: bool, now: float) -> None:
        """One more picture of `size` bytes."""
        if not key:
            if len(self._sizes) < _MOST_PATTERN:
                self._sizes.append(size)
            return
        sizes, before = self._sizes, self._before
        if sizes:
            alike = len(sizes) == len(before) and all(
                abs(a - b) <= SAME_BYTES for a, b in zip(sizes, before, strict=True)
            )
            if not alike:
                self._same_since = None
            elif self._same_since is None:
                self._same_since = now
            rest = sizes[1:]
            self.suspicious = bool(rest) and max(rest) < max(80, sizes[0] * STILL_SHARE)
        self._before, self._sizes = sizes, [size]

    def is_repeating(self, now: float) -> bool:
        """Whether the same sizes have come again and again for FROZEN_SECONDS."""
        return self._same_since is not None and now - self._same_since >= FROZEN_SECONDS


class ConditionWatch:
    """Collects what is seen of one camera and judges it; all times are monotonic seconds."""

    def __init__(self) -> None:
        self.delay = DelayClock()
        self.stillness = StillnessWatch()
        self._trouble: Text | None = None
        self._last_picture: float | None = None
        self._last_moved = 0.0
        self._last_stamp: int | None = None
        self._began: float | None = None
        self.looks_same_since: float | None = None

    def begin(self, now: float) -> None:
        """A session starts to play: its timestamps have nothing to do with those before."""
        self.delay = DelayClock()
        self._began = now

    def on_frame(self, stamp: int, size: int, *, key: bool, now: float) -> None:
        """A whole picture came."""
        if stamp != self._last_stamp:
            self._last_stamp, self._last_moved = stamp, now
        self._last_picture = now
        self._trouble = None
        self.delay.on_frame(stamp, now)
        self.stillness.on_frame(size, key=key, now=now)

    def on_trouble(self, text: Text) -> None:
        """The connection failed; the text says how."""
        self._trouble = text
        self.looks_same_since = None

    def on_look(self, *, same: bool, now: float) -> None:
        """Decoded key frames were compared; `same` when the picture looks as before."""
        if not same:
            self.looks_same_since = None
        elif self.looks_same_since is None:
            self.looks_same_since = now

    def judge(self, now: float) -> Judgement:
        """The condition at this moment."""
        if self._last_picture is None:
            silent = self._began is not None and now - self._began > PATIENCE_SECONDS
            trouble = self._trouble or (SILENT if silent else None)
            return Judgement("dead", 0, trouble) if trouble else Judgement("connecting", 0, CONNECTING)
        if self._trouble is not None or now - self._last_picture > DEAD_SECONDS:
            return Judgement("dead", 0, self._trouble or DEAD)
        delay_ms = max(0, int(self.delay.seconds * 1000))
        looked = self.looks_same_since is not None and now - self.looks_same_since >= FROZEN_SECONDS
        if looked or self.stillness.is_repeating(now) or now - self._last_moved > FROZEN_SECONDS:
            return Judgement("frozen", delay_ms, FROZEN)
        if delay_ms > LATE_SECONDS * 1000:
            return Judgement("late", delay_ms, late_text(delay_ms))
        return Judgement("live", delay_ms, LIVE)
