"""How our messages and answers are written for the TCP wire: separators, charset, and the length of the body."""

from collections.abc import Sequence
from datetime import datetime

from goldentime.linkage_kit.safety_net.outgoing import Value, login_head
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.linkage_kit.safety_net.words import OK
from goldentime.linkages.safety_net_tcp.settings import TcpSettings


class Writer:
    """Writes under one site's settings."""

    def __init__(self, settings: TcpSettings) -> None:
        """The separators as they stand on the wire."""
        self._settings = settings
        signs = settings.separators
        self._field, self._part = settings.separator(signs.field), settings.separator(signs.part)
        self._middle = settings.separator(signs.middle) + settings.separator(signs.start)
        self._start = settings.separator(signs.start)
        self._end = settings.separator(signs.end) + settings.separator(signs.finish)

    def message(self, head: dict[str, Value], body: dict[str, Value]) -> bytes:
        """A whole message; bodyLen counts the bytes between body start and body end."""
        written = self._fields(body, self._settings.body_fields)
        return self._whole(head, written, len(self._settings.body_fields))

    def login(self, api_key: str, at: datetime) -> bytes:
        """An AUTH message whose body is the key alone."""
        return self._whole(login_head(self._settings, at), self._text(api_key) + self._field, 1)

    def answer(self, type_code: str, words: str) -> bytes:
        """Result, message and type between body start and finish, as the tags of the HTTP answer have it."""
        result = "0" if type_code == OK else "1"
        fields = b"".join(self._text(one) + self._field for one in (result, words, type_code))
        return self._start + fields + self._end

    def without(self, data: bytes, names: Sequence[str]) -> bytes:
        """The message with these fields of its head emptied."""
        wanted = [self._settings.head_fields.index(name) for name in names if name in self._settings.head_fields]
        fields = data.split(self._field, max(wanted, default=0) + 1)
        for place in wanted:
            if place < len(fields) - 1:
                fields[place] = b""
        return self._field.join(fields)

    def finished(self, data: bytes, session: str, aria_key: str) -> bytes:
        """The message as it goes out, under this login's session key and sealed when there is a key."""
        names = self._settings.head_fields
        *head, rest = data.split(self._field, len(names))
        if not (rest.startswith(self._middle) and rest.endswith(self._end)):
            msg = "not a message this writer made"
            raise ValueError(msg)
        body = rest[len(self._middle) : -len(self._end)]
        told = {"rrKey": self._text(session)}
        if aria_key:
            body = seal(body, aria_key).encode()
            told |= {"encAt": b"Y", "bodyLen": str(len(body)).encode()}
        fields = [told.get(name, value) for name, value in zip(names, head, strict=True)]
        return b"".join(one + self._field for one in fields) + self._middle + body + self._end

    def _whole(self, head: dict[str, Value], body: bytes, count: int) -> bytes:
        told = head | {
            "tranTy": "TCP",
            "hdCnt": str(len(self._settings.head_fields)),
            "dtCnt": str(count),
            "bodyLen": str(len(body)),
        }
        return self._fields(told, self._settings.head_fields) + self._middle + body + self._end

    def _fields(self, values: dict[str, Value], names: Sequence[str]) -> bytes:
        return b"".join(self._value(values.get(name, "")) + self._field for name in names)

    def _value(self, value: Value) -> bytes:
        if isinstance(value, str):
            return self._text(value)
        rows = [value] if isinstance(value, dict) else value
        return self._part.join(self._text(text) for row in rows for text in row.values())

    def _text(self, text: str) -> bytes:
        """The text in the site's charset, without what would be read as a separator."""
        if self._settings.separators_as == "utf-8":
            signs = self._settings.separators
            taken = {getattr(signs, name): "?" for name in type(signs).__slots__}
            return text.translate(taken).encode()
        return text.encode(self._settings.charset, "replace")
