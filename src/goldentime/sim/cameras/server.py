"""What a simulated camera answers over RTSP (RFC 2326), and how all of them are paced by one clock."""

import asyncio
import base64
import secrets
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any
from zlib import crc32

from goldentime.sim.cameras.burnt_clock import BurntClock
from goldentime.sim.cameras.loops import FPS, Loop
from goldentime.sim.cameras.packets import payloads

TICKS_A_FRAME = 90_000 // FPS
REPORT_EVERY = 5 * FPS  # frames between sender reports
MOST_WAITING = 2_000_000  # bytes; a client this far behind misses pictures
PAYLOAD_TYPE = 96
NTP_EPOCH = 2_208_988_800
REALM = "simcam"
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER"


@dataclass(slots=True)
class _Play:
    """One client's session: where its packets go and how far it is."""

    loop: Loop
    offset: int
    session: str = ""
    channel: int | None = None  # interleaved
    address: tuple[str, int] | None = None  # UDP
    playing: bool = False
    clock: BurntClock | None = None
    sequence: int = field(default_factory=lambda: secrets.randbelow(1 << 16))
    source: int = field(default_factory=lambda: secrets.randbits(32))
    first_timestamp: int = field(default_factory=lambda: secrets.randbits(31))
    packets: int = 0
    octets: int = 0


class CameraSimulator:
    """Plays `/cam/{anything}` from the loops, chosen by the name, and `/clock/1..4` with a live burnt-in clock.

    Asks for Digest when a password is given. Every camera of one name shows the same pictures at the same time.
    """

    def __init__(self, loops: Sequence[Loop], *, username: str = "", password: str = "") -> None:
        self._loops = list(loops)
        self._packets = {id(loop): [payloads(frame) for frame in loop.frames] for loop in loops}
        self._login = (username, password) if password else None
        self._visits: set[_Visit] = set()
        self._clocks = {number: BurntClock(number) for number in range(1, 5)}
        self._server: asyncio.Server | None = None
        self._ticker: asyncio.Task[None] | None = None
        self.rtp: asyncio.DatagramTransport | None = None
        self.rtcp: asyncio.DatagramTransport | None = None
        self.connections = 0  # how many clients have ever come

    async def start(self, host: str, port: int) -> int:
        """Listen; the port."""
        loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._visited, host, port, limit=1 << 16)
        self.rtp, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(host, 0))
        self.rtcp, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(host, 0))
        self._ticker = asyncio.create_task(self._tick())
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Hang up on everyone."""
        if self._ticker is not None:
            self._ticker.cancel()
        if self._server is not None:
            self._server.close()
        for visit in list(self._visits):
            visit.writer.close()
        for transport in (self.rtp, self.rtcp):
            if transport is not None:
                transport.close()
        for clock in self._clocks.values():
            clock.stop()

    def find_play(self, path: str) -> _Play | None:
        """What the path plays; None when it names no camera."""
        kind, _, name = path.strip("/").partition("/")
        if kind == "cam" and name:
            digest = crc32(name.encode())
            loop = self._loops[digest % len(self._loops)]
            return _Play(loop, offset=(digest >> 8) % max(1, len(loop.frames) // FPS) * FPS)
        if kind == "clock" and name.isdigit() and int(name) in self._clocks:
            clock = self._clocks[int(name)]
            return _Play(clock.description, offset=0, clock=clock)
        return None

    def may_enter(self, method: str, header: str, nonce: str) -> bool:
        """Whether the Authorization header answers our challenge (RFC 2617, MD5 without qop)."""
        if self._login is None:
            return True
        told = dict(
            (key.strip().lower(), value.strip().strip('"'))
            for key, _, value in (part.partition("=") for part in header.removeprefix("Digest ").split(","))
        )
        first = md5(f"{self._login[0]}:{REALM}:{self._login[1]}".encode(), usedforsecurity=False).hexdigest()
        second = md5(f"{method}:{told.get('uri', '')}".encode(), usedforsecurity=False).hexdigest()
        wanted = md5(f"{first}:{nonce}:{second}".encode(), usedforsecurity=False).hexdigest()
        return told.get("nonce") == nonce and secrets.compare_digest(told.get("response", ""), wanted)

    @property
    def has_login(self) -> bool:
        """Whether clients must answer a challenge."""
        return self._login is not None

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        visit = _Visit(self, reader, writer)
        self._visits.add(visit)
        try:
            with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
                await visit.serve()
        finally:
            self._visits.discard(visit)
            writer.close()

    async def _tick(self) -> None:
        """One clock for all: every fifteenth of a second each playing session gets its next picture."""
        started, frame = time.monotonic(), 0
        while True:
            await asyncio.sleep(max(0.0, started + frame / FPS - time.monotonic()))
            for clock in self._clocks.values():
                clock.step(frame)
            for visit in list(self._visits):
                play = visit.play
                if play is not None and play.playing:
                    self._send(visit, play, frame)
            frame += 1

    def _send(self, visit: "_Visit", play: _Play, frame: int) -> None:
        if play.clock is not None:
            cut = payloads(play.clock.now)
        else:
            cut = self._packets[id(play.loop)][(frame + play.offset) % len(play.loop.frames)]
        stamp = (play.first_timestamp + frame * TICKS_A_FRAME) & 0xFFFFFFFF
        packets = []
        for index, payload in enumerate(cut):
            marker = 0x80 if index == len(cut) - 1 else 0
            head = struct.pack("!BBHII", 0x80, marker | PAYLOAD_TYPE, play.sequence, stamp, play.source)
            play.sequence = (play.sequence + 1) & 0xFFFF
            packets.append(head + payload)
            play.octets += len(payload)
        play.packets += len(packets)
        visit.deliver(
            play, packets, report=_report(play, stamp) if frame % REPORT_EVERY == play.offset % REPORT_EVERY else b""
        )


class _Visit:
    """One connection: requests in, answers and interleaved packets out."""

    def __init__(self, server: CameraSimulator, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader, self.writer = reader, writer
        self._nonce = secrets.token_hex(16)
        self.play: _Play | None = None

    async def serve(self) -> None:
        """Answer until the client hangs up."""
        while True:
            first = await self._reader.readexactly(1)
            if first == b"$":  # a receiver report in the same connection
                _, length = struct.unpack("!BH", await self._reader.readexactly(3))
                await self._reader.readexactly(length)
                continue
            lines = (first + await self._reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace").split("\r\n")
            method, url, _ = lines[0].split(" ", 2)
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
            if length := int(headers.get("content-length", "0")):
                await self._reader.readexactly(min(length, 4096))
            status, extra, body = self._answer(method, url, headers)
            told = [f"RTSP/1.0 {status}", f"CSeq: {headers.get('cseq', '0')}", "Server: goldentime simcam", *extra]
            if body:
                told.append(f"Content-Length: {len(body)}")
            self.writer.write(("\r\n".join(told) + "\r\n\r\n").encode() + body)
            if method == "PLAY" and status.startswith("200") and self.play is not None:
                self.play.playing = True
            if method == "TEARDOWN":
                return

    def _answer(self, method: str, url: str, headers: dict[str, str]) -> tuple[str, list[str], bytes]:
        if method == "OPTIONS":
            return "200 OK", [f"Public: {METHODS}"], b""
        if self._server.has_login and not self._server.may_enter(method, headers.get("authorization", ""), self._nonce):
            return "401 Unauthorized", [f'WWW-Authenticate: Digest realm="{REALM}", nonce="{self._nonce}"'], b""
        if method == "DESCRIBE":
            return self._describe(url)
        if method == "SETUP":
            return self._set_up(url, headers.get("transport", ""))
        if self.play is None or headers.get("session", "").split(";")[0] != self.play.session:
            return "454 Session Not Found", [], b""
        session = f"Session: {self.play.session};timeout=60"
        if method == "PLAY":
            return "200 OK", [session, "Range: npt=0.000-", f"RTP-Info: url={url};seq={self.play.sequence}"], b""
        if method == "PAUSE":
            self.play.playing = False
        if method == "TEARDOWN":
            self.play.playing = False
        known = method in {"PAUSE", "TEARDOWN", "GET_PARAMETER"}
        return ("200 OK" if known else "405 Method Not Allowed"), [session], b""

    def _describe(self, url: str) -> tuple[str, list[str], bytes]:
        play = self._server.find_play(_path(url))
        if play is None:
            return "404 Not Found", [], b""
        sets = ",".join(base64.b64encode(one).decode() for one in (play.loop.sps, play.loop.pps))
        lines = [
            "v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=goldentime simcam", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*",
            f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", f"a=rtpmap:{PAYLOAD_TYPE} H264/90000", f"a=framerate:{FPS}",
            f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;profile-level-id={play.loop.sps[1:4].hex()};"
            f"sprop-parameter-sets={sets}",
            "a=control:track1", "",
        ]  # fmt: skip
        return (
            "200 OK",
            [f"Content-Base: {url.rstrip('/')}/", "Content-Type: application/sdp"],
            "\r\n".join(lines).encode(),
        )

    def _set_up(self, url: str, transport: str) -> tuple[str, list[str], bytes]:
        play = self._server.find_play(_path(url).removesuffix("/track1"))
        if play is None or not _path(url).endswith("/track1"):
            return "404 Not Found", [], b""
        told = dict(part.strip().partition("=")[::2] for part in transport.split(";"))
        if "interleaved" in told and "RTP/AVP/TCP" in told:
            play.channel = int(told["interleaved"].split("-")[0])
            chosen = f"RTP/AVP/TCP;unicast;interleaved={play.channel}-{play.channel + 1}"
        elif "client_port" in told and self._server.rtp is not None and self._server.rtcp is not None:
            host = self.writer.get_extra_info("peername")[0]
            play.address = (host, int(told["client_port"].split("-")[0]))
            ports = [one.get_extra_info("sockname")[1] for one in (self._server.rtp, self._server.rtcp)]
            chosen = f"RTP/AVP;unicast;client_port={told['client_port']};server_port={ports[0]}-{ports[1]}"
        else:
            return "461 Unsupported Transport", [], b""
        play.session = secrets.token_hex(8)
        self.play = play
        return "200 OK", [f"Transport: {chosen};ssrc={play.source:08X}", f"Session: {play.session};timeout=60"], b""

    def deliver(self, play: _Play, packets: Sequence[bytes], report: bytes) -> None:
        """One picture's packets, and a report now and then."""
        transport: Any = self.writer.transport
        if play.channel is not None:
            if transport.get_write_buffer_size() > MOST_WAITING:
                return
            parts = [struct.pack("!BBH", 0x24, play.channel, len(packet)) + packet for packet in packets]
            if report:
                parts.append(struct.pack("!BBH", 0x24, play.channel + 1, len(report)) + report)
            transport.write(b"".join(parts))
        elif play.address is not None and self._server.rtp is not None and self._server.rtcp is not None:
            for packet in packets:
                self._server.rtp.sendto(packet, play.address)
            if report:
                self._server.rtcp.sendto(report, (play.address[0], play.address[1] + 1))


def _path(url: str) -> str:
    return "/" + url.split("://", 1)[-1].partition("/")[2].partition("?")[0]


def _report(play: _Play, stamp: int) -> bytes:
    """A sender report: wall clock against media clock (RFC 3550, 6.4.1)."""
    now = time.time() + NTP_EPOCH
    whole = int(now)
    share = int((now - whole) * (1 << 32))
    counts = (play.packets & 0xFFFFFFFF, play.octets & 0xFFFFFFFF)
    return struct.pack("!BBHIIIIII", 0x80, 200, 6, play.source, whole, share, stamp, *counts)
