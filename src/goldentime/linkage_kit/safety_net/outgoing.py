"""What our own messages say in the safety net's fields: orders to units, and our word about an agency's occurrence."""

from collections.abc import Mapping
from datetime import datetime

from goldentime.core.clock import KST
from goldentime.core.place import LonLat
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.messages.news import News
from goldentime.messages.order import Order
from goldentime.messages.report import ENDING, ReportState

Value = str | dict[str, str] | list[dict[str, str]]
Message = tuple[dict[str, Value], dict[str, Value]]  # head and body, names as on the wire, in the standard's order

# ocrSts of what we say.
STATES_SAID: Mapping[ReportState, str] = {
    ReportState.OCCURRED: "10",
    ReportState.INTERMEDIATE: "20",
    ReportState.CHANGED: "40",
    ReportState.CLEARED: "50",
    ReportState.CANCELLED: "90",
    ReportState.ENDED: "91",
    ReportState.ENDED_AUTOMATICALLY: "92",
}


def order_message(order: Order, codes: SafetyNetCodes) -> Message:
    """An order in the fields of an event: the units, those taken back and our numbers are items.

    The state is 10, 40 once some units are taken back, 90 when none is left, and 91 when its incident has ended.
    """
    kind, state = codes.order_kinds[order.service], order.state
    items = [("ORDER_NO", order.number), ("MSG_NO", order.message_number), ("INCIDENT_NO", order.incident_number)]
    items += [("UNIT_ID", unit) for unit in order.units]
    items += [("UNIT_WITHDRAWN", unit) for unit in order.withdrawn]
    items += _marks(order, codes)
    body = _body(
        kind,
        codes,
        number=order.apart or order.occurrence,
        state=STATES_SAID[state],
        place=order.place,
        items=items,
    )
    body |= {"ocrPlc": order.place_words, "ocrEvtCn": order.content, "ocrEvtTime": stamp(order.at)}
    body["ocrEvtStsTime"] = stamp(order.at)
    body["ocrEvtEndTime"] = stamp(order.at) if state in ENDING else ""
    body["ocrEvtDtl"] = {"ocrEvtDtlCd": "", "ocrEvtDtlCdDtl": order.title}
    return _head(order.agency, codes.receiver_codes.get(order.agency, order.agency), codes, order.at), body


def news_message(news: News, codes: SafetyNetCodes) -> Message:
    """Our word about an occurrence under the number its agency gave it; the action taken is its content."""
    items = [("INCIDENT_NO", news.incident_number), ("MSG_NO", news.number), ("MSG_TOPIC", news.topic.value)]
    items += [*_marks(news, codes), *news.items.items()]
    state = STATES_SAID[news.state]
    kind, number = news.kind or codes.own_kind, news.apart or news.occurrence
    body = _body(kind, codes, number=number, state=state, place=news.place, items=items)
    body |= {
        "evtNm": (news.kind and news.kind_name) or body["evtNm"],
        "ocrEvtDtl": {"ocrEvtDtlCd": "", "ocrEvtDtlCdDtl": "" if news.kind else news.kind_name},
        "evtGrad": "10" if news.urgent else "20",
        "ocrPlc": news.place_words,
        "ocrEvtCn": news.content.in_language("ko" if codes.language == "ko" else "en"),
        "ocrEvtTime": stamp(news.occurred_at or news.at),
        "ocrEvtSts": {"ocrEvtStsCd": state, "ocrEvtStsDtl": news.topic.value},
        "ocrEvtStsTime": stamp(news.at),
        "ocrEvtEndTime": stamp(news.at) if news.state in ENDING else "",
    }
    receiver = news.sender or codes.receiver_codes.get(news.agency, news.agency)
    return _head(news.agency, receiver, codes, news.at), body


def login_head(codes: SafetyNetCodes, at: datetime) -> dict[str, Value]:
    """The head of a login of ours."""
    return _head("", "", codes, at) | {"svcTy": "AUTH"}


def _marks(told: News | Order, codes: SafetyNetCodes) -> list[tuple[str, str]]:
    """What sets a message apart: that it is an exercise, and to which occurrence it belongs when numbered by itself."""
    drill = [(codes.drill_key, "Y")] if told.drill else []
    return [*drill, (codes.reference_key, told.occurrence)] if told.apart else drill


def stamp(at: datetime) -> str:
    """YyyyMMddHHmmss in Seoul."""
    return at.astimezone(KST).strftime("%Y%m%d%H%M%S")


def _head(agency: str, receiver: str, codes: SafetyNetCodes, at: datetime) -> dict[str, Value]:
    return {
        "svcTy": "EVENT",
        "hdCnt": "14",
        "dtCnt": "16",
        "apSeq": {"apCurrent": "1", "apTotal": "1"},
        "cmnMtd": "1",
        "sendCd": codes.our_code,
        "rcvCd": codes.receiver_codes.get(agency, receiver),
        "encAt": "N",
        "tranTy": "HTTP",
        "rrKey": "",
        "reqDate": stamp(at),
        "bodyLen": "0",
        "sysCd": codes.our_system,
        "tranSysHis": [{"tranSysHis": f"{codes.our_code}_{codes.our_system}"}],
    }


def _body(
    kind: str,
    codes: SafetyNetCodes,
    *,
    number: str,
    state: str,
    place: LonLat | None,
    items: list[tuple[str, str]],
) -> dict[str, Value]:
    name = codes.kind_name(kind)
    return {
        "evtId": kind,
        "evtNm": name.ko if name else kind,
        "evtGrad": "10",
        "ocrNbr": number,
        "ocrSts": state,
        "ocrLc": {
            "crdntX": f"{place.lon:.6f}" if place else "0",
            "crdntY": f"{place.lat:.6f}" if place else "0",
            "crdntZ": "0",
        },
        "ocrPlc": "",
        "ocrEvtCn": "",
        "ocrEvtTime": "",
        "ocrEvtSts": {"ocrEvtStsCd": state, "ocrEvtStsDtl": ""},
        "ocrEvtStsUsr": {"ocrEvtUsrId": "", "ocrEvtUsrNm": ""},
        "ocrEvtStsTime": "",
        "ocrEvtEndTime": "",
        "ocrEvtItemCnt": str(len(items)),
        "ocrEvtItem": [{"key": key, "val": value} for key, value in items],
        "ocrEvtDtl": {"ocrEvtDtlCd": "", "ocrEvtDtlCdDtl": ""},
    }
