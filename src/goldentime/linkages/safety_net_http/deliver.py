"""What the agency is told: our answer's verdict and words, and the same to its callback address."""

from urllib.parse import urlsplit

import msgspec

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.words import OK, outcome_words, said, type_code_of
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import Answer, Outcome, Outgoing
from goldentime.messages.report import Report

JSON = "application/json; charset=utf-8"


def answer(settings: SafetyNetSettings, type_code: str, message: str) -> Answer:
    """The protocol's answer; `result` follows from the type code."""
    ok = type_code == OK
    fields = {
        "startTag": settings.tags.start,
        "endTag": settings.tags.end,
        "finishTag": settings.tags.finish,
        "result": "0" if ok else "1",
        "message": message,
        "type": type_code,
    }
    return Answer(msgspec.json.encode(fields), JSON, type_code, ok)


def deliver(outcome: Outcome, settings: SafetyNetSettings) -> Answer:
    """The verdict and, in words, which cameras are open and how far from the scene, or that none is in range."""
    text = outcome_words(outcome, settings.answer_cameras)
    return answer(settings, type_code_of(outcome), said(text, settings))


def deliver_error(error: BadMessage, settings: SafetyNetSettings) -> Answer:
    """What is wrong with the message."""
    return answer(settings, error.type_code, said(error.text, settings))


def deliver_session(session_key: str, settings: SafetyNetSettings) -> Answer:
    """A successful login: the session key is the message."""
    return answer(settings, OK, session_key)


def deliver_problem(type_code: str, text: Text, settings: SafetyNetSettings) -> Answer:
    """A refusal that is not the message's fault: unknown key, flood, our own trouble."""
    return answer(settings, type_code, said(text, settings))


def callback_message(
    report: Report, outcome: Outcome, origins: frozenset[str], settings: SafetyNetSettings
) -> Outgoing | None:
    """Our answer for the sender's callback address; None when it asked for none or its origin is not allowed."""
    if report.callback is None or not may_call_back(report.callback, origins):
        return None
    sent = deliver(outcome, settings)
    fields: dict[str, str] = {
        **msgspec.json.decode(sent.body, type=dict[str, str]),
        "svcTy": "EVENT",
        "sendCd": report.receiver,
        "rcvCd": report.sender,
        "evtId": report.kind,
        "ocrNbr": report.occurrence,
    }
    return Outgoing(report.callback, msgspec.json.encode(fields), JSON)


def may_call_back(url: str, origins: frozenset[str]) -> bool:
    """Whether the address is plain http(s) at an origin the city allows this agency (`https://host[:port]`)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return False
    if not url.isascii() or not url.isprintable() or any(bad in url for bad in (" ", "\\")):
        return False
    standard = {"http": 80, "https": 443}[parts.scheme]
    origin = f"{parts.scheme}://{parts.hostname}" + ("" if port in (None, standard) else f":{port}")
    return origin in {one.lower().rstrip("/") for one in origins}
