import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.small_city import codes, csv_of, kept, plan, standard_csv, standard_row
from goldentime.city.cameras.streams import Policy, Transport
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.streams.address import read_address
from goldentime.importers.streams.plan import plan_streams

HEADER = ("관리번호", "카메라번호", "영상주소", "계정", "비밀번호", "전송방식", "연결정책", "보조스트림")
SECRET = "m4ster!key"
SITES = kept(plan(standard_csv(standard_row("K1"), standard_row("K2", lat="37.26", cameras="1"))))


def streams(*rows, header=HEADER, known=None, **more):
    return plan_streams(csv_of(header, *rows), "vms.csv", SITES, known or {}, **more)


def row(key="K1", number="1", url="rtsp://10.0.0.1:554/a", user="", password="", *rest):
    return (key, number, url, user, password, *(*rest, "", "", "")[:3])


def test_a_row_says_which_address_plays_which_camera():
    found = streams(row("K1", "2", "rtsps://10.0.0.1/a?x=1", "viewer", SECRET, "udp", "상시", "rtsp://10.0.0.1/low"))
    (stream,) = found.put
    assert (stream.camera_id, stream.url, stream.username, stream.password) == (
        "K1-2",
        "rtsps://10.0.0.1/a?x=1",
        "viewer",
        SECRET,
    )
    assert (stream.transport, stream.policy) == (Transport.UDP, Policy.ALWAYS)
    assert stream.substream_url == "rtsp://10.0.0.1/low"


def test_a_login_inside_the_address_is_taken_out_of_it():
    (stream,) = streams(row(url="rtsp://viewer:m4ster%21key@10.0.0.1:8554/a")).put
    assert (stream.url, stream.username, stream.password) == ("rtsp://10.0.0.1:8554/a", "viewer", SECRET)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/a",
        "file:///etc/passwd",
        "rtsp://",
        "rtsp://10.0.0.1:99999/a",
        "rtsp://10.0.0.1/a b",
        "rtsp://10.0.0.1/a\r\nX: y",
        "10.0.0.1",
        "",
        "rtsp://" + "a" * 3000,
    ],
)
def test_only_plain_rtsp_addresses_are_taken(url):
    found = streams(row("K2"), row("K1", "1", url))
    assert codes(found.report.set_aside) == {3: "unusable_stream"}


def test_unknown_sites_missing_numbers_and_repetitions_are_set_aside():
    found = streams(row(), row("K9"), row("K2", "2"), row("K1", "0"), row("K1", ""), row("", "1"), row(), ("",) * 8)
    assert list(codes(found.report.set_aside)) == [3, 4, 5, 6, 7, 8, 9]
    assert (found.report.rows_read, found.report.kept) == (8, 1)


def test_secrets_reach_neither_report_nor_repr_nor_error():
    rows = [
        row("K1", "1", f"rtsp://viewer:{SECRET}@10.0.0.1/a"),
        row("K9", "1", f"rtsp://viewer:{SECRET}@10.0.0.1/a"),
        row("K2", "1", f"http://viewer:{SECRET}@10.0.0.1/a", "viewer", SECRET),
        row("K1", "2", f"rtsp://a:{SECRET}@h/a", "other", "x"),
    ]
    found = streams(*rows)
    assert SECRET not in json.dumps(found.report.to_dict()) + repr(found.put) + repr(found)
    assert "10.0.0.1" not in json.dumps(found.report.to_dict()) + repr(found.put)
    with pytest.raises(BadFile) as refused:
        streams(rows[2])
    assert SECRET not in str(refused.value) + refused.value.text.ko


def test_logins_that_contradict_each_other_are_set_aside():
    found = streams(
        row(), row("K1", "2", "rtsp://a:b@h/x", "c"), row("K1", "3", "rtsp://h/x", "c", "d", "", "", "rtsp://e:f@h/y")
    )
    assert list(codes(found.report.set_aside)) == [3, 4]


def test_without_a_number_column_a_sites_rows_are_numbered_in_order_and_said_so():
    found = streams(("K1", "rtsp://h/a"), ("K2", "rtsp://h/b"), ("K1", "rtsp://h/c"), header=("site", "url"))
    assert {s.camera_id: s.url for s in found.put} == {
        "K1-1": "rtsp://h/a",
        "K2-1": "rtsp://h/b",
        "K1-2": "rtsp://h/c",
    }
    assert found.report.notes


def test_a_site_without_a_key_may_be_named_by_its_address():
    header = ("소재지지번주소", "카메라번호", "rtsp")
    found = streams(
        ("새벌도 새벌시 큰구 다솜동 2-1", "1", "rtsp://h/b"), ("없는동 1", "1", "rtsp://h/c"), header=header
    )
    assert [stream.camera_id for stream in found.put] == ["K2-1"]
    assert list(codes(found.report.set_aside)) == [3]


def test_the_same_list_again_writes_nothing_and_a_shorter_one_forgets_only_when_told():
    first = {stream.camera_id: stream for stream in streams(row(), row("K2")).put}
    assert streams(row(), row("K2"), known=first).put == ()
    shorter = streams(row(), known=first)
    assert (shorter.removed, len(shorter.report.notes)) == ((), 1)
    assert streams(row(), known=first, replace_all=True).removed == ("K2-1",)


@given(st.text(max_size=60).map(lambda words: "rtsp://" + words))
def test_an_address_never_keeps_a_login_in_its_url(words):
    read = read_address(words)
    if not isinstance(read, Text):
        host = read.url.removeprefix("rtsp://").split("/", 1)[0]
        assert "@" not in host
