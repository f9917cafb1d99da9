"""A bodyLen that is too large costs nothing: the structure tells the end, at the latest when nothing more comes."""

import re

import pytest

from goldentime.core.place import LonLat
from goldentime.linkage_kit import Order
from goldentime.linkage_kit.testing import RECEIVED_AT
from goldentime.linkages.safety_net_tcp import open_linkage

SITES = [{"charset": "cp949"}, {"separators_as": "utf-8"}]
each_site = pytest.mark.parametrize("table", SITES, ids=["cp949", "letters"])


def message(table: dict[str, str], number: int, *, more: int = 0, kept: int = 1 << 20) -> bytes:
    """An order, whose bodyLen is `more` than true; of its bytes only the first `kept`."""
    numbers = (f"ORD-{number}", f"2026112304{number:07d}", "GO-1")
    place = LonLat(127.0169, 37.2776)
    one = Order(*numbers, "agency-112", "112_dispatch", ("순찰12",), RECEIVED_AT, place, "수원역", content="흉기")
    sent = open_linkage(table).order(one)
    length = re.search(rb"20251110090000[^0-9]{1,2}(\d+)", sent)
    assert length
    wrong = str(int(length[1]) + more).encode()
    return (sent[: length.start(1)] + wrong + sent[length.end(1) :])[:kept]


@each_site
def test_a_whole_message_whose_length_asks_for_more_is_whole_when_nothing_more_comes(table):
    framer, sent = open_linkage(table).framer(), message(table, 1, more=40)
    assert framer.feed(sent) == []
    assert [(frame.data, frame.problem) for frame in framer.rest()] == [(sent, None)]


@each_site
def test_two_of_them_are_both_whole(table):
    framer, sent = open_linkage(table).framer(), [message(table, 1, more=5000), message(table, 2, more=40)]
    frames = framer.feed(b"".join(sent)) + framer.rest()
    assert [(frame.data, frame.problem) for frame in frames] == [(one, None) for one in sent]


@each_site
@pytest.mark.parametrize("count", [17, 24, 200])
def test_any_number_of_them_are_whole(table, count):
    framer, sent = open_linkage(table).framer(), [message(table, number, more=200_000) for number in range(count)]
    frames = framer.feed(b"".join(sent)) + framer.rest()
    assert [(frame.data, frame.problem) for frame in frames] == [(one, None) for one in sent]


@each_site
def test_what_is_no_longer_looked_at_is_told_as_cut_off(table):
    """Beginnings upon beginnings, none of which becomes a message: not a byte goes without a frame."""
    framer, begun = open_linkage(table).framer(), message(table, 1, more=200_000, kept=-20)
    frames = framer.feed(begun * 100) + framer.rest()
    assert {frame.problem for frame in frames} == {"cut_off"}
    assert b"".join(frame.data for frame in frames) == begun * 100
    assert len(frames) < 30
    assert framer.held == 0
    sent = message(table, 2)
    assert [(frame.data, frame.problem) for frame in framer.feed(sent)] == [(sent, None)]


@each_site
@pytest.mark.parametrize("piece", [1, 50, 331, 1 << 20])
def test_a_message_among_the_words_of_another_is_never_one(table, piece):
    inner = message(table, 7)
    outer, words = message(table, 1), "흉기".encode(table.get("charset", "utf-8"))
    assert words in outer
    length = re.search(rb"20251110090000[^0-9]{1,2}(\d+)", outer)
    assert length
    grown = str(int(length[1]) + outer.count(words) * len(inner)).encode()
    outer = (outer[: length.start(1)] + grown + outer[length.end(1) :]).replace(words, words + inner)
    sent = [outer, message(table, 2)]
    framer, stream = open_linkage(table).framer(), b"".join(sent)
    frames = [one for at in range(0, len(stream), piece) for one in framer.feed(stream[at : at + piece])]
    assert [(frame.data, frame.problem) for frame in frames + framer.rest()] == [(one, None) for one in sent]


@each_site
@pytest.mark.parametrize("cut", [-1, -2, -20])
def test_what_was_cut_off_stays_so(table, cut):
    framer, sent = open_linkage(table).framer(), message(table, 1, more=40, kept=cut)
    frames = framer.feed(sent) + framer.rest()
    assert [(frame.data, frame.problem) for frame in frames] == [(sent, "cut_off")]


@each_site
@pytest.mark.parametrize("piece", [1, 50, 331, 1 << 20])
def test_it_is_found_before_the_next_however_the_bytes_are_cut(table, piece):
    sent = [message(table, 1, more=40), message(table, 2), message(table, 3)]
    framer, stream = open_linkage(table).framer(), b"".join(sent)
    frames = [one for at in range(0, len(stream), piece) for one in framer.feed(stream[at : at + piece])]
    assert [(frame.data, frame.problem) for frame in frames] == [(one, None) for one in sent]


def test_what_looks_like_the_beginning_of_an_answer_swallows_no_message():
    sent = [message({}, 1), message({}, 2)]
    frames = open_linkage({}).framer().feed(b"\xda1\xd1P41" + b"".join(sent))
    assert [frame.data for frame in frames if frame.problem is None] == sent
