"""What a safety-net message means: which report it makes, or with which type code it is refused."""

from datetime import datetime

from goldentime.core.clock import KST
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.linkage_kit.safety_net.envelope import Envelope, bad, compound, echoed, shown, text_of
from goldentime.linkage_kit.safety_net.fields import FieldReader, pattern
from goldentime.linkage_kit.safety_net.items import read_items
from goldentime.linkage_kit.values import read_place, read_stamp
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import Report, ReportState

_STATE_WORDS = {
    ReportState.OCCURRED: Text("발생", "occurred"),
    ReportState.INTERMEDIATE: Text("진행", "in progress"),
    ReportState.CHANGED: Text("정보 변경", "information changed"),
    ReportState.CLEARED: Text("해제", "cleared"),
    ReportState.CANCELLED: Text("취소", "cancelled"),
    ReportState.ENDED: Text("종료", "ended"),
    ReportState.ENDED_AUTOMATICALLY: Text("자동 종료", "ended automatically"),
}


class Reading:
    """One message being read; every field goes through the ledger, so that explaining and parsing cannot differ."""

    def __init__(self, envelope: Envelope, raw: RawMessage, settings: SafetyNetCodes, ledger: Ledger) -> None:
        """Nothing is read yet."""
        self._head = envelope.head
        self._body = envelope.body
        self._raw = raw
        self._settings = settings
        self._ledger = ledger
        self._read = FieldReader(settings, ledger)

    def report(self) -> Report:
        """The report; raises BadMessage unless the ledger explains."""
        self._service_type()
        sender = self._sender()
        system = self._system()
        receiver = self._receiver()
        part = self._part()
        kind = self._kind()
        occurrence = self._occurrence()
        state = self._state()
        sent_at = self._read.stamp(self._head, "reqdate", "보낸 시각", "sent at")
        occurred_at = self._read.stamp(self._body, "ocrevttime", "발생 시각", "occurred at")
        status_at = self._read.stamp(self._body, "ocrevtststime", "상태 시각", "state since")
        known = self._settings.kinds.get(kind)
        kind_name = self._kind_name(kind)
        items = read_items(self._body.get("ocrevtitem"), self._settings, self._ledger)
        detail_code, detail_words = self._detail()
        return Report(
            sender=sender,
            system=system,
            occurrence=occurrence,
            kind=kind,
            kind_name=kind_name,
            urgent=self._urgent(),
            state=state,
            occurred_at=occurred_at or self._stamp_in_number(occurrence) or sent_at or self._raw.received_at,
            place=self._place(),
            place_words=self._read.words(self._body, "ocrplc", "장소", "place in words"),
            content=self._read.words(self._body, "ocrevtcn", "내용", "content"),
            facility=self._facility(items),
            detail_code=detail_code,
            detail_words=detail_words,
            person_name=self._person(),
            items=items,
            part=part,
            service=known.service if known else "event",
            callback=self._callback(),
            receiver=receiver,
            drill=items.get(self._settings.drill_key, "").upper() == "Y",
            status_at=status_at or sent_at,
            notes=tuple(self._ledger.notes),  # last, when everything has been read
        )

    def _service_type(self) -> None:
        value = self._read.scalar(self._head, "svcty").upper()
        allowed = self._settings.service_types
        if value and value not in allowed:
            names = ", ".join(sorted(allowed))
            error = bad(
                f"svcTy {echoed(value)}은(는) 이 주소에서 받지 않습니다({names}).",
                f"svcTy {echoed(value)} is not taken at this address ({names}).",
                field="svcTy",
                type_code="4102",
            )
            self._ledger.refuse(error, shown(value))
        elif value:
            self._ledger.understood("svcTy", value, "이벤트 메시지", "an event message")

    def _sender(self) -> str:
        value = self._read.code(self._head, "sendcd", "송신기관", "sender")
        if value and self._ledger.explaining:
            self._ledger.understood("sendCd", value, f"송신기관: {value}", f"sender: {value}")
        return value

    def _kind(self) -> str:
        value = self._read.code(self._body, "evtid", "이벤트 종류", "event kind").upper()
        known = self._settings.kinds.get(value)
        if known is not None:
            self._ledger.understood("evtId", value, known.ko, known.en)
        elif value:
            self._ledger.understood(
                "evtId", value, "목록에 없는 종류: 이벤트로 기록", "not a listed kind: a plain event"
            )
        return value

    def _system(self) -> str:
        value = self._read.scalar(self._head, "syscd")
        allowed = self._settings.systems
        if allowed and value not in allowed:
            error = bad(
                f"등록되지 않은 송신시스템입니다: {echoed(value)}",
                f"Unknown sending system: {echoed(value)}",
                field="sysCd",
                type_code="4001",
            )
            self._ledger.refuse(error, shown(value))
        elif value and self._ledger.explaining:
            self._ledger.understood("sysCd", value, f"송신시스템: {value}", f"sending system: {value}")
        return value[:40]

    def _receiver(self) -> str:
        value = self._read.scalar(self._head, "rcvcd")
        allowed = self._settings.receivers
        if allowed and value and value not in allowed:
            error = bad(
                f"수신기관코드 {echoed(value)}은(는) 이 도시가 아닙니다.",
                f"Receiver {echoed(value)} is not this city.",
                field="rcvCd",
            )
            self._ledger.refuse(error, shown(value))
        elif value and self._ledger.explaining:
            self._ledger.understood("rcvCd", value, f"수신기관: {value}", f"receiver: {value}")
        return value[:40]

    def _part(self) -> tuple[int, int]:
        value = self._head.get("apseq")
        parts = compound(value, self._settings)
        if parts is None:
            if value not in (None, "", []):
                self._read.left_out("apSeq", value, "분할 순번", "part number")
            return 1, 1
        current = text_of(parts.get("apcurrent")) or "1"
        total = text_of(parts.get("aptotal")) or "1"
        if not (
            _is_count(current) and _is_count(total) and 1 <= int(current) <= int(total) <= self._settings.max_parts
        ):
            error = bad(
                f"분할 순번이 맞지 않습니다: {echoed(current)}/{echoed(total)}",
                f"Bad part number: {echoed(current)}/{echoed(total)}",
                field="apSeq",
                type_code="4102",
            )
            self._ledger.refuse(error, f"{shown(current)}/{shown(total)}")
            return 1, 1
        if self._ledger.explaining:
            self._ledger.understood(
                "apSeq", f"{current}/{total}", f"{total}건 중 {current}번째", f"part {current} of {total}"
            )
        return int(current), int(total)

    def _occurrence(self) -> str:
        value = self._read.code(self._body, "ocrnbr", "발생번호", "occurrence number")
        if value and not pattern(self._settings.occurrence_pattern).fullmatch(value):
            self._read.refuse_type("ocrnbr", value)
        elif value:
            self._ledger.understood(
                "ocrNbr", value, "송신기관과 함께 사건을 식별", "with the sender, the occurrence's identity"
            )
        return value

    def _state(self) -> ReportState:
        value = self._read.code(self._body, "ocrsts", "발생상태", "state")
        state = self._settings.states.get(value)
        if state is not None:
            words = _STATE_WORDS[state]
            self._ledger.understood("ocrSts", value, words.ko, words.en)
            return state
        if value:
            self._read.refuse_type("ocrsts", value)
        return ReportState.OCCURRED  # only when explaining: a refusal has been put down

    def _kind_name(self, kind: str) -> str:
        given = self._read.words(self._body, "evtnm", "이벤트명", "event name")
        known = self._settings.kinds.get(kind)
        return given or (known.ko if known else kind)

    def _urgent(self) -> bool:
        value = text_of(self._body.get("evtgrad"))
        if value is None:
            self._read.left_out("evtGrad", self._body.get("evtgrad"), "등급", "grade")
            return False
        urgent = value in self._settings.urgent_grades
        if value:
            self._ledger.understood("evtGrad", value, "긴급" if urgent else "일반", "urgent" if urgent else "normal")
        return urgent

    def _stamp_in_number(self, occurrence: str) -> datetime | None:
        stamp = read_stamp(occurrence[:14])
        return stamp if stamp and stamp <= self._raw.received_at.astimezone(KST) else None

    def _place(self) -> LonLat | None:
        value = self._body.get("ocrlc")
        location = compound(value, self._settings)
        if location is None:
            if value not in (None, "", "0", [], 0):
                self._read.left_out("ocrLc", value, "좌표", "coordinates")
            return None
        x, y = text_of(location.get("crdntx")), text_of(location.get("crdnty"))
        if x is None or y is None:
            self._read.left_out("ocrLc", value, "좌표", "coordinates")
            return None
        place, problem = read_place(x, y, self._settings.bounds)
        if problem is not None:
            self._ledger.repaired("ocrLc", f"{x[:40]}, {y[:40]}", _place_words(place), problem)
        elif self._ledger.explaining:
            meaning = _place_words(place)
            self._ledger.understood("ocrLc", f"{x}, {y}", meaning.ko, meaning.en)
        return place

    def _facility(self, items: dict[str, str]) -> str | None:
        return items.get(self._settings.facility_key) or None

    def _detail(self) -> tuple[str, str]:
        value = self._body.get("ocrevtdtl")
        detail = compound(value, self._settings)
        if detail is None:
            return "", self._read.words(self._body, "ocrevtdtl", "세부내용", "detail")
        code = self._read.words(detail, "ocrevtdtlcd", "세부코드", "detail code")
        return code, self._read.words(detail, "ocrevtdtlcddtl", "세부내용", "detail")

    def _person(self) -> str:
        user = compound(self._body.get("ocrevtstsusr"), self._settings)
        if user is None:
            return self._read.words(self._body, "ocrevtstsusr", "담당자", "agency's user")
        return self._read.words(user, "ocrevtusrnm", "담당자", "agency's user")

    def _callback(self) -> str | None:
        callback = compound(self._head.get("callback"), self._settings)
        if callback is None or (text_of(callback.get("useyn")) or "").upper() != "Y":
            return None
        url = self._read.words(callback, "targeturl", "회신 주소", "callback address")
        return url[:2000] or None


def _place_words(place: LonLat | None) -> Text:
    if place is None:
        return Text("좌표 모름", "coordinates unknown")
    return Text(f"경도 {place.lon:.6f}, 위도 {place.lat:.6f}", f"longitude {place.lon:.6f}, latitude {place.lat:.6f}")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
