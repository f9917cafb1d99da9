"""Which camera plays which loop, and who is connected; any camera id is a camera."""

import asyncio
import random
import ssl
import time
import zlib
from collections.abc import Sequence

from goldentime.core.clock import SystemClock
from goldentime.sim.cameras.asking import DigestGate
from goldentime.sim.cameras.clock import ClockReel
from goldentime.sim.cameras.faults import Fault
from goldentime.sim.cameras.loops import Loop
from goldentime.sim.cameras.packets import cut_loop
from goldentime.sim.cameras.playing import Playing, Reel, Way
from goldentime.sim.cameras.visit import Visit

CLOCKS = 4  # live encoders are dear


class CameraSimulator:
    """Many cameras behind one RTSP port: `/cam/{camera_id}`, `/clock/1` to `4`, and what is put on with `show`.

    With small loops, as many as there are loops, every camera has a small stream too: `/low/{camera_id}`.
    """

    def __init__(
        self,
        loops: Sequence[Loop],
        *,
        small: Sequence[Loop] = (),
        username: str = "",
        password: str = "",
        algorithm: str = "MD5",
    ) -> None:
        """Asks for Digest when a password is given; `algorithm` MD5 or SHA-256."""
        self._loops, self._small = tuple(loops), tuple(small)
        self._cut = tuple(cut_loop(loop) for loop in loops)
        self._small_cut = tuple(cut_loop(loop) for loop in small)
        self._username, self._password, self._algorithm = username, password, algorithm
        self._server: asyncio.Server | None = None
        self._visits: set[Visit] = set()
        self._faults: dict[str, Fault] = {}
        self._shown: dict[str, Reel] = {}
        self._redirects: dict[str, str] = {}
        self._clocks: list[ClockReel] = []
        self._chance = random.Random(7)  # noqa: S311  (losses, no secret)
        self._epoch = 0.0
        self.loss = 0.0
        self.reorder = 0.0
        self.connections = 0
        self.sound_requests = 0
        self.port = 0

    async def start(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Listen; the port, chosen by the system when 0."""
        loop = asyncio.get_running_loop()
        self._epoch = loop.time()
        for number in range(1, CLOCKS + 1 if self._loops else 1):
            reel = ClockReel(self._loops[(number - 1) % len(self._loops)], SystemClock(), self._epoch)
            self._clocks.append(reel)
            self._shown[f"/clock/{number}"] = reel
        self._server = await loop.create_server(lambda: Visit(self), host, port, ssl=tls, backlog=512)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Hang up on everyone and listen no more."""
        if self._server is not None:
            self._server.close()
        for reel in self._clocks:
            reel.stop()
        for visit in tuple(self._visits):
            visit.drop()
        await asyncio.sleep(0)

    def show(self, path: str, loop: Loop) -> None:
        """Put another film on at a path, e.g. `/h265/1`."""
        self._shown[path] = Reel(loop, cut_loop(loop), 0)

    def redirect(self, path: str, target: str) -> None:
        """Answer DESCRIBE at this path with another address."""
        self._redirects[path] = target

    def misbehave(self, camera_id: str, fault: Fault) -> None:
        """From now on, until healed."""
        self._faults[f"/cam/{camera_id}"] = fault

    def heal(self, camera_id: str) -> None:
        """Behave again."""
        self._faults.pop(f"/cam/{camera_id}", None)

    def drop(self, camera_id: str) -> int:
        """Cut every connection to a camera; how many there were."""
        found = [visit for visit in self._visits if visit.path == f"/cam/{camera_id}"]
        for visit in found:
            visit.drop()
        return len(found)

    def clients(self, camera_id: str) -> int:
        """How many clients a camera has now."""
        return sum(visit.path == f"/cam/{camera_id}" for visit in self._visits)

    def find_reel(self, path: str) -> Reel | None:
        """What plays at this path; None when there is no camera."""
        if path in self._shown:
            return self._shown[path]
        start, _, camera_id = path.rpartition("/")
        loops, cut = {"/cam": (self._loops, self._cut), "/low": (self._small, self._small_cut)}.get(start, ((), ()))
        if not camera_id or self._faults.get(f"/cam/{camera_id}") is Fault.REFUSING or not loops:
            return None
        digest = zlib.crc32(camera_id.encode())
        index = digest % len(loops)
        return Reel(loops[index], cut[index], digest // len(loops) % len(cut[index]))

    def find_redirect(self, path: str) -> str | None:
        """Where this camera has moved to."""
        return self._redirects.get(path)

    def make_gate(self) -> DigestGate:
        """Who may in."""
        return DigestGate(self._username, self._password, algorithm=self._algorithm)

    def make_playing(self, path: str, reel: Reel, way: Way) -> Playing:
        """A stream to one client."""
        return Playing(reel, way, epoch=self._epoch, wall=time.time, fault=lambda: self._faults.get(path))

    def spoil(self, packets: list[bytes]) -> list[bytes]:
        """Lose and swap datagrams as set."""
        if not self.loss and not self.reorder:
            return packets
        kept = [packet for packet in packets if self._chance.random() >= self.loss]
        for index in range(len(kept) - 1):
            if self._chance.random() < self.reorder:
                kept[index], kept[index + 1] = kept[index + 1], kept[index]
        return kept

    def joined(self, visit: Visit) -> None:
        """A client has connected."""
        self._visits.add(visit)
        self.connections += 1

    def left(self, visit: Visit) -> None:
        """A client is gone."""
        self._visits.discard(visit)

    def asked_for_sound(self) -> None:
        """A client set up a sound track."""
        self.sound_requests += 1
