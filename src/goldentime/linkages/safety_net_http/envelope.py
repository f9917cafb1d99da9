"""How bytes become a message's head and body: form or JSON, nested or flat, sealed or plain."""

import binascii
import re

from goldentime.core.text import Text
from goldentime.linkage_kit.charset import decode_text
from goldentime.linkage_kit.safety_net.envelope import Envelope, Fields, bad, decode_json, named
from goldentime.linkage_kit.safety_net.sealed import unseal
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import RawMessage

FORM = "application/x-www-form-urlencoded"
_FORM, _JSON = Text("폼 메시지", "a form"), Text("JSON 메시지", "JSON")
_HEAD_NAMES = ("header", "head", "hd")
_BODY_NAMES = ("body", "data", "dt")
_LONE_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_FROM_HEADERS = ("svcty", "sendcd", "rcvcd", "syscd", "encat")


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
    return Envelope(head, _body_of(top, settings, sealed=sealed), _FORM if form else _JSON, sealed)


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
    value = decode_json(decode_text(body, charset, settings.charsets))
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise bad("JSON 객체가 아닙니다.", "Not a JSON object.")
    return value


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
        value = decode_json(text)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise bad("Body가 JSON 객체가 아닙니다.", "The Body is not a JSON object.", field="Body", type_code="4102")
    return named(value, settings)
