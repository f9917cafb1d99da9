"""In which order a camera is asked, and how long it may take to answer."""

import asyncio
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Protocol
from urllib.parse import urljoin

from goldentime.core.text import Text
from goldentime.media.faults import CameraFault, bad_bytes
from goldentime.media.rtp.rtcp import empty_receiver_report
from goldentime.media.rtsp.addresses import AllowedNetworks, CameraUrl, parse_camera_url
from goldentime.media.rtsp.auth import Challenge, Credentials, answer, find_strongest
from goldentime.media.rtsp.connection import RtspConnection
from goldentime.media.rtsp.datagrams import DatagramPair, open_pair
from goldentime.media.rtsp.sdp import VideoTrack, choose_video
from goldentime.media.rtsp.wire import RtspMessage, write_request
from goldentime.messages.video import StreamSource

ANSWER_SECONDS = 5.0
MOST_REDIRECTS = 3
DEFAULT_SESSION_SECONDS = 60
REPORT_SECONDS = 5.0


class PacketSink(Protocol):
    """Takes what the camera sends, from the moment its track is known."""

    def begin(self, track: VideoTrack) -> None:
        """The track that is about to play."""
        ...

    def on_rtp(self, packet: bytes) -> None:
        """One media packet."""
        ...

    def on_rtcp(self, packet: bytes) -> None:
        """One control packet."""
        ...


@dataclass(frozen=True, slots=True)
class Dialling:
    """What every session of the engine shares; `connected` is told each address that is really dialled."""

    networks: AllowedNetworks
    connected: Callable[[str], None] = lambda _address: None


class RtspSession:
    """One visit to a camera: connect, ask, play, keep alive, leave."""

    def __init__(self, source: StreamSource, url: str, dialling: Dialling, sink: PacketSink) -> None:
        self._source = source
        self._url = parse_camera_url(url)
        self._dialling = dialling
        self._sink = sink
        self._credentials = Credentials(source.username or self._url.username, source.password or self._url.password)
        self._challenge: Challenge | None = None
        self._sequence = count(1)
        self._session = ""
        self._timeout_seconds = DEFAULT_SESSION_SECONDS
        self._methods: frozenset[str] = frozenset()
        self._connection: RtspConnection | None = None
        self._datagrams: DatagramPair | None = None
        self._rtcp_channel = 1
        self._aggregate = ""

    async def play(self, accept: Callable[[VideoTrack], bool] = lambda _track: True) -> VideoTrack | None:
        """The track that plays now; None, with nothing set up, when `accept` does not want it; raises CameraFault."""
        description = await self._describe()
        base = description.find("content-base") or description.find("content-location") or ""
        if not base.lower().startswith(("rtsp://", "rtsps://")):
            base = self._url.request_uri
        track = choose_video(description.body, base)
        if not accept(track):
            return None
        self._aggregate = track.aggregate
        await self._set_up(track)
        self._sink.begin(track)
        await self._must("PLAY", track.aggregate, [("Session", self._session), ("Range", "npt=0.000-")])
        return track

    async def keep_alive(self) -> None:
        """Runs until the camera hangs up; raises CameraFault then, or when it stops answering."""
        connection = self._open_connection()
        every = max(5.0, min(self._timeout_seconds / 2, 30.0))
        method = "GET_PARAMETER" if "GET_PARAMETER" in self._methods else "OPTIONS"
        report = empty_receiver_report(secrets.randbits(32))
        asked = 0.0
        while not connection.is_closed:
            await connection.wait_closed(REPORT_SECONDS)
            self._send_report(report)
            asked += REPORT_SECONDS
            if asked >= every and not connection.is_closed:
                asked = 0.0
                await self._ask(method, self._aggregate, [("Session", self._session)])
        raise connection.fault or CameraFault(Text("카메라가 연결을 끊었습니다", "The camera closed the connection"))

    async def leave(self) -> None:
        """Says goodbye without waiting for an answer, then closes everything."""
        if self._connection is not None and not self._connection.is_closed:
            if self._session:
                headers = self._headers("TEARDOWN", self._aggregate, [("Session", self._session)])
                self._connection.write(write_request("TEARDOWN", self._aggregate, headers))
            self._connection.close()
        if self._datagrams is not None:
            self._datagrams.close()

    def _open_connection(self) -> RtspConnection:
        if self._connection is None:
            msg = "play() comes first"
            raise RuntimeError(msg)
        return self._connection

    async def _describe(self) -> RtspMessage:
        for _ in range(MOST_REDIRECTS + 1):
            await self._connect()
            options = await self._ask("OPTIONS", self._url.request_uri, [])
            public = options.find("public") or ""
            self._methods = frozenset(method.strip().upper() for method in public.split(",")[:32])
            response = await self._ask("DESCRIBE", self._url.request_uri, [("Accept", "application/sdp")])
            if response.status not in (301, 302, 303, 305, 307):
                return _checked("DESCRIBE", response)
            self._follow(response.find("location") or "")
        raise CameraFault(Text("카메라 주소가 계속 바뀝니다", "The camera redirects without end"))

    def _follow(self, location: str) -> None:
        try:
            there = parse_camera_url(urljoin(self._url.request_uri, location))
        except ValueError as fault:
            raise bad_bytes("a redirect to nowhere") from fault
        if (there.scheme, there.host, there.port) != (self._url.scheme, self._url.host, self._url.port):
            # a password is for the camera it was given for, and never for a plainer way to it
            self._credentials = Credentials("", "")
        self._url, self._challenge = there, None
        if self._connection is not None:
            self._connection.close()

    async def _connect(self) -> None:
        url: CameraUrl = self._url
        address = await self._dialling.networks.check(url)
        self._dialling.connected(address)
        context: ssl.SSLContext | None = None
        if url.scheme == "rtsps":
            context = ssl.create_default_context()
            if not self._source.verify_certificate:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                _, self._connection = await loop.create_connection(
                    lambda: RtspConnection(self._sink),
                    address,
                    url.port,
                    ssl=context,
                    server_hostname=url.host if context else None,
                )
        except (OSError, TimeoutError) as fault:
            text = Text("카메라에 연결할 수 없습니다", "The camera cannot be reached")
            raise CameraFault(text, code="camera_unreachable") from fault

    async def _set_up(self, track: VideoTrack) -> None:
        connection = self._open_connection()
        if self._source.transport == "udp":
            self._datagrams = await open_pair(connection.peer_address, connection.own_address, self._sink)
            wanted = f"RTP/AVP;unicast;client_port={self._datagrams.port}-{self._datagrams.port + 1}"
        else:
            wanted = "RTP/AVP/TCP;unicast;interleaved=0-1"
        response = await self._must("SETUP", track.control, [("Transport", wanted)])
        session, _, parameters = (response.find("session") or "").partition(";")
        self._session = session.strip()
        if not self._session or len(self._session) > 256:
            raise bad_bytes("SETUP answered without a session")
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name.lower() == "timeout" and value.isascii() and value.isdigit():
                self._timeout_seconds = max(5, min(int(value[:6]), 3600))
        self._agree(response.find("transport") or "")

    def _agree(self, transport: str) -> None:
        fields = dict(part.strip().partition("=")[::2] for part in transport.split(";"))
        name = "server_port" if self._datagrams is not None else "interleaved"
        first, _, second = fields.get(name, "0-1" if self._datagrams is None else "").partition("-")
        if not _is_port(first):
            raise bad_bytes("SETUP answered without ports")
        if self._datagrams is not None:
            self._datagrams.greet(int(first))
            return
        self._rtcp_channel = (int(second) if _is_port(second) else int(first) + 1) & 0xFF
        self._open_connection().channels = (int(first) & 0xFF, self._rtcp_channel)

    def _send_report(self, report: bytes) -> None:
        if self._datagrams is not None:
            self._datagrams.send_control(report)
        elif self._connection is not None and not self._connection.is_closed:
            self._connection.write(bytes((0x24, self._rtcp_channel, 0, len(report))) + report)

    def _headers(self, method: str, uri: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        full = [("CSeq", str(next(self._sequence))), ("User-Agent", "goldentime"), *headers]
        if self._challenge is not None:
            cnonce = secrets.token_hex(8)
            value = answer(self._challenge, self._credentials, method=method, uri=uri, cnonce=cnonce)
            full.append(("Authorization", value))
        return full

    async def _ask(self, method: str, uri: str, headers: list[tuple[str, str]]) -> RtspMessage:
        connection = self._open_connection()
        for attempt in range(2):
            full = self._headers(method, uri, headers)
            response = await connection.ask(write_request(method, uri, full), int(full[0][1]), ANSWER_SECONDS)
            if response.status != 401 or attempt:
                break
            challenge = find_strongest(response.all("www-authenticate"))
            if challenge is None or not self._credentials.username:
                break
            self._challenge = challenge
        return response

    async def _must(self, method: str, uri: str, headers: list[tuple[str, str]]) -> RtspMessage:
        return _checked(method, await self._ask(method, uri, headers))


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5


def _checked(method: str, response: RtspMessage) -> RtspMessage:
    if response.status == 200:
        return response
    if response.status in (401, 403):
        text = Text("카메라 인증에 실패했습니다", "The camera refused the user name or password")
        raise CameraFault(text, code="camera_auth")
    if response.status == 404:
        text = Text("카메라에 이 영상이 없습니다", "The camera does not have this stream")
        raise CameraFault(text, code="camera_not_found")
    if response.status == 461:
        text = Text("카메라가 이 전송 방식을 지원하지 않습니다", "The camera does not support this transport")
        raise CameraFault(text, code="camera_transport")
    text = Text(
        f"카메라가 요청을 거절했습니다({response.status})", f"The camera refused {method} with {response.status}"
    )
    raise CameraFault(text, code="camera_refused")
