"""One damaged message costs that one: those behind it are found, and what is too large is said to be just that."""

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
@pytest.mark.parametrize("wrong", [3, -3, 1, 10, 48, 49, 53, 800, 30_000, 9_000_000])
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


@pytest.mark.parametrize("between", [b"", b"\r\n"])
@pytest.mark.parametrize("swallowed", [1, 2, 9])
def test_a_length_that_ends_where_a_later_message_does_swallows_none_of_them(swallowed, between):
    good = [between + message(number) for number in range(1, GOOD + 1)]
    wrong = BODY + sum(map(len, good[:swallowed]))
    frames = found(message(0, length=wrong) + b"".join(good))
    assert [frame.data for frame in frames if frame.problem is None] == [one.lstrip() for one in good]


@pytest.mark.parametrize("counted", [0, 1])
def test_a_message_cut_short_where_the_next_ends_as_it_should_have_swallows_it_not(counted):
    """Its length then points just at the next one's end, by chance."""
    cut = message(0, words="구급차 요청 " * 20, length=len(message(1)) + 20 - counted)[: HEAD_BYTES + 20]
    frames = found(cut + message(1) + message(2))
    assert [frame.data for frame in frames if frame.problem is None] == [message(1), message(2)]


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
