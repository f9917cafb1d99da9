"""What we write and read when we are the one who calls: our login, our news and orders, the other side's answer."""

from datetime import datetime
from typing import Any

import msgspec

from goldentime.core.errors import BadMessage
from goldentime.linkage_kit.safety_net.envelope import bad
from goldentime.linkage_kit.safety_net.outgoing import Message, login_head
from goldentime.linkage_kit.safety_net.replies import reply_of
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.news import Reply

LONGEST_WORDS = 2000


def write_message(message: Message) -> bytes:
    """The head with the body inside, as JSON; the same message is the same bytes."""
    head, body = message
    told = msgspec.json.encode(body)
    return msgspec.json.encode({**head, "bodyLen": str(len(told)), "body": body})


def finished(written: bytes, session: str, aria_key: str) -> tuple[bytes, dict[str, str]]:
    """The message as it goes out, under this login's session key and sealed when there is a key; and its headers."""
    message = msgspec.json.decode(written, type=dict[str, Any])
    message["rrKey"] = session
    if aria_key:
        sealed = seal(msgspec.json.encode(message["body"]), aria_key)
        message |= {"encAt": "Y", "bodyLen": str(len(sealed)), "body": sealed}
    names = ("svcTy", "sendCd", "rcvCd", "sysCd", "encAt")
    headers = {f"X-Scsns-{name}": str(message.get(name, "")) for name in names}
    told = {name: value for name, value in headers.items() if value.isascii()}  # a code may be a name in Hangul
    return msgspec.json.encode(message), {**told, "X-Scsns-type": "sync"}


def write_login(api_key: str, at: datetime, settings: SafetyNetSettings) -> bytes:
    """A login with our API key."""
    return msgspec.json.encode({**login_head(settings, at), "body": {"apiKey": api_key}})


def read_reply(body: bytes) -> Reply:
    """What the other side answered; raises BadMessage when it is no answer of this protocol."""
    try:
        fields = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError):
        raise _no_answer() from None
    if not isinstance(fields, dict) or not isinstance(fields.get("type", fields.get("result")), str | int):
        raise _no_answer()
    ok = str(fields.get("result", "")) == "0"
    code = str(fields.get("type") or ("2000" if ok else "4000"))[:20]
    words = fields.get("message")
    return reply_of("0" if ok else "1", words[:LONGEST_WORDS] if isinstance(words, str) else "", code)


def _no_answer() -> BadMessage:
    return bad("응답을 읽을 수 없습니다.", "The answer cannot be read.")
