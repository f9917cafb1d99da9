"""What a line between us and a signal centre means: one JSON object, numbered without a gap in each direction."""

import hashlib
import hmac
from typing import Any

import msgspec

from goldentime.city.signals.junction import Group, Junction, JunctionId, Stage, Timing
from goldentime.core.errors import BadMessage
from goldentime.core.place import LonLat
from goldentime.core.text import Text

VERSION = 1
LONGEST_LINE = 65_536  # bytes, with its end
Message = dict[str, Any]


class BadLine(BadMessage):
    """The other side does not keep to the protocol; the connection ends."""

    code = "bad_line"


def bad(en: str) -> BadLine:
    """The same words in both languages, with what was wrong."""
    return BadLine(Text(f"신호센터 연결의 규약에 맞지 않습니다: {en}", f"Against the signal centre's protocol: {en}"))


def write_line(number: int, ack: int, message: Message) -> bytes:
    """The message as a line; `ack` is the number of the last line read."""
    return msgspec.json.encode({"n": number, "ack": ack, **message}) + b"\n"


def read_line(line: bytes, *, expected: int) -> Message:
    """The message of a line; raises BadLine for no object, a missing kind, or a number that is not the next."""
    try:
        message = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise bad("not JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise bad("no type")
    if type(message.get("n")) is not int or message["n"] != expected:
        raise bad(f"line {message.get('n')!r} where {expected} was due")
    return message


def proof_of(key: bytes, nonce: str, client: str, run: str) -> str:
    """HMAC-SHA256 over nonce, client and run, in hexadecimal: that both know the key, without saying it."""
    return hmac.new(key, f"{nonce}\n{client}\n{run}".encode(), hashlib.sha256).hexdigest()


def junction_of(message: Message) -> Junction:
    """The junction a line describes; raises BadLine when it is incomplete or in conflict with itself."""
    try:
        timing = Timing(**{name: float(value) for name, value in message["timing"].items()})
        return Junction(
            JunctionId(_text(message["junction"])),
            _text(message["node"]),
            _text(message["name"]),
            LonLat(float(message["lon"]), float(message["lat"])),
            tuple(_group(one) for one in message["groups"]),
            tuple(
                Stage(_text(one["id"]), frozenset(one["greens"]), float(one["green_s"]), frozenset(one["yielding"]))
                for one in message["stages"]
            ),
            frozenset(frozenset((_text(a), _text(b))) for a, b in message["conflicts"]),
            timing,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise bad(f"junction {message.get('junction')!r}: {problem!r}") from None


def _group(one: Message) -> Group:
    approach = one["approach"]
    return Group(_text(one["id"]), None if approach is None else _text(approach), float(one["crossing_s"]))


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        msg = f"{value!r} is no name"
        raise ValueError(msg)
    return value
