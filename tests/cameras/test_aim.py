"""An operator drags a sector on the map, once and for all."""

from datetime import UTC, datetime

import pytest

from goldentime.city.cameras.aim import aimed
from goldentime.core.errors import OperatorsError

AT = datetime(2026, 3, 1, 4, 5, tzinfo=UTC)


def test_the_camera_looks_where_it_was_dragged_and_the_fact_keeps_what_was_before(camera):
    turned, fact = aimed(camera("a", 0, 0), 370.0, field=75.0, reach=80.0, at=AT)
    assert (turned.bearing, turned.field, turned.reach, turned.aimed_by_hand) == (10.0, 75.0, 80.0, True)
    assert (fact.kind, fact.subject, fact.at) == ("CameraAimed", "a-1", AT)
    assert fact.data == {
        "site": "a",
        "bearing": 10.0,
        "field": 75.0,
        "reach": 80.0,
        "bearing_before": None,
        "field_before": 60.0,
        "reach_before": 100.0,
    }


@pytest.mark.parametrize(
    "sector",
    [
        (float("nan"), 60, 100),
        (0, float("inf"), 100),
        (0, 60, float("nan")),
        (0, 0, 100),
        (0, 361, 100),
        (0, 60, 0),
        (0, 60, 5000),
    ],
)
def test_a_sector_that_is_none_is_refused_in_words(camera, sector):
    bearing, field, reach = sector
    with pytest.raises(OperatorsError) as refused:
        aimed(camera("a", 0, 0), bearing, field=field, reach=reach, at=AT)
    assert refused.value.text.ko
