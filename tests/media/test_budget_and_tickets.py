"""Who may have a stream when not all can, and who may come in with which ticket."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldentime.core.ids import CameraId, ViewId
from goldentime.core.text import Text
from goldentime.media.budget import Want, choose_open
from goldentime.media.ingest import LONGEST_WAIT, wait_before
from goldentime.media.views import BEAT_SECONDS, TICKET_SECONDS, ViewDesk
from goldentime.messages.video import EndReason, ViewEnded

wants = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99), st.booleans()), max_size=30).map(
    lambda pairs: [
        Want(CameraId(f"c{index}"), priority, turn, watched=watched)
        for index, (priority, turn, watched) in enumerate(pairs)
    ]
)


@given(wants, st.integers(0, 20))
def test_never_more_than_the_budget_and_never_less_than_it_allows(all_wants: list[Want], limit: int) -> None:
    assert len(choose_open(all_wants, limit)) == min(limit, len(all_wants))


@given(wants, st.integers(0, 20))
def test_no_closed_camera_is_more_severe_than_an_open_one(all_wants: list[Want], limit: int) -> None:
    chosen = choose_open(all_wants, limit)
    closed = [want.priority for want in all_wants if want.camera_id not in chosen]
    opened = [want.priority for want in all_wants if want.camera_id in chosen]
    assert not closed or not opened or max(closed) <= min(opened)


@given(wants, st.integers(0, 20), st.integers(0, 5))
def test_a_later_want_never_closes_a_watched_one_of_its_own_severity(
    all_wants: list[Want], limit: int, priority: int
) -> None:
    before = choose_open(all_wants, limit)
    after = choose_open([*all_wants, Want(CameraId("new"), priority, 1000)], limit)
    lost = [want for want in all_wants if want.camera_id in before - after]
    assert all(want.priority < priority or (want.priority == priority and not want.watched) for want in lost)


@given(wants, st.integers(1, 20), st.integers(0, 5))
def test_what_is_watched_waits_for_nothing_of_its_own_severity_that_nobody_watches(
    all_wants: list[Want], limit: int, priority: int
) -> None:
    watched = Want(CameraId("watched"), priority, 0, watched=True)
    chosen = choose_open([*all_wants, watched], limit)
    ahead = [one for one in all_wants if one.priority > priority or (one.priority == priority and one.watched)]
    assert ("watched" in chosen) or len(ahead) >= limit


def test_the_newest_incident_opens_though_fifty_as_grave_were_never_closed() -> None:
    old = [Want(CameraId(f"old-{number}"), 4, number) for number in range(200)]
    new = [Want(CameraId(f"new-{number}"), 4, 200 + number) for number in range(4)]
    assert {one.camera_id for one in new} <= choose_open([*old, *new], 200)


@given(st.integers(1, 10_000), st.floats(0, 0.999))
def test_the_wait_before_another_try_grows_but_not_without_end(attempt: int, chance: float) -> None:
    assert 0.25 <= wait_before(attempt, chance) <= LONGEST_WAIT
    assert wait_before(attempt + 1, chance) >= wait_before(attempt, chance)


class Browser:
    """A browser's connection that writes down how it was ended."""

    bytes_sent = 0
    frames_dropped = 0

    def __init__(self) -> None:
        self.ended: list[tuple[EndReason, Text]] = []

    def end(self, reason: EndReason, text: Text) -> None:
        self.ended.append((reason, text))


class Door:
    """A desk with clocks that the test turns."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.seconds = 0.0
        self.endings: list[ViewEnded] = []
        self.desk = ViewDesk(lambda: self.wall, lambda: self.seconds, self.endings.append)

    def open(self, view: str = "v", ticket: str = "t", camera: str = "c") -> None:
        self.desk.open(ViewId(view), CameraId(camera), ticket, self.wall + timedelta(minutes=5))

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)
        self.desk.sweep()

    def reasons(self) -> list[str]:
        return [ending.reason for ending in self.endings]


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_ticket_opens_once(door: Door) -> None:
    door.open()
    assert door.desk.redeem("t", Browser()) is not None
    assert door.desk.redeem("t", Browser()) is None


def test_a_wrong_ticket_opens_nothing(door: Door) -> None:
    door.open()
    assert door.desk.redeem("T", Browser()) is None
    assert door.desk.redeem("", Browser()) is None


def test_a_ticket_not_used_in_time_is_worth_nothing_and_its_view_ends(door: Door) -> None:
    door.open()
    door.pass_time(TICKET_SECONDS + 1)
    assert door.desk.redeem("t", Browser()) is None
    assert len(door.desk) == 0


def test_no_ticket_lets_in_after_the_grant_has_ended(door: Door) -> None:
    door.desk.open(ViewId("v"), CameraId("c"), "t", door.wall)
    assert door.desk.redeem("t", Browser()) is None


def test_a_view_lives_as_long_as_its_viewer_is_heard(door: Door) -> None:
    browser = Browser()
    door.open()
    view = door.desk.redeem("t", browser)
    assert view is not None
    for _ in range(10):
        door.pass_time(5)
        door.desk.beat(view)
    assert not browser.ended
    door.pass_time(BEAT_SECONDS + 0.1)
    assert [reason for reason, _ in browser.ended] == ["heartbeat"]
    assert door.reasons() == ["heartbeat"]


def test_a_view_ends_with_its_grant_though_its_viewer_is_there(door: Door) -> None:
    browser = Browser()
    door.open()
    view = door.desk.redeem("t", browser)
    assert view is not None
    for _ in range(60):
        door.pass_time(5)
        door.desk.beat(view)
    assert [reason for reason, _ in browser.ended] == ["expired"]


def test_a_view_is_ended_once_however_often_it_is_asked(door: Door) -> None:
    browser = Browser()
    door.open()
    door.desk.redeem("t", browser)
    assert door.desk.end(ViewId("v"), "revoked")
    assert not door.desk.end(ViewId("v"), "revoked")
    assert len(browser.ended) == len(door.endings) == 1
    assert browser.ended[0][1].ko


def test_a_view_opened_again_belongs_to_the_newest_page(door: Door) -> None:
    old, new = Browser(), Browser()
    door.open()
    old_view = door.desk.redeem("t", old)
    assert old_view is not None
    door.open(ticket="t2")
    assert door.desk.redeem("t2", new) is not None
    door.desk.left(old_view, old)  # the old page's socket closes only now
    assert len(old.ended) == 1
    assert len(door.desk) == 1
    assert not new.ended


def test_closing_a_camera_ends_its_views_and_no_others(door: Door) -> None:
    door.open("v1", "t1", "c1")
    door.open("v2", "t2", "c2")
    door.desk.end_of_camera(CameraId("c1"), "closed")
    assert [ending.view_id for ending in door.endings] == ["v1"]
    assert len(door.desk) == 1


def test_tickets_are_not_kept_as_they_are(door: Door) -> None:
    door.open(ticket="the-secret-ticket")
    assert "the-secret-ticket" not in repr(door.desk.get(ViewId("v")))
    assert b"the-secret-ticket" not in b"".join(door.desk._by_ticket)
