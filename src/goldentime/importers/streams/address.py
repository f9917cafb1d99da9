"""Whether a stream address may be used; secrets are taken out of it and never told."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from goldentime.core.text import Text

_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_LONGEST = 2048


@dataclass(frozen=True, slots=True)
class StreamAddress:
    """An rtsp(s) URL without its secrets, and the secrets it held."""

    url: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Nothing: an address belongs to no log."""
        return "StreamAddress(...)"


def read_address(words: str) -> StreamAddress | Text:
    """The address, or why it is refused, in words that never repeat it."""
    if len(words) > _LONGEST or _CONTROL.search(words):
        return Text(
            ko="영상 주소에 쓸 수 없는 글자가 있거나 너무 김", en="the address is too long or has odd characters"
        )
    try:
        parts = urlsplit(words)
        port = parts.port
    except ValueError:
        return Text(ko="영상 주소를 읽을 수 없음", en="the address cannot be read")
    if parts.scheme.lower() not in {"rtsp", "rtsps"}:
        return Text(ko="영상 주소가 rtsp:// 또는 rtsps://가 아님", en="the address is not rtsp:// or rtsps://")
    if not parts.hostname or port == 0:
        return Text(ko="영상 주소에 호스트가 없음", en="the address names no host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = f"{host}:{port}" if port else host
    url = urlunsplit((parts.scheme.lower(), place, parts.path or "/", parts.query, ""))
    return StreamAddress(url, unquote(parts.username or ""), unquote(parts.password or ""))
