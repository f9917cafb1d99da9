"""How bytes become a message's head and body: form or JSON, nested or flat, sealed or plain."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.charset import decode_text
from goldentime.linkage_kit.values import clean
from goldentime.linkages.safety_net_http.sealed import unseal
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import RawMessage

Fields = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
_HEAD_NAMES = ("header", "head", "hd")
_BODY_NAMES = ("body", "data", "dt")
_LONE_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
ECHOED = 20  # letters of a code that an answer says again at most
_FROM_HEADERS = ("svcty", "sendcd", "rcvcd", "syscd", "encat")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Head and body with names in lower case and aliases resolved; values as they came."""

    head: Fields
    body: Fields
    form: bool
    sealed: bool


def open_envelope(raw: RawMessage, settings: SafetyNetSettings) -> Envelope:
    """Head and body of the message; raises BadMessage 4000 when it has no such shape."""
    if len(raw.body) > settings.max_body:
        raise bad(
            f"메시지가 너무 큽니다({len(raw.body)}바이트, 최대 {settings.max_body}).",
            f"The message is too large ({len(raw.body)} bytes, at most {settings.max_body}).",
        )
    if not raw.body.strip():
        raise bad("본문이 비어 있습니다.", "The message is empty.")
    media_type, charset = _content_type(raw.content_type)
    if media_type.startswith("multipart/"):
        raise bad(
            "multipart는 받지 않습니다. JSON 또는 application/x-www-form-urlencoded로 보내 주십시오.",
            "Multipart is not accepted. Send JSON or application/x-www-form-urlencoded.",
        )
    form = _is_form(media_type, raw.body)
    top = named(
        _form_fields(raw.body, charset, settings) if form else _json_object(raw.body, charset, settings), settings
    )
    head = _nested(top, _HEAD_NAMES, settings) or top
    for name in _FROM_HEADERS:
        if head.get(name) in (None, ""):
            given = raw.headers.get(f"x-scsns-{name}")
            if given:
                head[name] = given if given.isascii() else _header_text(given, settings)
    sealed = str(head.get("encat") or "").strip().upper() == "Y"
    return Envelope(head, _body_of(top, settings, sealed=sealed), form, sealed)


def named(fields: Mapping[str, Any], settings: SafetyNetSettings) -> Fields:
    """The fields under lower-case standard names; a standard name wins over its alias, else the last one counts."""
    result: Fields = {}
    aliases = settings.aliases
    for name, value in fields.items():
        lowered = name.lower()
        standard = aliases.get(lowered)
        if standard is None:
            result[lowered] = value
        else:
            result.setdefault(standard, value)
    return result


def compound(value: Any, settings: SafetyNetSettings) -> Fields | None:
    """A compound field's parts, also from a JSON text or a list of one; None when it is none."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = _decode_json(value)
    if isinstance(value, list) and value:
        value = value[0]
    return named(value, settings) if isinstance(value, dict) else None


def listed(value: Any) -> list[Any] | None:
    """A list field's entries, also from a JSON text or a single object; None when it is none."""
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return []
        if text[0] not in "{[":
            return None
        value = _decode_json(text)
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else None


def bad(ko: str, en: str, *, field: str | None = None, type_code: str = "4000") -> BadMessage:
    """A refusal in both languages."""
    return BadMessage(Text(ko, en), type_code=type_code, field=field)


def _header_text(value: str, settings: SafetyNetSettings) -> str:
    """A header that HTTP gave us as latin-1 in the charset its sender meant."""
    try:
        return decode_text(value.encode("latin-1"), None, settings.charsets)
    except UnicodeEncodeError:  # it was text already
        return value


def _content_type(header: str) -> tuple[str, str | None]:
    media_type, *parameters = header.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return media_type.strip().lower(), value.strip()
    return media_type.strip().lower(), None


def _is_form(media_type: str, body: bytes) -> bool:
    looks_json = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    if media_type == FORM:
        return not looks_json  # some clients leave the form type on a JSON body
    if "json" in media_type:
        return False
    return not looks_json and b"=" in body


def _form_fields(body: bytes, charset: str | None, settings: SafetyNetSettings) -> Fields:
    pairs = body.split(b"&", settings.max_form_fields)
    if len(pairs) > settings.max_form_fields:
        raise bad("폼 필드가 너무 많습니다.", "The form has too many fields.")
    # The charset is judged over all values together, since a single short one fits many.
    joined = b"\x1f".join(
        unquote(name) + b"\x1e" + unquote(value) for name, _, value in (pair.partition(b"=") for pair in pairs)
    )
    text = decode_text(joined, charset, settings.charsets)
    fields: Fields = {}
    for pair in text.split("\x1f"):
        name, _, value = pair.partition("\x1e")
        outer, dot, inner = name.replace("[", ".").replace("]", "").partition(".")
        if dot and inner:  # apSeq.apCurrent=1 or apSeq[apCurrent]=1
            group = fields.setdefault(outer, {})
            if isinstance(group, dict):
                group[inner] = value
        else:
            fields[name] = value
    return fields


def unquote(data: bytes) -> bytes:
    """Form decoding of a name or value; a percent sign that escapes nothing stays one."""
    data = data.replace(b"+", b" ")
    if b"%" not in data:
        return data
    if _LONE_PERCENT.search(data):
        data = _LONE_PERCENT.sub(b"%25", data)
    # Quoted-printable differs from this in its sign only, and is decoded a hundred times faster than by urllib.
    return binascii.a2b_qp(data.replace(b"=", b"%3D").replace(b"%", b"="))


def _json_object(body: bytes, charset: str | None, settings: SafetyNetSettings) -> Fields:
    value = _decode_json(decode_text(body, charset, settings.charsets))
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise bad("JSON 객체가 아닙니다.", "Not a JSON object.")
    return value


def _decode_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise bad("JSON이 너무 깊이 중첩되었습니다.", "The JSON is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeError) as wrong:
        if "truncated" in str(wrong):
            raise bad("JSON이 중간에 끊겼습니다.", "The JSON is cut off.") from None
        raise bad(f"JSON을 읽을 수 없습니다: {wrong}", f"The JSON cannot be read: {wrong}") from None
    except ValueError:
        raise bad("JSON의 숫자를 읽을 수 없습니다.", "A number in the JSON cannot be read.") from None


def _nested(top: Fields, names: tuple[str, ...], settings: SafetyNetSettings) -> Fields | None:
    for name in names:
        if isinstance(top.get(name), dict):
            return named(top[name], settings)
    return None


def _body_of(top: Fields, settings: SafetyNetSettings, *, sealed: bool) -> Fields:
    value = next((top[name] for name in _BODY_NAMES if top.get(name) not in (None, "")), None)
    if value is None:
        if "evtid" in top or "ocrnbr" in top or "apikey" in top:
            return top  # flat messages carry the body's fields beside the head's
        raise bad("필수 항목 Body가 없습니다.", "The mandatory Body is missing.", field="Body", type_code="4101")
    if isinstance(value, str):
        text = value.strip()
        if sealed and text[:1] not in ("{", "["):
            text = decode_text(unseal(text, settings.aria_key, settings.max_sealed), None, settings.charsets)
        value = _decode_json(text)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise bad("Body가 JSON 객체가 아닙니다.", "The Body is not a JSON object.", field="Body", type_code="4102")
    return named(value, settings)


def text_of(value: Any) -> str | None:
    """A scalar as cleaned text, "" for nothing; None when it is a list, an object or a truth value."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def shown(value: Any) -> str:
    """The value as a problem report shows it; never walks into what may be nested without end."""
    if isinstance(value, dict):
        return "{…}"
    return "[…]" if isinstance(value, list) else str(value)[:200]


def echoed(value: str) -> str:
    """A sender's code as an answer may say it again: its beginning, and no letter that does not show."""
    shown_letters = "".join(letter for letter in value[: 2 * ECHOED] if letter.isprintable())
    return shown_letters if len(shown_letters) <= ECHOED and len(value) <= ECHOED else f"{shown_letters[:ECHOED]}…"
