"""What a simulated camera answers to one client, to the letter of RFC 2326."""

import asyncio
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from goldentime.core.errors import GoldentimeError
from goldentime.media.rtsp.wire import RtspMessage, RtspReader
from goldentime.sim.cameras.asking import DigestGate
from goldentime.sim.cameras.loops import Loop
from goldentime.sim.cameras.playing import PAYLOAD_TYPE, Playing, Reel
from goldentime.sim.cameras.ways import DatagramWay, InterleavedWay

if TYPE_CHECKING:
    from asyncio import Transport

SESSION_SECONDS = 60
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
_REASONS = {
    200: "OK", 301: "Moved Permanently", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
    454: "Session Not Found", 455: "Method Not Valid In This State", 459: "Aggregate Operation Not Allowed",
    461: "Unsupported Transport", 501: "Not Implemented",
}  # fmt: skip
Answer = tuple[int, list[tuple[str, str]], bytes]


class Host(Protocol):
    """The simulator, as its visits need it."""

    def find_reel(self, path: str) -> Reel | None:
        """What plays at this path; None when there is no camera."""
        ...

    def find_redirect(self, path: str) -> str | None:
        """Where this camera has moved to; None when it has not."""
        ...

    def make_gate(self) -> DigestGate:
        """Who may in."""
        ...

    def make_playing(self, path: str, reel: Reel, way: "InterleavedWay | DatagramWay") -> Playing:
        """A stream to one client."""
        ...

    def joined(self, visit: "Visit") -> None:
        """A client has connected."""
        ...

    def left(self, visit: "Visit") -> None:
        """A client is gone."""
        ...

    def spoil(self, packets: list[bytes]) -> list[bytes]:
        """What of these datagrams arrives, and in which order."""
        ...

    def asked_for_sound(self) -> None:
        """A client set up the audio track, which ours must never do."""
        ...


def describe(loop: Loop, path: str, address: str) -> bytes:
    """The session description: one video track, and a sound track as real cameras have."""
    name = "H264" if loop.codec == "h264" else "H265"
    sets = [b64encode(nal).decode() for nal in loop.parameter_sets]
    if not sets:
        parameters = "packetization-mode=1"  # some cameras send their sets in-band only
    elif loop.codec == "h264":
        profile = next(nal[1:4].hex() for nal in loop.parameter_sets if nal[0] & 0x1F == 7)
        parameters = f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={','.join(sets)}"
    else:
        names = ("sprop-vps", "sprop-sps", "sprop-pps")
        parameters = ";".join(f"{name}={value}" for name, value in zip(names, sets, strict=False))
    lines = [
        "v=0", f"o=- 1 1 IN IP4 {address}", f"s={path}", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*", "a=range:npt=now-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", f"a=rtpmap:{PAYLOAD_TYPE} {name}/90000",
        f"a=fmtp:{PAYLOAD_TYPE} {parameters}", f"a=framerate:{loop.fps}", "a=control:trackID=0",
        "m=audio 0 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=control:trackID=1", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


class Visit(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._gate = host.make_gate()
        self._reader = RtspReader(self._on_message, lambda _channel, _packet: None)
        self._transport: Transport | None = None
        self._session = ""
        self._ways: list[InterleavedWay | DatagramWay] = []
        self._playing: Playing | None = None
        self.path = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has come."""
        self._transport = cast("Transport", transport)
        self._transport.set_write_buffer_limits(high=1 << 20)
        self._host.joined(self)

    def data_received(self, data: bytes) -> None:
        """Read on; a client that breaks the protocol is cut off."""
        try:
            self._reader.feed(data)
        except GoldentimeError:
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio calls it so)
        """He has gone."""
        self._end()
        self._host.left(self)

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    def _on_message(self, message: RtspMessage) -> None:
        if self._transport is None:
            return
        status, headers, body = self._answer(message)
        lines = [
            f"RTSP/1.0 {status} {_REASONS[status]}",
            f"CSeq: {message.find('cseq') or 0}",
            "Server: goldentime simcam",
        ]
        lines += [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._transport.write("\r\n".join((*lines, "", "")).encode() + body)
        if status == 200 and message.method == "PLAY" and self._playing is not None:
            self._playing.start()

    def _answer(self, message: RtspMessage) -> Answer:
        handlers: dict[str, Callable[[RtspMessage, str], Answer]] = {
            "DESCRIBE": self._describe, "SETUP": self._set_up, "PLAY": self._play, "PAUSE": self._pause,
            "TEARDOWN": self._tear_down, "GET_PARAMETER": self._keep_alive, "SET_PARAMETER": self._keep_alive,
        }  # fmt: skip
        if message.find("cseq") is None:
            return 400, [], b""
        if message.method == "OPTIONS":
            return 200, [("Public", METHODS)], b""
        if message.method not in handlers:
            return 501, [], b""
        if not self._gate.may_enter(message.find("authorization"), message.method, message.uri):
            return 401, [("WWW-Authenticate", self._gate.challenge())], b""
        return handlers[message.method](message, urlsplit(message.uri).path.rstrip("/"))

    def _describe(self, message: RtspMessage, path: str) -> Answer:
        target = self._host.find_redirect(path)
        if target is not None:
            return 301, [("Location", target)], b""
        reel = self._host.find_reel(path)
        if reel is None or self._transport is None:
            return 404, [], b""
        address = self._transport.get_extra_info("sockname")[0]
        headers = [("Content-Type", "application/sdp"), ("Content-Base", message.uri.rstrip("/") + "/")]
        return 200, headers, describe(reel.loop, path, address)

    def _set_up(self, message: RtspMessage, path: str) -> Answer:
        camera, _, track = path.rpartition("/")
        reel = self._host.find_reel(camera)
        if reel is None or track not in ("trackID=0", "trackID=1") or self._transport is None:
            return 404, [], b""
        found = self._agree(message.find("transport") or "")
        if found is None:
            return 461, [], b""
        way, agreed = found
        self._ways.append(way)
        self._session = self._session or secrets.token_hex(8)
        self.path = camera
        if track == "trackID=0":
            self._playing = self._host.make_playing(camera, reel, way)
        else:
            self._host.asked_for_sound()  # the track is there, its microphone silent
        return 200, [("Transport", agreed), ("Session", f"{self._session};timeout={SESSION_SECONDS}")], b""

    def _agree(self, wanted: str) -> tuple[InterleavedWay | DatagramWay, str] | None:
        if self._transport is None:
            return None
        found = re.search(r"interleaved=(\d{1,3})-(\d{1,3})", wanted)
        if wanted.startswith("RTP/AVP/TCP") and found:
            way = InterleavedWay(self._transport, int(found[1]), int(found[2]))
            return way, f"RTP/AVP/TCP;unicast;interleaved={found[1]}-{found[2]}"
        found = re.search(r"client_port=(\d{1,5})-(\d{1,5})", wanted)
        if found is None:
            return None
        own, peer = self._transport.get_extra_info("sockname")[0], self._transport.get_extra_info("peername")[0]
        ports = DatagramWay(own, peer, (int(found[1]), int(found[2])), self._host)
        return ports, f"RTP/AVP;unicast;client_port={found[1]}-{found[2]};server_port={ports.port}-{ports.port + 1}"

    def _play(self, message: RtspMessage, _path: str) -> Answer:
        if not self._is_mine(message):
            return 454, [], b""
        if self._playing is None:
            return 455, [], b""
        sequence, stamp = self._playing.first_stamp
        info = f"url={message.uri.rstrip('/')}/trackID=0;seq={sequence};rtptime={stamp}"
        return 200, [("Session", self._session), ("Range", "npt=now-"), ("RTP-Info", info)], b""

    def _pause(self, message: RtspMessage, _path: str) -> Answer:
        if not self._is_mine(message):
            return 454, [], b""
        if self._playing is not None:
            self._playing.stop()
        return 200, [("Session", self._session)], b""

    def _tear_down(self, message: RtspMessage, _path: str) -> Answer:
        if not self._is_mine(message):
            return 454, [], b""
        self._end()
        self._session = ""
        return 200, [], b""

    def _keep_alive(self, message: RtspMessage, _path: str) -> Answer:
        session = message.find("session")
        return (200, [("Session", session)], b"") if session == self._session and session else (200, [], b"")

    def _is_mine(self, message: RtspMessage) -> bool:
        return bool(self._session) and (message.find("session") or "").partition(";")[0] == self._session

    def _end(self) -> None:
        if self._playing is not None:
            self._playing.stop()
            self._playing = None
        for way in self._ways:
            if isinstance(way, DatagramWay):
                way.close()
        self._ways = []
