"""Trouble that repeats itself is told at once, then seldom."""

import pytest
import structlog

from goldentime.core.errors import StorageFailed
from goldentime.core.text import Text
from goldentime.edges.http import errors
from goldentime.edges.intake.seldom import Seldom


def test_the_first_is_told_at_once_and_those_that_follow_are_counted_until_it_is_time_again() -> None:
    seldom = Seldom(every=10)
    assert [seldom.times("full", now) for now in (0.0, 1.0, 9.9, 10.0, 10.1, 20.1)] == [1, 0, 0, 3, 0, 2]
    assert seldom.times("other", 1.0) == 1


def test_a_full_disk_that_fails_every_request_is_logged_once_and_answered_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(errors, "_SELDOM", Seldom())
    failed = StorageFailed(Text("디스크 가득 참", "disk full"))
    with structlog.testing.capture_logs() as lines:
        answers = [errors.error_response(failed).status_code for _ in range(50)]
    assert answers == [503] * 50
    assert [line["times"] for line in lines] == [1]
