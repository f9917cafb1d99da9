from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.small_city import csv_of, kept, plan
from goldentime.importers.errors import BadFile

HEADER = ("관리번호", "위도", "경도", "카메라대수", "설치장소")
numbers = st.one_of(
    st.floats(37.19, 37.32).map(lambda v: f"{v:.5f}"),
    st.floats(126.98, 127.12).map(lambda v: f"{v:.5f}"),
    st.sampled_from(["", "0", "37.25", "127.05", "nan", "inf", "1e3", "-1", "삼십칠"]),
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["", "A", "B", "C", "D/1", "E" * 80]),
        numbers,
        numbers,
        st.sampled_from(["1", "2", "3대", "4.0", "0", "", "x"]),
        st.sampled_from(["", "큰동 1", "큰동 2-1"]),
    ),
    max_size=25,
)
quietly = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOOD = ("Z", "37.25", "127.05", "2", "큰동 9")


@quietly
@given(rows)
def test_every_row_read_is_kept_or_set_aside_with_its_own_number(some):
    report = plan(csv_of(HEADER, GOOD, *some)).report
    assert report.rows_read == len(some) + 1 == report.kept + len(report.set_aside)
    numbers_aside = [note.row for note in report.set_aside]
    assert numbers_aside == sorted(set(numbers_aside))
    assert all(2 <= number <= len(some) + 2 for number in numbers_aside)


@quietly
@given(rows)
def test_every_kept_site_has_an_id_of_its_own_and_stands_in_or_near_the_city(some):
    found = plan(csv_of(HEADER, GOOD, *some))
    sites = found.difference.added
    assert len({site.id for site in sites}) == len(sites) == found.report.kept
    assert all(37.19 < site.place.lat < 37.31 and 126.99 < site.place.lon < 127.11 for site in sites)


@quietly
@given(rows)
def test_importing_the_same_file_again_changes_nothing(some):
    data = csv_of(HEADER, GOOD, *some)
    assert not plan(data, kept(plan(data))).report.changed_anything


@quietly
@given(rows, rows)
def test_after_a_newer_file_the_city_is_what_that_file_says(older, newer):
    data = csv_of(HEADER, GOOD, *newer)
    known = kept(plan(csv_of(HEADER, GOOD, *older)))
    difference = plan(data, known).difference
    after = {k: v for k, v in known.items() if k not in difference.removed}
    after |= {site.id: site for site in (*difference.added, *difference.moved, *difference.changed)}
    assert sorted(map(_but_id, after.values())) == sorted(map(_but_id, kept(plan(data)).values()))


@quietly
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        plan(data)
    except BadFile as refused:
        assert refused.text.ko  # noqa: PT017  (either outcome is right)


def _but_id(site):
    return (site.name, site.place.lon, site.place.lat, site.cameras, site.flagged)
