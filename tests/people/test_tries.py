from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from goldentime.city.people.tries import FORGOTTEN_AFTER, PER_ADDRESS, PER_NAME, PER_PAIR, Allowance, Tries

NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
KIND = [("kim", PER_PAIR)]


def fail(tries: Tries, at: datetime, times: int, kind: Allowance = PER_PAIR) -> None:
    for _ in range(times):
        tries.begin([("kim", kind)], at)


@given(
    st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=80),
    st.sampled_from([PER_PAIR, PER_NAME, PER_ADDRESS]),
)
def test_whatever_happened_the_wait_is_never_longer_than_its_longest_and_waiting_it_out_is_always_enough(
    steps: list[tuple[int, bool]], kind: Allowance
) -> None:
    tries, now = Tries(), NOON
    for seconds, good in steps:
        now += timedelta(seconds=seconds)
        wait = tries.wait_seconds([("kim", kind)], now)
        assert 0 <= wait <= kind.longest
        now += timedelta(seconds=wait)
        assert tries.wait_seconds([("kim", kind)], now) == 0
        tries.begin([("kim", kind)], now)
        if good:
            tries.refund("kim")


def test_the_wait_doubles_from_the_last_free_failure() -> None:
    tries, waits = Tries(), []
    now = NOON
    for _ in range(12):
        tries.begin(KIND, now)
        waits.append(tries.wait_seconds(KIND, now))
        now += timedelta(seconds=waits[-1])
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    tries = Tries()
    fail(tries, NOON, 9)
    later = NOON + FORGOTTEN_AFTER + timedelta(seconds=1)
    fail(tries, later, 1)
    assert tries.wait_seconds(KIND, later) == 0


def test_a_clock_set_back_makes_nobody_wait() -> None:
    tries = Tries()
    fail(tries, NOON, 9)
    assert tries.wait_seconds(KIND, NOON - timedelta(hours=1)) == 0


def test_strangers_cannot_fill_the_memory() -> None:
    tries = Tries(room=100)
    for n in range(1000):
        tries.begin([(n, PER_ADDRESS)], NOON)
        tries.trust(n)
    assert len(tries._tallies) == len(tries._trusted) == 100
    assert not tries.is_trusted(0)
    assert tries.is_trusted(999)
