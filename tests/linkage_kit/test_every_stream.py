"""Every linkage over a stream finds its messages however the bytes are cut, and survives what is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.linkage_kit import News, Order, ReportState, Topic, Verdict, is_stream
from goldentime.linkage_kit.testing import (
    RECEIVED_AT,
    check_framing,
    check_noise,
    damaged,
    linkage_folders,
    open_for_samples,
    samples_of,
)
from goldentime.messages.exchange import Outcome, OutcomeKind, RawMessage

STREAMS = [folder for folder in linkage_folders() if is_stream(open_for_samples(folder))]
LARGEST = 256 << 10
each = pytest.mark.parametrize("folder", STREAMS, ids=lambda folder: folder.name)


def whole(folder) -> list[bytes]:
    """The samples a framer can find."""
    found = []
    for sample in samples_of(folder):
        frames = open_for_samples(folder).framer().feed(sample.raw.body)
        if [(frame.data, frame.problem) for frame in frames] == [(sample.raw.body, None)]:
            found.append(sample.raw.body)
    return found


def test_both_tcp_wires_are_streams():
    assert {folder.name for folder in STREAMS} >= {"fixed_head_tcp", "safety_net_tcp"}


@each
def test_every_good_sample_is_found_by_the_framer(folder):
    good = [sample.raw.body for sample in samples_of(folder) if sample.type_code == "2000"]
    assert set(good) <= set(whole(folder))


@each
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_split_of_any_messages_finds_the_same_ones(folder, data):
    messages = data.draw(st.lists(st.sampled_from(whole(folder)), min_size=1, max_size=6))
    cuts = data.draw(st.lists(st.integers(0, 1 << 20), max_size=40))
    check_framing(open_for_samples(folder), messages, cuts)


@each
def test_messages_are_found_byte_by_byte(folder):
    for message in whole(folder):
        check_framing(open_for_samples(folder), [message, message], range(2 * len(message)))


@each
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_bytes_are_survived_in_bounded_memory(folder, data):
    linkage = open_for_samples(folder)
    message = data.draw(st.sampled_from(whole(folder)))
    good = [sample for sample in samples_of(folder) if sample.raw.body == message]
    pieces = st.one_of(
        st.binary(max_size=300),
        st.sampled_from([message[:40], message[: len(message) // 2], message]),
        damaged(good[0]).map(lambda raw: raw.body),
    )
    noise = b"".join(data.draw(st.lists(pieces, max_size=8)))
    check_noise(linkage, noise, message, largest=LARGEST)
    for frame in linkage.framer().feed(noise):
        linkage.explain(RawMessage(folder.name, None, "", {}, frame.data, RECEIVED_AT))


@each
def test_an_endless_message_never_grows_the_memory(folder):
    linkage = open_for_samples(folder)
    framer = linkage.framer()
    message = whole(folder)[0]
    framer.feed(message[: len(message) // 2])
    for _ in range(100):
        frames = framer.feed(b"x" * 65536)
        assert framer.held <= LARGEST
        assert sum(len(frame.data) for frame in frames) <= LARGEST
    assert framer.lost > 1 << 20
    assert framer.feed(message)[-1].data == message
    assert framer.lost == 0


@each
def test_what_it_answers_its_own_client_understands(folder):
    linkage = open_for_samples(folder)
    message = whole(folder)[0]
    for kind, verdict in ((OutcomeKind.OPENED, Verdict.TAKEN), (OutcomeKind.UNAVAILABLE, Verdict.LATER)):
        answer = linkage.reply(message, linkage.deliver(Outcome(kind)), RECEIVED_AT)
        (frame,) = linkage.framer().feed(answer)
        assert linkage.read_reply(frame.data).verdict is verdict


@each
def test_its_login_is_read_by_its_own_door(folder):
    linkage = open_for_samples(folder)
    login = linkage.write_login("gt_live_key", RECEIVED_AT)
    (frame,) = linkage.framer().feed(login)
    assert (frame.data, frame.problem) == (login, None)
    assert linkage.read_login(login) == "gt_live_key"
    assert linkage.read_login(whole(folder)[0]) is None


@each
@settings(max_examples=60, deadline=None)
@given(content=st.text(max_size=200), units=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=3))
def test_an_order_is_one_message_whatever_people_wrote_into_it(folder, content, units):
    linkage = open_for_samples(folder)
    place = LonLat(127.0169, 37.2776)
    numbers = ("GO-20261123-0001", "20261123040000001", "GO-1123-0001")
    whom, words = ("agency-112", "112_dispatch", tuple(units)), {"title": content, "content": content}
    order = Order(*numbers, *whom, RECEIVED_AT, place, content, **words)
    sent = linkage.order(order)
    assert sent == linkage.order(order)
    check_framing(linkage, [sent, sent], [len(sent) // 2])


@each
@settings(max_examples=60, deadline=None)
@given(content=st.text(min_size=1, max_size=200), state=st.sampled_from(ReportState), topic=st.sampled_from(Topic))
def test_news_are_one_message_whatever_people_wrote_into_them(folder, content, state, topic):
    linkage = open_for_samples(folder)
    text = Text(content, content)
    news = News("agency-112", "112", "20261123000000001", "112UC001", "GO-1", state, RECEIVED_AT, text, 3, topic)
    sent = linkage.news(news)
    check_framing(linkage, [sent, sent], [1])
