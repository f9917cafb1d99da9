"""How a whole message of bytes becomes head and body, in any of the ways sites write its separators and text."""

from collections.abc import Sequence
from dataclasses import dataclass

from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.envelope import Envelope, Fields, Parts, bad
from goldentime.linkage_kit.safety_net.sealed import unseal, unseal_bytes
from goldentime.linkages.safety_net_tcp.settings import LISTS, WRITTEN, TcpSettings
from goldentime.linkages.safety_net_tcp.splitting import PART, Rule, split_cp949, split_letters, split_utf8

ITEMS = "ocrevtitem"
_SHAPE = Text("구분자 메시지(TCP)", "fields set apart by separators (TCP)")
_ANSWER = [Rule(written=False), Rule(written=True), Rule(written=False)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The fields' names in lower case, those of the parts of compound ones, and what each field may be."""

    names: list[str]
    compounds: list[tuple[str, tuple[str, ...]]]
    rules: list[Rule]


class Opener:
    """Opens messages under one site's settings; what does not change between messages is made once."""

    def __init__(self, settings: TcpSettings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        signs = settings.separators
        self._signs = (signs.field, signs.part, signs.middle, signs.start, signs.end, signs.finish)
        self._bytes = [settings.separator(sign) for sign in self._signs]
        self._middle = self._bytes[2] + self._bytes[3]
        self._tail = self._bytes[4] + self._bytes[5]
        self._head = self._plan(settings.head_fields)
        self._body = self._plan(settings.body_fields)
        self._login = self._plan(("apiKey",))

    def _plan(self, names: Sequence[str]) -> _Plan:
        parts, aliases = self._settings.parts, self._settings.aliases
        keys = [aliases.get(name.lower(), name.lower()) for name in names]
        return _Plan(
            keys,
            [(key, tuple(map(str.lower, parts[name]))) for key, name in zip(keys, names, strict=True) if name in parts],
            [Rule(name in WRITTEN, len(parts[name]) if name in parts else 0 if name in LISTS else 1) for name in names],
        )

    def open(self, data: bytes) -> Envelope:
        """Head and body; raises BadMessage 4000 when the message has no such shape."""
        if len(data) > self._settings.max_body:
            raise bad(
                f"메시지가 너무 큽니다({len(data)}바이트, 최대 {self._settings.max_body}).",
                f"The message is too large ({len(data)} bytes, at most {self._settings.max_body}).",
            )
        before, after = self._parted(data)
        if after is None or not after.endswith(self._tail):
            raise bad(
                "머리와 본문의 구분자가 없습니다. 메시지가 끊긴 것 같습니다.",
                "The separators of head and body are missing; the message seems cut off.",
            )
        head = self._fields(before, self._head)
        body = after[: -len(self._tail)]
        sealed = str(head.get("encat", "")).strip().upper() == "Y"
        if sealed:
            body = self._unsealed(body)
        login = str(head.get("svcty", "")).strip().upper() in self._settings.login_types
        return Envelope(head, self._fields(body, self._login if login else self._body), _SHAPE, sealed)

    def head_of(self, data: bytes) -> Fields:
        """The head alone; raises BadMessage 4000."""
        return self._fields(self._parted(data)[0], self._head)

    def answer_of(self, data: bytes) -> list[str]:
        """Result, message and type of an answer; raises BadMessage 4000."""
        if not (data.startswith(self._bytes[3]) and data.endswith(self._tail)):
            raise bad("답이 아닙니다.", "Not an answer.")
        fields = self._split(data[len(self._bytes[3]) : -len(self._tail)], _ANSWER)
        if len(fields) < 3:
            raise bad("답의 항목이 모자랍니다.", "The answer lacks fields.")
        return fields

    def _parted(self, data: bytes) -> tuple[bytes, bytes | None]:
        """What stands before and behind the first body start that has a head's fields before it."""
        at = data.find(self._middle)
        while at >= 0 and data.count(self._bytes[0], 0, at) < len(self._head.rules) - 1:
            at = data.find(self._middle, at + 1)
        return (data, None) if at < 0 else (data[:at], data[at + len(self._middle) :])

    def _unsealed(self, body: bytes) -> bytes:
        """Base64 or hexadecimal text as over HTTP, or the bytes themselves."""
        key, most = self._settings.aria_key, self._settings.max_sealed
        text = body.removesuffix(self._bytes[0]).strip()
        return unseal(text.decode(), key, most) if text.isascii() else unseal_bytes(body, key, most)

    def _fields(self, data: bytes, plan: _Plan) -> Fields:
        values = self._split(data, plan.rules)
        fields: Fields = dict(zip(plan.names, values, strict=False))
        for name, parts in plan.compounds:
            value = fields.get(name)
            if value and PART in value:
                fields[name] = Parts(zip(parts, value.split(PART), strict=False))
        if ITEMS in fields:
            fields[ITEMS] = self._items(fields[ITEMS])
        if plan is self._head and len(values) > len(plan.rules) and values[len(plan.rules)]:
            fields["callback"] = Parts(zip(("useyn", "targeturl"), values[len(plan.rules)].split(PART), strict=False))
        return fields

    def _items(self, value: str) -> list[dict[str, str]]:
        texts = value.split(PART)
        if len(texts) % 2:
            texts.pop()  # the separator behind the last value, or a key that lost its value
        return [{"key": key, "val": text} for key, text in zip(texts[::2], texts[1::2], strict=True)]

    def _split(self, data: bytes, rules: Sequence[Rule]) -> list[str]:
        """The fields as text, separators of parts as PART; raises BadMessage 4000."""
        fields: list[str] | None = None
        try:
            if self._settings.separators_as == "utf-8":
                fields = split_letters(data, self._signs, rules)
            elif self._settings.charset == "utf-8":
                fields = split_utf8(data, self._signs)
            else:
                fields = split_cp949(data, self._signs, rules)
        except UnicodeDecodeError:
            fields = None
        if fields is None:
            charset = self._settings.charset.upper()
            raise bad(
                f"글자가 {charset}이(가) 아니거나, 글자와 구분자를 가릴 수 없습니다.",
                f"The text is no {charset}, or its letters cannot be told from separators.",
                field="charset",
            )
        return fields
