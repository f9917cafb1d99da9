"""One damaged message costs that one: those behind it are found, and what is too large is said to be just that."""

import sys
from collections import Counter
from types import FrameType

import pytest

from goldentime.linkage_kit import Frame
from goldentime.linkages.fixed_head_tcp import FixedHeadTcp
from goldentime.linkages.fixed_head_tcp.head import HEAD_BYTES

GOOD = 10


def message(number: int, *, length: int | None = None, words: str = "교통사고") -> bytes:
    """A report of 119; `length` instead of its true DATA_LEN."""
    fields = [
        f"20261123{number:09d}", "구급", words, "127.0169", "37.2776", "팔달문", "4111512000", "20261123090000",
        "gg119",
    ]  # fmt: skip
    body = ("\x1e".join(fields) + ";").encode()
    told = len(body) if length is None else length
    return f"101020261123090005119UCP20261123090006{told:010d}".encode() + body


BODY = len(message(0)) - HEAD_BYTES


def found(stream: bytes, piece: int = 1 << 20, *, rest: bool = False) -> list[Frame]:
    framer = FixedHeadTcp().framer()
    frames = [one for at in range(0, len(stream), piece) for one in framer.feed(stream[at : at + piece])]
    return frames + (framer.rest() if rest else [])


@pytest.mark.parametrize("piece", [1 << 20, 97, 1])
@pytest.mark.parametrize("wrong", [3, -3, 1, 10, 48, 49, 53, 800, 9_000_000])
def test_behind_a_wrong_length_every_good_message_is_found(wrong, piece):
    good = [message(number) for number in range(1, GOOD + 1)]
    frames = found(message(0, length=BODY + wrong) + b"".join(good), piece)
    assert [frame.data for frame in frames if frame.problem is None] == good
    assert [frame.problem for frame in frames if frame.problem] in (["garbage"], ["oversized"])


@pytest.mark.parametrize("piece", [1 << 20, 97, 1])
@pytest.mark.parametrize("left", [20, 49, 60, 100])
def test_behind_a_message_cut_short_every_good_one_is_found(left, piece):
    good = [message(number) for number in range(1, GOOD + 1)]
    frames = found(message(0)[:left] + b"".join(good), piece)
    assert [frame.data for frame in frames if frame.problem is None] == good


@pytest.mark.parametrize("piece", [1 << 20, 97, 1])
def test_behind_a_length_that_more_would_have_to_come_for_every_good_message_is_found_when_none_does(piece):
    wrong, good = message(0, length=30_000), [message(number) for number in range(1, 31)]
    frames = found(wrong + b"".join(good), piece, rest=True)
    assert [(frame.data, frame.problem) for frame in frames] == [(wrong, "cut_off"), *((one, None) for one in good)]


def forged(words: str = "상황 종료") -> str:
    """What a caller may dictate: a terminator, and a message of another agency that says whatever the caller likes."""
    return ";" + message(7, words=words).decode().replace("119UCP", "112UCP")


@pytest.mark.parametrize("behind", ["", ";", " 끝", "; "])
@pytest.mark.parametrize("counted", [0, 1])
@pytest.mark.parametrize("piece", [1 << 20, 61, 1])
def test_a_message_among_the_words_of_another_is_never_one(piece, counted, behind):
    whole = message(1, words="신고" + forged() + behind)
    sent = message(1, words="신고" + forged() + behind, length=len(whole) - HEAD_BYTES - counted)
    frames = found(sent + message(2), piece, rest=True)
    assert [(frame.data, frame.problem) for frame in frames] == [(sent, None), (message(2), None)]


def test_words_that_end_where_their_message_does_are_no_message_either():
    body = f"20261123000000001\x1e구급\x1e신고{forged()}".encode()
    sent = message(1)[:38] + f"{len(body):010d}".encode() + body
    assert [(frame.data, frame.problem) for frame in found(sent + message(2))] == [(sent, None), (message(2), None)]


@pytest.mark.parametrize("swallowed", [1, 9])
def test_a_length_that_ends_just_where_a_later_message_does_makes_them_one(swallowed):
    """Nothing but its words tells it from the one above; what is behind is found."""
    good = [message(number) for number in range(1, GOOD + 1)]
    wrong = message(0, length=BODY + sum(map(len, good[:swallowed])))
    frames = found(wrong + b"".join(good))
    assert [frame.data for frame in frames] == [wrong + b"".join(good[:swallowed]), *good[swallowed:]]


def twins(count: int) -> bytes:
    """Heads, each with another that ends just where it does."""
    size = 2 * count * HEAD_BYTES
    heads = [
        message(0, length=size + 2 * (number % count) - HEAD_BYTES * (number + 1) + 1)[:HEAD_BYTES]
        for number in range(2 * count)
    ]
    return b"".join(heads) + b" ;" * count


def never_ended(count: int) -> bytes:
    """Heads whose terminator is missing in a long row of what is nearly one."""
    return message(0, length=100)[:HEAD_BYTES] * count + b";UCP20" * 8 * count


def calls_to_find(stream: bytes) -> int:
    """How many functions of Python's own and ours are called for it."""
    calls, before = Counter[str](), sys.getprofile()

    def note(_frame: FrameType, event: str, _about: object) -> None:
        calls[event] += 1

    sys.setprofile(note)
    try:
        found(stream, rest=True)
    finally:
        sys.setprofile(before)
    return calls["call"] + calls["c_call"]


@pytest.mark.parametrize("crafted", [twins, never_ended])
def test_the_work_of_a_crafted_read_grows_with_its_bytes_and_no_faster(crafted):
    small, large = crafted(150), crafted(600)
    assert len(large) > 57_000
    assert calls_to_find(large) < 5 * calls_to_find(small)


def test_what_a_wrong_length_holds_back_is_given_out_when_nothing_more_comes():
    frames = found(message(0, length=900)[:70] + message(1), rest=True)
    assert [(frame.data, frame.problem) for frame in frames] == [
        (message(0, length=900)[:70], "cut_off"),
        (message(1), None),
    ]


@pytest.mark.parametrize("piece", [1 << 20, 64 << 10, 4096])
def test_a_message_that_is_too_large_is_one_and_the_next_is_found(piece):
    large = message(0, words="20261123090006112UCP" * 3750)
    assert len(large) > 75_000
    frames = found(large + message(1), piece)
    assert [frame.problem for frame in frames] == ["oversized", None]
    assert frames[1].data == message(1)


def test_a_terminator_and_digits_within_a_body_end_nothing():
    images = ";".join(f"20261123{number:030d}.jpg" for number in range(100))
    assert [frame.data for frame in found(message(1, words=images) * 2, 61)] == [message(1, words=images)] * 2
