"""How a file of recorded messages is read: an export of the interface log, or the bytes as they passed."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.linkage_kit import Linkage, is_stream
from goldentime.messages.exchange import RawMessage

LARGEST_FILE = 512 << 20


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded message; `name` is how it is called on the screen: its id, or its place in the file."""

    name: str
    ours: bool  # it went out
    raw: RawMessage


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed beside the file, for bytes that do not tell it themselves."""

    linkage: str | None
    content_type: str
    at: datetime


def read_recordings(file: Path, known: Mapping[str, Linkage], given: Given) -> list[Recording]:
    """Every message in the file, in order; raises OperatorsError for a file that is none and an unknown linkage."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise OperatorsError(Text("파일이 512 MiB를 넘습니다.", "The file is larger than 512 MiB."))
        data = file.read_bytes()
    except OSError as missing:
        words = Text(f"파일을 읽을 수 없습니다: {file}", f"The file cannot be read: {file}")
        raise OperatorsError(words) from missing
    found = list(_exported(data, given) if _is_export(data) else _frames(data, known, given))
    if not found:
        raise OperatorsError(Text("파일에 전문이 없습니다.", "The file holds no message."))
    for one in found:
        if one.raw.linkage not in known:
            names = ", ".join(sorted(known))
            words = Text(
                f"없는 연계입니다: {one.raw.linkage}. 있는 것: {names}", f"No such linkage. There are: {names}"
            )
            raise OperatorsError(words)
    return found


def _is_export(data: bytes) -> bool:
    try:
        first = json.loads(data.split(b"\n", 1)[0])
    except ValueError:
        return False
    return isinstance(first, dict) and {"linkage", "body", "direction"} <= first.keys()


def _exported(data: bytes, given: Given) -> Iterator[Recording]:
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(line)
            if row.get("destroyed"):
                continue
            raw = RawMessage(
                linkage=given.linkage or str(row["linkage"]),
                sender=str(row.get("agency") or "") or None,
                content_type=str(row.get("content_type") or given.content_type),
                headers={str(name).lower(): str(value) for name, value in (row.get("headers") or {}).items()},
                body=base64.b64decode(row["body"], validate=True),
                received_at=datetime.fromisoformat(row["at"]),
            )
            yield Recording(str(row.get("id") or number), row.get("direction") == "out", raw)
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            words = Text(f"{number}번째 줄을 읽을 수 없습니다.", f"Line {number} cannot be read.")
            raise OperatorsError(words) from None


def _frames(data: bytes, known: Mapping[str, Linkage], given: Given) -> Iterator[Recording]:
    """Raw bytes: cut as the wire is when it is a stream, else one message."""
    name = given.linkage
    if name is None:
        raise OperatorsError(
            Text(
                "원문 파일은 --linkage로 어느 연계인지 적어야 합니다.", "Raw bytes need --linkage to say what they are."
            )
        )
    linkage = known.get(name)
    if linkage is not None and is_stream(linkage):
        framer = linkage.framer()
        pieces = [frame.data for frame in [*framer.feed(data), *framer.rest()]]
    else:
        pieces = [data]
    for number, piece in enumerate(pieces, 1):
        yield Recording(f"#{number}", ours=False, raw=RawMessage(name, None, given.content_type, {}, piece, given.at))
