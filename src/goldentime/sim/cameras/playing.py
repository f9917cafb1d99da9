"""When which packet of a playing camera goes out, and with which numbers on it."""

import asyncio
import random
from collections.abc import Callable
from struct import Struct
from typing import Protocol

from goldentime.sim.cameras.faults import Fault
from goldentime.sim.cameras.loops import Loop

CLOCK = 90_000
REPORT_SECONDS = 5.0
LATE_SECONDS = 3.0
_NTP_EPOCH = 2_208_988_800
_HEADER = Struct("!BBHII")
_REPORT = Struct("!BBHIIIIII")
PAYLOAD_TYPE = 96


class Way(Protocol):
    """Carries packets to one client."""

    def media(self, packets: list[bytes]) -> None:
        """RTP packets, at once."""
        ...

    def control(self, packet: bytes) -> None:
        """One RTCP packet."""
        ...

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        ...


class Reel:
    """What one camera shows: its pictures' payloads by number, endless."""

    def __init__(self, loop: Loop, payloads: tuple[tuple[bytes, ...], ...], offset: int) -> None:
        self.loop = loop
        self._payloads = payloads
        self._offset = offset

    def picture(self, number: int) -> tuple[bytes, ...]:
        """The payloads of picture `number` since the camera was switched on."""
        return self._payloads[(number + self._offset) % len(self._payloads)]

    def key_before(self, number: int) -> int:
        """The number of the latest key frame."""
        while not self.loop.is_key((number + self._offset) % len(self._payloads)):
            number -= 1
        return number


class Playing:
    """One client's stream of one camera; all its clients see the same picture at the same time."""

    def __init__(
        self, reel: Reel, way: Way, *, epoch: float, wall: Callable[[], float], fault: Callable[[], Fault | None]
    ) -> None:
        self._reel, self._way, self._wall, self._fault = reel, way, wall, fault
        self._loop = asyncio.get_running_loop()
        self._epoch = epoch
        self._handle: asyncio.TimerHandle | None = None
        chance = random.Random()  # noqa: S311  (RFC 3550 wants them apart, not secret)
        self._ssrc, self._sequence = chance.getrandbits(32), chance.getrandbits(16)
        self._stamp_base = chance.getrandbits(32)
        self._number = int((self._loop.time() - epoch) * reel.loop.fps) + 1
        self._next_report = 0.0
        self._packets = self._octets = 0
        self._frozen_at: int | None = None

    @property
    def first_stamp(self) -> tuple[int, int]:
        """Sequence number and timestamp of what goes out next, for RTP-Info."""
        return self._sequence, self._stamp(self._number)

    def start(self) -> None:
        """Begin with the picture that is due next."""
        self._handle = self._loop.call_at(self._due(self._number), self._tick)

    def stop(self) -> None:
        """Send nothing more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _due(self, number: int) -> float:
        return self._epoch + number / self._reel.loop.fps

    def _stamp(self, number: int) -> int:
        return (self._stamp_base + number * CLOCK // self._reel.loop.fps) & 0xFFFFFFFF

    def _tick(self) -> None:
        fault = self._fault()
        if fault is not Fault.SILENT:
            self._send(fault)
        self._number += 1
        late = int((self._loop.time() - self._epoch) * self._reel.loop.fps) - self._number
        if late > self._reel.loop.fps:
            self._number += late  # the machine slept; skip what is past
        self._handle = self._loop.call_at(self._due(self._number), self._tick)

    def _send(self, fault: Fault | None) -> None:
        if fault is Fault.GARBAGE:
            self._way.raw(b"\x00\xff not RTSP at all \r\n" * 40)
            return
        shown = self._number
        if fault is Fault.LATE:
            shown -= int(LATE_SECONDS * self._reel.loop.fps)
        payloads = self._payloads(shown, fault)
        now = self._loop.time()
        if now >= self._next_report:
            self._next_report = now + REPORT_SECONDS
            self._way.control(self._report())
        self._way.media(self._stamped(payloads, self._stamp(shown), whole=fault is not Fault.HUGE))

    def _payloads(self, number: int, fault: Fault | None) -> tuple[bytes, ...]:
        if fault not in (Fault.FROZEN, Fault.HUGE):
            self._frozen_at = None
            return self._reel.picture(number)
        if self._frozen_at is None:
            self._frozen_at = self._reel.key_before(number)
        if fault is Fault.HUGE:
            return (b"\x7c\x05" + bytes(1200),) * 40  # the middle of a fragment, for ever
        return self._reel.picture(self._frozen_at)

    def _stamped(self, payloads: tuple[bytes, ...], stamp: int, *, whole: bool) -> list[bytes]:
        packets = []
        last = len(payloads) - 1
        for index, payload in enumerate(payloads):
            kind = PAYLOAD_TYPE | (0x80 if whole and index == last else 0)
            packets.append(_HEADER.pack(0x80, kind, self._sequence, stamp, self._ssrc) + payload)
            self._sequence = (self._sequence + 1) & 0xFFFF
            self._octets += len(payload)
        self._packets += len(payloads)
        return packets

    def _report(self) -> bytes:
        wall = self._wall() + _NTP_EPOCH
        stamp = (self._stamp_base + int((self._loop.time() - self._epoch) * CLOCK)) & 0xFFFFFFFF
        fraction = int(wall % 1 * 2**32) & 0xFFFFFFFF
        counts = self._packets & 0xFFFFFFFF, self._octets & 0xFFFFFFFF
        return _REPORT.pack(0x80, 200, 6, self._ssrc, int(wall) & 0xFFFFFFFF, fraction, stamp, *counts)
