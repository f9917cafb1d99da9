"""Text that holds the bytes of separators comes through, in every way sites write them."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.core.errors import BadMessage, OperatorsError
from goldentime.core.place import LonLat
from goldentime.linkage_kit import Order, RawMessage
from goldentime.linkage_kit.safety_net.sealed import seal
from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.safety_net_tcp import NAME, open_linkage

CP949, LETTERS = {"charset": "cp949"}, {"separators_as": "utf-8"}
PLACE = LonLat(127.0169, 37.2776)
HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
KOREAN = st.text(st.one_of(HANGUL, st.sampled_from(" 0123456789abcXYZ.,()-")), max_size=60).map(str.strip)
WITH_HANJA = st.tuples(
    KOREAN, st.sampled_from(["水原驛 앞", "火災", "男 1명, 女 2명 다침", "救急車 요청", "急"]), KOREAN
).map(" ".join)


def order(place: str, content: str, unit: str = "순찰12") -> Order:
    numbers = ("ORD-1", "20261123040000001", "GO-1")
    return Order(*numbers, "agency-112", "112_dispatch", (unit,), RECEIVED_AT, PLACE, place, content=content)


def through(table, one: Order) -> tuple[str, str, dict[str, str]]:
    """Place, content and items after the order went over the wire, twice in one read."""
    linkage = open_linkage(table)
    sent = linkage.order(one)
    frames = linkage.framer().feed(sent + sent)
    assert [frame.data for frame in frames] == [sent, sent]
    report = linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT))
    assert report.place == PLACE
    return report.place_words, report.content, dict(report.items)


@settings(max_examples=80, deadline=None)
@given(place=KOREAN, content=KOREAN, unit=KOREAN.filter(bool))
def test_any_hangul_in_cp949_comes_through_though_its_bytes_are_those_of_separators(place, content, unit):
    assert through(CP949, order(place, content, unit)) == (
        place,
        content,
        {"ORDER_NO": "ORD-1", "MSG_NO": "ORD-1-1", "INCIDENT_NO": "GO-1", "UNIT_ID": unit},
    )


@settings(max_examples=60, deadline=None)
@given(content=WITH_HANJA)
def test_hanja_led_by_a_separators_byte_stay_letters(content):
    assert through(CP949, order("팔달문시장 남측", content.strip()))[1] == content.strip()


@pytest.mark.parametrize("content", ["男子 1명", "걍 급해요", "女", "男女 다툼", "水原驛 急病 환자", "急"])
def test_the_letters_that_look_like_separators_are_read_in_cp949(content):
    assert {byte for byte in content.encode("cp949") if 0xD0 <= byte <= 0xDF}
    place, read, _ = through(CP949, order("수원역 앞 男 화장실", content, unit="女警 3호"))
    assert (place, read) == ("수원역 앞 男 화장실", content)


@pytest.mark.parametrize("content", ["Дмитрий Соколов", "שלום", "ߊ", "Ñandú Ölüdeniz ß"])
def test_letters_led_by_a_separators_byte_in_utf8_stay_letters(content):
    assert through({}, order("수원역", content))[:2] == ("수원역", content)


@settings(max_examples=60, deadline=None)
@given(place=KOREAN, content=KOREAN)
def test_separators_written_as_letters_are_read(place, content):
    assert through(LETTERS, order(place, content))[:2] == (place, content)


def test_a_letter_that_a_site_uses_as_separator_stays_one_where_people_write():
    linkage = open_linkage(LETTERS)
    sent = linkage.order(order("수원역", "신고자 @@ 씨"))
    sent = sent.replace(b"@@", "Ñandú Ò ß".encode())  # longer than bodyLen says, so the structure must tell
    frames = linkage.framer().feed(sent + sent)
    assert [frame.data for frame in frames] == [sent, sent]
    assert linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT)).content == "신고자 Ñandú Ò ß 씨"


def test_a_body_that_holds_the_end_is_told_by_its_length():
    linkage = open_linkage(CP949)
    content = b"\xdb\xdf".decode("cp949") + " 씨"  # one letter of the very bytes that end a message
    sent = linkage.order(order("수원역", content))
    frames = linkage.framer().feed(sent[:-3])
    assert frames == []
    assert linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT)).content == content


def test_other_separators_are_a_matter_of_settings():
    table = {"separators": {"field": 0xF8, "part": 0xF9, "middle": 0xF5, "start": 0xF6, "end": 0xF7, "finish": 0xFF}}
    linkage = open_linkage(table)
    sent = linkage.order(order("place", "content", "unit"))
    assert b"\xd1" not in sent
    assert linkage.framer().feed(sent)[0].data == sent
    assert linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT)).content == "content"


def test_a_site_may_have_its_fields_in_another_order():
    usual = open_linkage({}).settings.body_fields
    linkage = open_linkage({"body_fields": list(reversed(usual))})
    sent = linkage.order(order("수원역", "흉기"))
    assert linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT)).content == "흉기"


@pytest.mark.parametrize(
    "table",
    [
        {"separators": {"field": 0xD2}},
        {"separators": {"field": 0x20}},
        {"charset": "latin-1"},
        {"charset": "cp949", "separators_as": "utf-8"},
        {"head_fields": ["svcTy"]},
        {"knids": {}},
    ],
)
def test_settings_that_cannot_be_are_refused(table):
    with pytest.raises(OperatorsError):
        open_linkage(table)


def test_too_many_doubtful_letters_are_refused_rather_than_puzzled_over_for_ever():
    linkage = open_linkage(CP949)
    sent = linkage.order(order("수원역", "男" * 5000))
    with pytest.raises(BadMessage) as refused:
        linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT))
    assert refused.value.field == "charset"


def test_sealed_bytes_that_hold_the_end_are_told_by_their_length():
    """A site that does not write its sealed body in base64."""
    linkage = open_linkage({"aria_key": "key"})
    plain = linkage.order(order("수원역", "흉기"))

    head, _, rest = plain.partition(b"\xd0\xda")
    body = base64.b64decode(seal(rest[:-2], "key"))
    fields = head.split(b"\xd1")
    fields[7], fields[11] = b"Y", str(len(body)).encode()
    sent = b"\xd1".join(fields) + b"\xd0\xda" + body + b"\xdb\xdf"
    assert [frame.data for frame in linkage.framer().feed(sent * 3)] == [sent] * 3
    assert linkage.parse(RawMessage(NAME, None, "", {}, sent, RECEIVED_AT)).content == "흉기"
