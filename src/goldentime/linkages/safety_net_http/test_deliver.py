"""What agencies are told."""

import json

import pytest

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.linkages.safety_net_http.deliver import may_call_back
from goldentime.linkages.safety_net_http.settings import settings_from
from goldentime.messages.exchange import CameraSeen, Outcome, OutcomeKind
from goldentime.messages.report import Report, ReportState

LINKAGE = SafetyNetHttp()
CAMERAS = tuple(CameraSeen(f"팔달문 {n}", n * 40.4) for n in range(1, 5))


def told(outcome, linkage=LINKAGE) -> dict:
    answer = linkage.deliver(outcome)
    fields = json.loads(answer.body)
    assert (fields["startTag"], fields["endTag"], fields["finishTag"]) == ("$DA", "$DB", "$DF")
    assert answer.ok == (fields["result"] == "0")
    assert answer.type_code == fields["type"]
    return fields


def test_the_agency_hears_which_cameras_are_open_and_how_far_they_are():
    fields = told(Outcome(OutcomeKind.OPENED, CAMERAS))
    assert fields["result"] == "0"
    assert "CCTV 4대" in fields["message"]
    assert "팔달문 1 (40 m), 팔달문 2 (81 m)" in fields["message"]


def test_none_in_range_is_said_with_the_next_nearest():
    nearest = CameraSeen("화성행궁", 812.3)
    fields = told(Outcome(OutcomeKind.OPENED, nearest=nearest, radius_metres=500.0))
    assert "반경 500 m 안에" in fields["message"]
    assert "화성행궁 (812 m)" in fields["message"]
    assert fields["result"] == "0"


@pytest.mark.parametrize("kind", OutcomeKind)
def test_every_outcome_has_words_and_only_refusals_ask_to_send_again(kind):
    fields = told(Outcome(kind, parts=(1, 2)))
    assert fields["message"]
    assert (fields["result"] == "1") == (kind in (OutcomeKind.REFUSED, OutcomeKind.UNAVAILABLE))


def test_what_was_mended_is_told_too():
    note = Text("경도와 위도가 바뀌어 바로잡았습니다.", "swapped")
    assert note.ko in told(Outcome(OutcomeKind.OPENED, CAMERAS, notes=(note,)))["message"]


def test_a_sandbox_answer_says_so():
    assert told(Outcome(OutcomeKind.OPENED, CAMERAS, sandbox=True))["message"].startswith("[시험] ")


def test_a_site_may_be_answered_in_english():
    linkage = SafetyNetHttp(settings_from({"language": "en", "answer_cameras": 2}))
    assert "Video of 4 cameras is open: " in told(Outcome(OutcomeKind.OPENED, CAMERAS), linkage)["message"]
    assert "and 2 more" in told(Outcome(OutcomeKind.OPENED, CAMERAS), linkage)["message"]


def test_a_bad_message_is_answered_with_its_code_and_reason():
    answer = LINKAGE.deliver_error(BadMessage(Text("필수 항목이 없습니다.", "missing"), type_code="4101"))
    assert json.loads(answer.body)["message"] == "필수 항목이 없습니다."
    assert (answer.ok, answer.type_code) == (False, "4101")


def a_report(callback: str | None) -> Report:
    return Report(
        sender="P4100000112",
        system="112",
        occurrence="20251104212958417",
        kind="112UC001",
        kind_name="",
        urgent=True,
        state=ReportState.OCCURRED,
        occurred_at=RECEIVED_AT,
        callback=callback,
        receiver="B4111000000",
    )


def test_the_callback_repeats_the_answer_with_the_occurrence():
    url = "https://police.test:8443/answers"
    origins = frozenset({"https://police.test:8443"})
    outgoing = LINKAGE.callback(a_report(url), Outcome(OutcomeKind.OPENED, CAMERAS), origins)
    assert outgoing is not None
    fields = json.loads(outgoing.body)
    assert outgoing.url == url
    assert (fields["ocrNbr"], fields["sendCd"], fields["rcvCd"]) == ("20251104212958417", "B4111000000", "P4100000112")
    assert fields["type"] == "2000"


def test_no_callback_goes_where_the_city_does_not_allow_it():
    outcome = Outcome(OutcomeKind.OPENED)
    assert LINKAGE.callback(a_report(None), outcome, frozenset({"https://police.test"})) is None
    assert LINKAGE.callback(a_report("https://evil.test/"), outcome, frozenset({"https://police.test"})) is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://police.test/a?b=c", True),
        ("https://POLICE.test:443/a", True),
        ("http://police.test/a", False),
        ("https://police.test:444/a", False),
        ("https://police.test.evil.test/", False),
        ("https://police.test@evil.test/", False),
        ("https://evil.test#@police.test", False),
        ("https://evil.test\\@police.test/", False),
        ("file:///etc/passwd", False),
        ("https://police.test:99999/", False),
        ("https://[::1", False),
        ("//police.test/a", False),
        ("https://police.test/\r\nX: y", False),
    ],
)
def test_only_the_exact_origin_may_be_called_back(url, allowed):
    assert may_call_back(url, frozenset({"https://police.test"})) is allowed
