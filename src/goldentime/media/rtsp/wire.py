"""Where one RTSP message or interleaved packet ends and the next begins, and how large each may be."""

from collections.abc import Callable
from dataclasses import dataclass

from goldentime.media.faults import bad_bytes

MOST_HEADER_BYTES = 16 << 10
MOST_BODY_BYTES = 64 << 10
MOST_HEADERS = 64
_DOLLAR = 0x24


@dataclass(frozen=True, slots=True)
class RtspMessage:
    """A response (`status` set) or a request from the other side (`method` set); header names in lower case."""

    status: int
    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def find(self, name: str) -> str | None:
        """The first header of that name, in lower case; None when absent."""
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> list[str]:
        """Every header of that name, in order."""
        return [value for key, value in self.headers if key == name]


class RtspReader:
    """Feeds bytes in, calls out with whole messages and packets; never holds more than one message and 64 KB."""

    def __init__(self, on_message: Callable[[RtspMessage], None], on_packet: Callable[[int, bytes], None]) -> None:
        self._on_message = on_message
        self._on_packet = on_packet
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what came; raises BadCameraBytes beyond the limits or for what is neither message nor packet."""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        on_packet = self._on_packet
        while at < end:
            if data[at] == _DOLLAR:
                if end - at < 4:
                    break
                after = at + 4 + (data[at + 2] << 8 | data[at + 3])
                if after > end:
                    break
                on_packet(data[at + 1], data[at + 4 : after])
                at = after
            elif data[at] in b"\r\n":
                at += 1
            else:
                after = self._take_message(data, at)
                if after < 0:
                    break
                at = after
        self._rest = data[at:] if at else data

    def _take_message(self, data: bytes, at: int) -> int:
        stop = data.find(b"\r\n\r\n", at, at + MOST_HEADER_BYTES)
        if stop < 0:
            if len(data) - at >= MOST_HEADER_BYTES:
                raise bad_bytes("RTSP headers larger than 16 KB")
            return -1
        message = parse_head(data[at:stop])
        length = _content_length(message)
        after = stop + 4 + length
        if after > len(data):
            return -1
        body = data[stop + 4 : after]
        self._on_message(RtspMessage(message.status, message.method, message.uri, message.headers, body))
        return after


def parse_head(head: bytes) -> RtspMessage:
    """The first line and headers, without the empty line; raises BadCameraBytes."""
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError as fault:
        raise bad_bytes("RTSP headers that are not text") from fault
    if len(lines) > MOST_HEADERS:
        raise bad_bytes("more than 64 RTSP headers")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise bad_bytes("an RTSP header without a colon")
        if "\r" in line or "\n" in line or "\0" in line:  # would break out of a request that repeats it
            raise bad_bytes("a control character in an RTSP header")
        headers.append((name.strip().lower(), value.strip()))
    first = lines[0].split(" ", 2)
    if (
        first[0].startswith("RTSP/1.")
        and len(first) >= 2
        and len(first[1]) == 3
        and first[1].isascii()
        and first[1].isdigit()
    ):
        return RtspMessage(int(first[1]), "", "", tuple(headers), b"")
    if (
        len(first) == 3
        and first[2].startswith("RTSP/1.")
        and first[0].isascii()
        and first[0].replace("_", "").isalpha()
    ):
        return RtspMessage(0, first[0], first[1], tuple(headers), b"")
    raise bad_bytes("neither an RTSP message nor a packet")


def _content_length(message: RtspMessage) -> int:
    text = message.find("content-length") or "0"
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise bad_bytes("an RTSP length that is no number")
    if int(text) > MOST_BODY_BYTES:
        raise bad_bytes("an RTSP body larger than 64 KB")
    return int(text)


def write_request(method: str, uri: str, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """The bytes of a request; raises ValueError when a value would break out of its line."""
    if body:
        headers = [*headers, ("Content-Length", str(len(body)))]
    lines = [f"{method} {uri} RTSP/1.0", *(f"{name}: {value}" for name, value in headers)]
    if any("\r" in line or "\n" in line for line in lines):
        msg = "a line break inside an RTSP header"
        raise ValueError(msg)
    return "\r\n".join((*lines, "", "")).encode() + body
