"""How an agency writes the safety net and what it accepts as an answer; written apart from the linkage it tests."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from goldentime.core.clock import KST
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.sim.agencies.occurrence import Message
from goldentime.sim.agencies.scenario import Agency

_ANSWER_FIELDS = {"startTag": "$DA", "endTag": "$DB", "finishTag": "$DF", "result": None, "message": None, "type": None}
_TYPES = {"2000", "4000", "4001", "4100", "4101", "4102", "4209", "5000", "5003"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request body and its content type."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A well-formed answer."""

    ok: bool
    type_code: str
    message: str


class WrongAnswer(Exception):  # noqa: N818  (what the operator of the agency would call it)
    """The answer breaks the protocol."""


def write_login(agency: Agency, api_key: str, now: datetime) -> Sent:
    """The login message."""
    return _write(agency, _head(agency, "AUTH", "", now), {"apiKey": api_key}, as_form=False)


def write_report(agency: Agency, message: Message, session: str, now: datetime) -> Sent:
    """The event message in the agency's wire and charset."""
    head = _head(agency, "EVENT", session, now)
    return _write(agency, head, _body(message, now), as_form=agency.wire == "form")


def read_answer(status: int, content_type: str, body: bytes) -> Heard:
    """The answer; raises WrongAnswer for anything the protocol does not allow."""
    if status != 200:
        raise WrongAnswer(f"HTTP {status}")
    if not content_type.startswith("application/json"):
        raise WrongAnswer(f"content type {content_type}")
    try:
        fields = msgspec.json.decode(body, type=dict[str, str])
    except msgspec.DecodeError as wrong:
        raise WrongAnswer(str(wrong)) from wrong
    if set(fields) != set(_ANSWER_FIELDS):
        raise WrongAnswer(f"fields {sorted(fields)}")
    for name, expected in _ANSWER_FIELDS.items():
        if expected is not None and fields[name] != expected:
            raise WrongAnswer(f"{name} is {fields[name]}")
    if fields["type"] not in _TYPES or fields["result"] not in ("0", "1"):
        raise WrongAnswer(f"type {fields['type']}, result {fields['result']}")
    ok = fields["result"] == "0"
    if ok != (fields["type"] == "2000"):
        raise WrongAnswer(f"result {fields['result']} with type {fields['type']}")
    return Heard(ok, fields["type"], fields["message"])


def _head(agency: Agency, service: str, session: str, now: datetime) -> dict[str, object]:
    return {
        "svcTy": service,
        "hdCnt": "14",
        "dtCnt": "16",
        "apSeq": {"apCurrent": "1", "apTotal": "1"},
        "cmnMtd": "1",
        "sendCd": agency.send_code,
        "rcvCd": agency.receive_code,
        "encAt": "N",
        "tranTy": "HTTP",
        "rrKey": session,
        "reqDate": _stamp(now),
        "sysCd": agency.system,
        "tranSysHis": [{"tranSysHis": f"{agency.send_code}_{agency.system}"}],
        "callBack": {"useYn": "N", "targetUrl": ""},
    }


def _body(message: Message, now: datetime) -> dict[str, object]:
    story = message.story
    ended = message.state.startswith("9") or message.state == "50"
    return {
        "evtId": story.kind,
        "evtNm": story.kind_name,
        "evtGrad": story.grade,
        "ocrNbr": message.number,
        "ocrSts": message.state,
        "ocrLc": {"crdntX": _degrees(message.lon), "crdntY": _degrees(message.lat), "crdntZ": "0"},
        "ocrPlc": message.place,
        "ocrEvtCn": message.content,
        "ocrEvtTime": _stamp(message.occurred_at),
        "ocrEvtSts": {"ocrEvtStsCd": message.state, "ocrEvtStsDtl": ""},
        "ocrEvtStsUsr": {"ocrEvtUsrId": "", "ocrEvtUsrNm": message.user},
        "ocrEvtStsTime": _stamp(now),
        "ocrEvtEndTime": _stamp(now) if ended else "",
        "ocrEvtItemCnt": str(len(message.items)),
        "ocrEvtItem": [{"key": key, "val": value} for key, value in message.items.items()],
        "ocrEvtDtl": {"ocrEvtDtlCd": story.detail_code, "ocrEvtDtlCdDtl": story.detail},
    }


def _write(agency: Agency, head: dict[str, object], body: dict[str, object], *, as_form: bool) -> Sent:
    text = msgspec.json.encode(body).decode()
    told: object = body
    if agency.aria_key and head["svcTy"] == "EVENT":
        told = text = seal(text.encode(agency.charset), agency.aria_key)
        head["encAt"] = "Y"
    head["bodyLen"] = str(len(text.encode(agency.charset)))
    if not as_form:
        return Sent(msgspec.json.encode({**head, "body": told}), "application/json; charset=UTF-8")
    fields = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode() for name, value in head.items()
    }
    fields["Body"] = text
    charset = "UTF-8" if agency.charset == "utf-8" else "EUC-KR"
    encoded = urlencode({name: value.encode(agency.charset) for name, value in fields.items()}).encode()
    return Sent(encoded, f"application/x-www-form-urlencoded; charset={charset}")


def _stamp(at: datetime) -> str:
    return at.astimezone(KST).strftime("%Y%m%d%H%M%S")


def _degrees(value: float | None) -> str:
    return "0" if value is None else f"{value:.6f}"
