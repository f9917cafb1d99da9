"""What an integrator is told about a test message: every field, every problem and what the platform would do."""

from collections.abc import Callable

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import ExplainedField, Ledger
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.linkage_kit.safety_net.envelope import Envelope
from goldentime.linkage_kit.safety_net.reading import Reading
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import ENDING, Report, ReportState

REFUSED = Text("접수하지 않고 오류로 답합니다.", "It would be refused with an error.")


def explain_envelope(opened: Callable[[], Envelope], raw: RawMessage, settings: SafetyNetCodes) -> Explanation:
    """What was understood; problems are in it, never raised, also those `opened` raises."""
    ledger = Ledger(explaining=True)
    try:
        envelope = opened()
        ledger.understood("Content-Type", raw.content_type, envelope.shape.ko, envelope.shape.en)
        if envelope.sealed:
            ledger.understood("encAt", "Y", "ARIA-256 암호화 본문", "a body sealed with ARIA-256")
        report = Reading(envelope, raw, settings, ledger).report()
    except BadMessage as wrong:
        unread = Text("메시지를 읽을 수 없음", "the message cannot be read")
        problem = ExplainedField(wrong.field or "Body", "", unread, wrong.text)
        return Explanation(
            understood=False, fields=(*ledger.fields, problem), report=None, type_code=wrong.type_code, would=REFUSED
        )
    fields = tuple(ledger.fields)
    if ledger.refusals:
        return Explanation(
            understood=False, fields=fields, report=None, type_code=ledger.refusals[0].type_code, would=REFUSED
        )
    name = settings.kind_name(report.kind) or Text(report.kind_name or report.kind, report.kind_name or report.kind)
    would = would_words(report, name)
    return Explanation(understood=True, fields=fields, report=report, type_code="2000", would=would)


_OPENS_NOTHING = {
    "video_control": Text(
        "상황은 열지 않습니다. 열람 요청은 관제요원이 승인하거나 거절하고, 잠금은 곧바로 됩니다.",
        "no incident opens; an operator approves or refuses a look, a lock takes effect at once.",
    ),
    "position": Text("차량 위치로 반영하고 상황은 열지 않습니다.", "taken as a unit's position; no incident opens."),
    "event": Text("이벤트로 기록합니다.", "it would be recorded as a plain event."),
}


def would_words(report: Report, name: Text) -> Text:
    """What the platform would do with the report if it came first and alone; `name` is what its kind is called."""
    if report.part[1] > 1:
        k, n = report.part
        return Text(f"나머지 분할 메시지를 기다립니다({k}/{n}).", f"It would wait for the other parts ({k} of {n}).")
    plain = _OPENS_NOTHING.get(report.service)
    if plain is not None and (report.service == "video_control" or report.state not in ENDING):
        return Text(f"{name.ko}: {plain.ko}", f"{name.en}: {plain.en}")
    if report.state in ENDING:
        return Text(
            f"{name.ko}: 열려 있으면 상황을 종료합니다. 발생 신고가 없었으면 종료로 기록만 합니다.",
            f"{name.en}: an open incident would be closed; without one the end is only recorded.",
        )
    if report.state is ReportState.CHANGED:
        return Text(
            f"{name.ko}: 열려 있으면 정보를 고치고, 없으면 상황을 엽니다.",
            f"{name.en}: an open incident would be updated; without one it would be opened.",
        )
    where = _where_words(report)
    return Text(
        f"{name.ko}: 상황을 열고 {where.ko} 가까운 CCTV를 제공합니다.",
        f"{name.en}: an incident would open with the cameras near {where.en}.",
    )


def _where_words(report: Report) -> Text:
    if report.place is not None:
        return Text("좌표에서", "the coordinates")
    if report.facility is not None:
        return Text(f"시설물 {report.facility}의 위치에서", f"facility {report.facility}")
    if report.place_words:
        return Text(f"'{report.place_words}'로 추정한 위치에서", f"the place estimated from '{report.place_words}'")
    return Text("운영자가 정할 위치에서", "a place the operator has to give")
