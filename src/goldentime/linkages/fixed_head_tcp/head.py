"""The fixed head of 48 bytes: what it says and how it is written."""

import re
from dataclasses import dataclass
from datetime import datetime

from goldentime.core.clock import KST

HEAD_BYTES = 48
# Right-aligned text, so blanks stand before it; DATA_LEN is padded with zeros, by some with blanks.
_LENGTH = b"|".join(b" {%d}[0-9]{%d}" % (blanks, 10 - blanks) for blanks in range(10))
HEAD = re.compile(rb"[ 0-9A-Z]{4}[ 0-9]{14}[ 0-9A-Z]{6}[ 0-9]{14}(?:" + _LENGTH + rb")")
# A head looked for among other bytes: SND_DTM must be a time, or a head also matches a few bytes further on.
_TIME = rb"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}"
SOUGHT = re.compile(rb"[ 0-9A-Z]{4}[ 0-9]{14}[ 0-9A-Z]{6}" + _TIME + rb"(?:" + _LENGTH + rb")")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says, without the blanks; `length` in bytes, of the body."""

    message_type: str
    state: str
    state_at: str
    sender: str
    receiver: str
    sent_at: str
    length: int


def read_head(data: bytes | bytearray) -> Head | None:
    """The head the bytes begin with, None when they do not begin with one."""
    found = HEAD.match(data)
    if found is None:
        return None
    text = found[0].decode("ascii")
    return Head(
        message_type=text[:2].strip(),
        state=text[2:4].strip(),
        state_at=text[4:18].strip(),
        sender=text[18:21].strip(),
        receiver=text[21:24].strip(),
        sent_at=text[24:38].strip(),
        length=int(text[38:]),
    )


def length_of(data: bytes | bytearray) -> int:
    """DATA_LEN of bytes that begin with a head."""
    return int(data[38:HEAD_BYTES])


def write_head(message_type: str, state: str, *, sender: str, receiver: str, at: datetime, length: int) -> bytes:
    """The 48 bytes; too long a code keeps its beginning."""
    stamp = at.astimezone(KST).strftime("%Y%m%d%H%M%S")
    text = f"{message_type[:2]:>2}{state[:2]:>2}{stamp}{sender[:3]:>3}{receiver[:3]:>3}{stamp}{length:010d}"
    return text.encode("ascii", "replace")
