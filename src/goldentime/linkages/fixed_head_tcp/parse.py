"""What a fixed-head message means: which report it makes, or with which type code and reason it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from goldentime.core.errors import BadMessage
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.safety_net.envelope import bad, echoed
from goldentime.linkage_kit.values import clean, read_place, read_stamp
from goldentime.linkages.fixed_head_tcp.head import HEAD_BYTES, Head, read_head
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import Report, ReportState, keep_every_item

_NAMES: Mapping[str, Text] = {
    "number": Text("발생번호", "occurrence number"),
    "grade": Text("등급", "grade"),
    "kind_name": Text("종류", "kind"),
    "detail": Text("세부내용", "detail"),
    "lon": Text("경도", "longitude"),
    "lat": Text("위도", "latitude"),
    "place": Text("장소", "place in words"),
    "content": Text("내용", "content"),
    "at": Text("발생 시각", "occurred at"),
    "sender": Text("보낸 사람(장치) ID", "the sender's ID"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A message taken apart: its head and its body's fields in order, cleaned."""

    head: Head
    texts: list[str]


def open_message(data: bytes, settings: FixedHeadSettings) -> Opened:
    """The message taken apart; raises BadMessage 4000 when its shape or charset is wrong."""
    head = read_head(data)
    if head is None:
        raise bad("48바이트 머리가 아닙니다.", "It does not begin with the 48-byte head.", field="HEAD")
    terminator = settings.terminator.encode()
    body = data[HEAD_BYTES:]
    if not body.endswith(terminator) or head.length not in (len(body), len(body) - 1):
        raise bad(
            f"DATA_LEN({head.length})과 본문 길이({len(body)})가 다르거나 끝 표시가 없습니다.",
            f"DATA_LEN ({head.length}) is not the body's length ({len(body)}), or the end is missing.",
            field="DATA_LEN",
        )
    if len(data) > settings.max_body:
        raise bad("메시지가 너무 큽니다.", "The message is too large.", field="DATA_LEN")
    try:
        text = body[:-1].decode(settings.charset)
    except UnicodeDecodeError:
        charset = settings.charset.upper()
        raise bad(f"본문이 {charset}이(가) 아닙니다.", f"The body is no {charset}.", field="charset") from None
    return Opened(head, [clean(one) for one in text.split(settings.separator)])


class Reading:
    """One message being read; every field goes through the ledger, so that explaining and parsing cannot differ."""

    def __init__(self, opened: Opened, raw: RawMessage, settings: FixedHeadSettings, ledger: Ledger) -> None:
        """Nothing is read yet."""
        self._head, self._texts = opened.head, opened.texts
        self._raw, self._settings, self._ledger = raw, settings, ledger
        self._by_role: dict[str, str] = {}
        self._items: list[tuple[str, str]] = []

    def report(self) -> Report:
        """The report; raises BadMessage unless the ledger explains."""
        settings, head = self._settings, self._head
        self._check_systems()
        if self._texts[0] in settings.controls:
            return self._control()
        layout = f"{head.message_type}/{head.sender}"
        fields = settings.bodies.get(layout)
        if fields is None:
            self._refuse_layout(layout)
            fields = ()
        self._take(fields)
        known = settings.kinds.get(layout)
        name = self._by_role.get("kind_name") or (known.ko if known else layout)
        if known is not None:
            self._ledger.understood("MSG_TYP_CD", layout, known.ko, known.en)
        return self._made(
            kind=known.kind if known else layout,
            kind_name=name,
            service=known.service if known else "event",
            state=self._state(),
        )

    def _made(self, *, kind: str, kind_name: str, service: str, state: ReportState) -> Report:
        sent_at = self._stamp("SND_DTM", self._head.sent_at, "보낸 시각", "sent at")
        state_at = self._stamp("MSG_STA_DTM", self._head.state_at, "상태 시각", "state since")
        occurred_at = self._stamp("EVT_DTM", self._by_role.get("at", ""), "발생 시각", "occurred at")
        number = self._number()
        person = self._sender_id()
        return Report(
            sender=self._head.sender,
            system=self._head.sender,
            occurrence=number,
            kind=kind,
            kind_name=kind_name,
            urgent=self._urgent(),
            state=state,
            occurred_at=occurred_at or state_at or sent_at or self._raw.received_at,
            place=self._place(),
            place_words=self._by_role.get("place", ""),
            content=self._by_role.get("content", ""),
            detail_words=self._by_role.get("detail", ""),
            person_name=person,
            items=keep_every_item(self._items),
            service=service,
            receiver=self._head.receiver,
            drill=any(key == "DRILL_YN" and value.upper() == "Y" for key, value in self._items),
            status_at=state_at or sent_at,
            notes=tuple(self._ledger.notes),
        )

    def _control(self) -> Report:
        code = self._texts[0]
        words = self._settings.controls[code]
        self._ledger.understood(self._settings.control_fields[0], code, words.ko, words.en)
        self._take(self._settings.control_fields)
        return self._made(kind=code, kind_name=words.ko, service="video_control", state=self._state())

    def _check_systems(self) -> None:
        head, settings = self._head, self._settings
        if head.sender not in settings.systems:
            self._refuse_code("SND_SYS_CD", head.sender, "등록되지 않은 송신시스템", "an unknown sending system")
        else:
            self._ledger.understood("SND_SYS_CD", head.sender, "송신시스템", "sending system")
        if head.receiver != settings.our_system:
            self._refuse_code("RCV_SYS_CD", head.receiver, "이 도시가 아닌 수신시스템", "not this city's system")
        else:
            self._ledger.understood("RCV_SYS_CD", head.receiver, "수신시스템: 이 도시", "receiver: this city")

    def _refuse_code(self, name: str, value: str, ko: str, en: str) -> None:
        shown = echoed(value) or "-"
        error = bad(f"{name} {shown}: {ko}입니다.", f"{name} {shown} is {en}.", field=name, type_code="4001")
        self._ledger.refuse(error, value)

    def _refuse_layout(self, layout: str) -> None:
        error = bad(
            f"메시지 종류 {echoed(layout)}은(는) 받지 않습니다.",
            f"The message type {echoed(layout)} is not taken.",
            field="MSG_TYP_CD",
            type_code="4102",
        )
        self._ledger.refuse(error, layout)

    def _take(self, fields: tuple[str, ...]) -> None:
        """Give each text to its field; what a sender appends beyond the site's layout is kept as items."""
        roles, by_role, explaining = self._settings.roles, self._by_role, self._ledger.explaining
        texts = self._texts
        if len(texts) > len(fields) + 1 or (len(texts) > len(fields) and texts[-1]):
            fields = (*fields, *(f"FIELD_{place + 1}" for place in range(len(fields), len(texts))))
        limit = self._settings.max_text
        for name, text in zip(fields, texts, strict=False):
            value = text if len(text) <= limit else self._cut(name, text)
            role = roles.get(name)
            if role is None:
                if value:
                    self._items.append((name, value))
            elif value or role not in by_role:
                by_role[role] = value
            if explaining and value:
                words = _NAMES.get(role or "", Text(f"항목 {name}", f"item {name}"))
                self._ledger.understood(name, value, words.ko, words.en)

    def _cut(self, name: str, text: str) -> str:
        limit = self._settings.max_text
        problem = Text(
            f"{name}이(가) 길어 {limit}자까지만 표시합니다.", f"{name} is long; {limit} characters are shown."
        )
        self._ledger.repaired(name, text[:200], Text(name, name), problem)
        return text[:limit]

    def _state(self) -> ReportState:
        state = self._settings.states.get(self._head.state)
        if state is None:
            code = echoed(self._head.state)
            error = bad(
                f"STA_TYP_CD {code}은(는) 모르는 상태입니다.",
                f"STA_TYP_CD {code} is no known state.",
                field="STA_TYP_CD",
                type_code="4102",
            )
            self._ledger.refuse(error, self._head.state)
            return ReportState.OCCURRED
        self._ledger.understood("STA_TYP_CD", self._head.state, f"상태: {state.value}", f"state: {state.value}")
        return state

    def _number(self) -> str:
        value = self._by_role.get("number", "")
        if not value:
            self._ledger.refuse(
                bad(
                    "필수 항목 SEND_NUM(발생번호)이(가) 없습니다.",
                    "The mandatory SEND_NUM (occurrence number) is missing.",
                    field="SEND_NUM",
                    type_code="4101",
                )
            )
        elif len(value) > 40 or not value.isascii() or not value.isprintable():
            self._ledger.refuse(
                bad(
                    "SEND_NUM 값의 형식이 맞지 않습니다.",
                    "SEND_NUM has the wrong type.",
                    field="SEND_NUM",
                    type_code="4102",
                ),
                value[:200],
            )
        return value[:40]

    def _sender_id(self) -> str:
        value, allowed = self._by_role.get("sender", ""), self._settings.sender_ids
        if not value:
            self._ledger.refuse(
                bad(
                    "필수 항목 SENDER_ID가 없습니다.",
                    "The mandatory SENDER_ID is missing.",
                    field="SENDER_ID",
                    type_code="4101",
                )
            )
        elif allowed and value not in allowed:
            self._refuse_code("SENDER_ID", value, "등록되지 않은 보낸이", "an unknown sender")
        return value[:40]

    def _urgent(self) -> bool:
        grade = self._by_role.get("grade")
        return self._settings.urgent_ungraded if grade is None else grade in self._settings.urgent_grades

    def _stamp(self, name: str, value: str, ko: str, en: str) -> datetime | None:
        if not value:
            return None
        stamp = read_stamp(value)
        if stamp is None:
            problem = Text(
                f"{name}({ko})을(를) 읽을 수 없어 제외했습니다.", f"{name} ({en}) could not be read and was left out."
            )
            self._ledger.repaired(name, value[:40], Text(ko, en), problem)
        return stamp

    def _place(self) -> LonLat | None:
        x, y = self._by_role.get("lon", ""), self._by_role.get("lat", "")
        place, problem = read_place(x, y, self._settings.bounds)
        if problem is not None:
            self._ledger.repaired("LON, LAT", f"{x[:40]}, {y[:40]}", Text("좌표", "coordinates"), problem)
        return place


def read_api_key(data: bytes, settings: FixedHeadSettings) -> str | None:
    """The key of a login, None for other messages; raises BadMessage."""
    head = read_head(data)
    if head is None or head.message_type != settings.login_type:
        return None
    opened = open_message(data, settings)
    key = dict(zip(settings.login_fields, opened.texts, strict=False)).get("API_KEY", "")
    if not key or len(key) > 512 or not key.isascii():
        raise BadMessage(
            Text("API_KEY가 없거나 형식이 맞지 않습니다.", "API_KEY is missing or has the wrong type."),
            type_code="4102" if key else "4101",
            field="API_KEY",
        )
    return key
