"""What differs between sites is understood, and what a site configures counts."""

import json
import re
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage, OperatorsError
from goldentime.linkage_kit.testing import RECEIVED_AT, check_damaged
from goldentime.linkages.safety_net_http import SafetyNetHttp, SafetyNetSettings, settings_from
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import Report, ReportState, join_parts

BODY = {"evtId": "112UC001", "ocrNbr": "20251104212958417", "ocrSts": "10"}


def raw_of(body=None, /, content_type="application/json", **head) -> RawMessage:
    message = {"sendCd": "112", "sysCd": "112", "body": {**BODY, **(body or {})}, **head}
    content = json.dumps(message, ensure_ascii=False).encode()
    return RawMessage("safety_net_http", None, content_type, {}, content, RECEIVED_AT)


def read(body=None, table=None, **head) -> Report:
    return SafetyNetHttp(settings_from(table or {})).parse(raw_of(body, **head))


def refusal(body=None, table=None, **head) -> BadMessage:
    with pytest.raises(BadMessage) as refused:
        read(body, table, **head)
    return refused.value


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("10", "occurred"),
        ("20", "intermediate"),
        ("30", "intermediate"),
        ("40", "changed"),
        ("50", "cleared"),
        ("90", "cancelled"),
        ("91", "ended"),
        ("92", "ended_automatically"),
    ],
)
def test_every_state_of_the_standard_is_known(code, state):
    assert read({"ocrSts": code}).state == ReportState(state)


def test_a_site_may_add_its_own_kinds_states_and_names():
    table = {
        "kinds": {"GGFIRE01": {"service": "119_dispatch", "ko": "경기 화재", "en": "Gyeonggi fire"}},
        "states": {"A1": "occurred"},
        "aliases": {"stat": "ocrsts"},
    }
    body = {"evtId": "ggfire01", "stat": "A1"}
    message = {"sendCd": "119", "body": {"ocrNbr": BODY["ocrNbr"], **body}}
    raw = RawMessage("safety_net_http", None, "application/json", {}, json.dumps(message).encode(), RECEIVED_AT)
    report = SafetyNetHttp(settings_from(table)).parse(raw)
    assert (report.service, report.kind_name, report.state) == ("119_dispatch", "경기 화재", ReportState.OCCURRED)
    assert read(table=table).service == "112_video"  # the standard's own kinds stay


@pytest.mark.parametrize("table", [{"knids": {}}, {"max_body": "big"}, {"states": {"10": "sometimes"}}])
def test_settings_nobody_knows_are_refused(table):
    with pytest.raises(OperatorsError):
        settings_from(table)


def test_the_key_is_never_printed():
    assert "geheim" not in repr(SafetyNetSettings(aria_key="geheim"))


@pytest.mark.parametrize(
    "where", [{"crdntX": "0", "crdntY": "0"}, {"crdntX": "", "crdntY": ""}, {"crdntX": "0.000000"}, None, "", [], {}]
)
def test_unknown_coordinates_are_no_place_and_no_problem(where):
    report = read({"ocrLc": where})
    assert report.place is None
    assert report.notes == ()


@pytest.mark.parametrize(
    "where",
    [
        {"crdntX": "127.0", "crdntY": "nan"},
        {"crdntX": "1e999", "crdntY": "37"},
        {"crdntX": "228.1", "crdntY": "32.2"},
        {"crdntX": ["127"], "crdntY": "37"},
        "somewhere",
    ],
)
def test_impossible_coordinates_are_left_out_and_noted(where):
    report = read({"ocrLc": where})
    assert report.place is None
    assert len(report.notes) == 1
    assert not re.search(r"\d|somewhere", report.notes[0].ko + report.notes[0].en)  # it is answered and kept


@given(st.floats(124.5, 131.5), st.floats(33, 38.9))
def test_coordinates_of_the_country_come_through_in_either_order(lon, lat):
    for x, y in ((lon, lat), (lat, lon)):
        place = read({"ocrLc": {"crdntX": str(x), "crdntY": str(y)}}).place
        assert place is not None
        assert (place.lon, place.lat) == (lon, lat)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("20251104212958", "2025-11-04T21:29:58+09:00"),
        ("20251104212958417", "2025-11-04T21:29:58.417000+09:00"),
        ("2025-11-04 21:29:58", "2025-11-04T21:29:58+09:00"),
        ("202511042129", "2025-11-04T21:29:00+09:00"),
    ],
)
def test_times_are_seoul_times(given, said):
    report = read({"ocrEvtTime": given})
    assert report.occurred_at.isoformat() == said
    assert report.occurred_at.utcoffset() == timedelta(hours=9)


def test_without_a_time_the_number_then_the_request_then_the_clock_tell_it():
    assert read().occurred_at.isoformat() == "2025-11-04T21:29:58+09:00"
    future = {"ocrNbr": "20991104212958417"}
    assert read(future, reqDate="20251109120000").occurred_at.isoformat() == "2025-11-09T12:00:00+09:00"
    assert read(future).occurred_at == RECEIVED_AT


def test_words_lose_control_characters_and_direction_overrides_but_keep_their_lines():
    report = read({"ocrEvtCn": "첫 줄\r\n둘째\u0000 줄\u202e\u2066 ", "ocrPlc": "\ufeff 수원역\t2층 "})
    assert report.content == "첫 줄\n둘째 줄"
    assert "\x00" not in report.place_words


def test_a_book_as_content_is_cut_and_noted():
    report = read({"ocrEvtCn": "가" * 30_000})
    assert len(report.content) == 20_000
    assert len(report.notes) == 1


@pytest.mark.parametrize(
    "items",
    [
        [{"key": "CAR_NUM", "val": "12가3456"}],
        {"key": "CAR_NUM", "val": "12가3456"},
        '[{"key":"CAR_NUM","val":"12가3456"}]',
        [{"KEY": "CAR_NUM", "VAL": "12가3456"}],
        [{"itemKey": "CAR_NUM", "value": "12가3456"}],
    ],
)
def test_items_are_read_however_a_site_writes_them(items):
    assert read({"ocrEvtItem": items}).items == {"CAR_NUM": "12가3456"}


def test_ten_thousand_equal_keys_are_kept_within_a_fraction_of_a_second():
    items = [{"key": "K", "val": str(n)} for n in range(10_000)]
    started = perf_counter()
    report = read({"ocrEvtItem": items})
    assert perf_counter() - started < 1
    assert len(report.items) == 10_000
    assert report.items["K#10000"] == "9999"


@pytest.mark.parametrize(
    ("name", "table"),
    [("svcTy", {}), ("sysCd", {"systems": ["112"]}), ("rcvCd", {"receivers": ["B41"]})],
)
def test_a_refusal_says_the_beginning_of_a_code_again_and_no_letter_that_does_not_show(name, table):
    given = "E\n\t\u202eX" + "A" * 100_000
    text = refusal(table=table, **{name: given}).text
    for words in (text.ko, text.en):
        assert words.isprintable()
        assert len(words) < 120
        assert "EXAAAA" in words
        assert "A" * 21 not in words


def test_a_refused_part_number_is_not_said_again_in_full():
    text = refusal(apSeq={"apCurrent": "1\n" + "9" * 5000, "apTotal": "2"}).text
    assert text.en.isprintable()
    assert len(text.en) < 80


def test_a_message_for_another_city_or_of_an_unknown_system_is_refused_when_configured():
    table = {"receivers": ["B4111000000"], "systems": ["112", "119"]}
    assert read(table=table, rcvCd="B4111000000").receiver == "B4111000000"
    assert refusal(table=table, rcvCd="B4817000000").field == "rcvCd"
    assert refusal(table=table, sysCd="XXX").type_code == "4001"


def test_a_sender_may_be_a_name():
    assert read(sendCd="경기남부경찰청 112").sender == "경기남부경찰청 112"
    assert refusal(sendCd="<script>").type_code == "4102"


@pytest.mark.parametrize("charset", ["utf-8", "cp949"])
def test_a_sender_s_name_may_come_in_a_header_in_its_own_charset(charset):
    headers = {"x-scsns-sendcd": "경기남부경찰청".encode(charset).decode("latin-1")}
    raw = RawMessage(
        "safety_net_http", None, "application/json", headers, json.dumps({"body": BODY}).encode(), RECEIVED_AT
    )
    assert SafetyNetHttp().parse(raw).sender == "경기남부경찰청"


def test_a_callback_is_kept_only_when_asked_for():
    wanted = {"useYn": "Y", "targetUrl": "https://police.test/answer"}
    assert read(callBack=wanted).callback == "https://police.test/answer"
    assert read(callBack={**wanted, "useYn": "N"}).callback is None


def test_parts_join_in_order_whatever_order_they_came_in():
    parts = [
        read(
            {"ocrEvtCn": text, "ocrEvtItem": [{"key": "IMAGE_URL", "val": text}]},
            apSeq={"apCurrent": str(k), "apTotal": "3"},
        )
        for k, text in ((3, "셋"), (1, "하나"), (2, "둘"))
    ]
    whole = join_parts(parts)
    assert whole.content == "하나둘셋"
    assert list(whole.items.values()) == ["하나", "둘", "셋"]
    assert whole.part == (1, 1)
    with pytest.raises(ValueError, match="not the parts"):
        join_parts(parts[:2])


def test_explaining_names_every_problem_at_once():
    raw = raw_of({"evtId": "", "ocrSts": "77", "ocrLc": {"crdntX": "37.2", "crdntY": "127.0"}})
    explained = SafetyNetHttp().explain(raw)
    assert not explained.understood
    problems = {one.name for one in explained.fields if one.problem}
    assert problems == {"evtId", "ocrSts", "ocrLc"}
    assert explained.type_code == "4101"


def test_explaining_a_good_message_says_what_would_be_done():
    explained = SafetyNetHttp().explain(raw_of({"ocrPlc": "수원역"}))
    assert explained.understood
    assert "수원역" in explained.would.ko
    meanings = {one.name: one.meaning.ko for one in explained.fields}
    assert "112 긴급영상" in meanings["evtId"]
    assert "발생" in meanings["ocrSts"]


NAMES = [
    *("evtId", "evtNm", "evtGrad", "ocrNbr", "ocrSts", "ocrLc", "ocrPlc", "ocrEvtCn", "ocrEvtTime", "ocrEvtStsTime"),
    *("ocrEvtStsUsr", "ocrEvtUsr", "ocrEvtItem", "ocrEvtDtl", "ocrEvtItemCnt"),
]
HEAD_NAMES = ["svcTy", "sendCd", "sysCd", "rcvCd", "encAt", "apSeq", "reqDate", "callBack", "tranSysHis", "body"]
PARTS = ["crdntX", "crdntY", "key", "val", "apCurrent", "apTotal", "useYn", "targetUrl", "ocrEvtUsrNm", "ocrEvtDtlCd"]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["1", "Y", "127.1", "{", "[1]"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=4),
    st.dictionaries(st.sampled_from(HEAD_NAMES), ANYTHING, max_size=3),
)
@pytest.mark.slow
def test_whatever_stands_in_a_field_it_is_a_report_or_a_bad_message(body, head):
    check_damaged(SafetyNetHttp(), raw_of(body, **head))


def test_the_same_message_sent_again_after_a_new_login_has_the_same_fingerprint():
    first = raw_of(rrKey="session-1", reqDate="20251104213012")
    again = raw_of(rrKey="session-2", reqDate="20251104213015")
    assert first.body != again.body
    assert SafetyNetHttp().fingerprint(first) == SafetyNetHttp().fingerprint(again)
    news = raw_of({"ocrSts": "40"}, rrKey="session-2", reqDate="20251104213015")
    assert SafetyNetHttp().fingerprint(news) != SafetyNetHttp().fingerprint(again)


@pytest.mark.parametrize("name", ["ocrEvtCn", "ocrEvtItem", "ocrLc", "evtGrad", "ocrEvtTime", "ocrSts", "ocrEvtStsUsr"])
@pytest.mark.parametrize("depth", [50, 700, 940])
def test_a_value_nested_just_within_the_decoder_s_patience_breaks_nothing(name, depth):
    nested = "[" * depth + "]" * depth
    message = json.dumps({"sendCd": "112", "body": {**BODY, name: "?"}}).replace('"?"', nested)
    raw = RawMessage("safety_net_http", None, "application/json", {}, message.encode(), RECEIVED_AT)
    check_damaged(SafetyNetHttp(), raw)
