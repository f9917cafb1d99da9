"""Where a login keeps its API key and a message its session key."""

from goldentime.linkage_kit.safety_net.envelope import bad, text_of
from goldentime.linkages.safety_net_http.envelope import open_envelope
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import RawMessage

__all__ = ["find_session_key", "read_api_key"]

_MAX_KEY = 512


def read_api_key(raw: RawMessage, settings: SafetyNetSettings) -> str:
    """The API key of a login, in its body part or beside it; raises BadMessage."""
    envelope = open_envelope(raw, settings)
    key = text_of(envelope.body.get("apikey")) or text_of(envelope.head.get("apikey")) or ""
    if not key:
        raise bad("필수 항목 apiKey가 없습니다.", "The mandatory apiKey is missing.", field="apiKey", type_code="4101")
    if len(key) > _MAX_KEY or not key.isascii():
        raise bad("apiKey의 형식이 맞지 않습니다.", "The apiKey has the wrong type.", field="apiKey", type_code="4102")
    return key


def find_session_key(raw: RawMessage, settings: SafetyNetSettings) -> str | None:
    """The rrKey of a message's head, or None; raises BadMessage when the message has no head to look in."""
    key = text_of(open_envelope(raw, settings).head.get("rrkey"))
    return key if key and len(key) <= _MAX_KEY and key.isascii() else None
