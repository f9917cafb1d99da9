"""What holds for every choice of cameras, whatever stands where.

A camera is *worse* than another when it stands at the same spot, looks the same way (or shares a circle of the same
size), has no more pixels and a purpose no better, and comes later by id: then nothing speaks for it.
"""

from dataclasses import replace
from math import cos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.city.cameras.choose import Scene, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Purpose, Status, camera_id
from goldentime.core.ids import SiteId
from goldentime.core.place import LonLat, between_degrees

SPOTS = st.tuples(st.integers(-700, 700), st.integers(-700, 700))
LOOKS = st.one_of(st.none(), st.integers(0, 359).map(float))
POLE = st.tuples(
    SPOTS,
    st.lists(LOOKS, min_size=1, max_size=5),
    st.sampled_from([60.0, 90.0, 360.0]),
    st.sampled_from(list(Status)),
    st.sampled_from(list(Purpose)),
    st.sampled_from([None, 0.4, 2.0, 8.0]),
)
STREETS = st.lists(POLE, max_size=12)
APPROACHES = st.lists(st.integers(0, 359).map(float), max_size=5).map(tuple)
KINDS = st.sampled_from(["", "112UC001", "119UC001", "LPRUM120", "unheard of"])
LIMITS = settings(max_examples=60, deadline=None)


def put_up(camera, street):
    return [
        camera(
            f"site{n:02}", *spot, number, bearing=look, field=field, status=status, purpose=purpose, megapixels=pixels
        )
        for n, (spot, looks, field, status, purpose, pixels) in enumerate(street)
        for number, look in enumerate(looks, 1)
    ]


def told(choice):
    return [(p.camera_id, p.rank, p.score.total, p.reasons) for p in choice.picks]


@given(street=STREETS, approaches=APPROACHES, kind=KINDS, data=st.data())
@LIMITS
def test_the_order_of_the_input_never_matters(camera, scene_place, street, approaches, kind, data):
    cameras = put_up(camera, street)
    shuffled = data.draw(st.permutations(cameras))
    turned = data.draw(st.permutations(approaches))
    one = rank_cameras(Scene(scene_place, kind, approaches), CameraIndex(cameras))
    other = rank_cameras(Scene(scene_place, kind, tuple(turned)), CameraIndex(shuffled))
    assert told(one) == told(other)


@given(street=STREETS.filter(bool), approaches=APPROACHES, data=st.data())
@LIMITS
def test_adding_a_worse_camera_never_changes_the_best(camera, scene_place, street, approaches, data):
    cameras = put_up(camera, street)
    scene = Scene(scene_place, "112UC001", approaches)
    before = rank_cameras(scene, CameraIndex(cameras))
    model = data.draw(st.sampled_from(cameras))
    site = SiteId("zz-later")
    # One of unknown direction brings three siblings that are broken, so that its share of the circle is the least.
    siblings = 4 if model.bearing is None and model.field < 360 else 1
    worse = [
        replace(
            model,
            id=camera_id(site, number),
            site_id=site,
            number=number,
            megapixels=0.4,
            status=model.status if number == 1 else Status.FAILED,
        )
        for number in range(1, siblings + 1)
    ]
    after = rank_cameras(scene, CameraIndex(cameras + worse))
    assert [p.camera_id for p in after.picks[:1]] == [p.camera_id for p in before.picks[:1]] or not before.picks
    if before.picks:
        assert after.picks[0].score == before.picks[0].score
    names = [p.camera_id for p in after.picks]
    if worse[0].id in names:
        position = names.index(worse[0].id)
        assert names[:position] == [p.camera_id for p in before.picks][:position]
        if model.bearing is not None:
            assert model.id in names[:position], "its better double was taken before it"
    else:
        assert names == [p.camera_id for p in before.picks], "what is not picked has no say"


@given(street=STREETS.filter(bool), approaches=APPROACHES, data=st.data())
@LIMITS
def test_the_failing_of_a_camera_that_was_not_picked_changes_nothing(camera, scene_place, street, approaches, data):
    cameras = put_up(camera, street)
    scene = Scene(scene_place, "119UC001", approaches)
    before = rank_cameras(scene, CameraIndex(cameras))
    picked = {p.camera_id for p in before.picks}
    rest = [c for c in cameras if c.id not in picked]
    if rest:
        out = data.draw(st.sampled_from(rest))
        after = rank_cameras(scene, CameraIndex(cameras).with_changed([replace(out, status=Status.FAILED)]))
        assert told(after) == told(before)


@given(street=STREETS.filter(bool), approaches=APPROACHES, data=st.data())
@LIMITS
def test_taking_down_a_site_none_of_which_was_picked_changes_nothing(camera, scene_place, street, approaches, data):
    cameras = put_up(camera, street)
    scene = Scene(scene_place, "112UC001", approaches)
    before = rank_cameras(scene, CameraIndex(cameras))
    picked = {p.site_id for p in before.picks}
    rest = sorted({c.site_id for c in cameras} - picked)
    if rest:
        out = data.draw(st.sampled_from(rest))
        after = rank_cameras(scene, CameraIndex(c for c in cameras if c.site_id != out))
        assert told(after) == told(before)


@given(street=STREETS, radius=st.floats(1, 1500), wanted=st.integers(1, 9))
@LIMITS
def test_every_pick_is_within_the_radius_watchable_counted_once_and_working_ones_lead(
    camera, scene_place, street, radius, wanted
):
    cameras = put_up(camera, street)
    choice = rank_cameras(Scene(scene_place), CameraIndex(cameras), wanted=wanted, radius=radius)
    assert all(p.distance_m <= radius for p in choice.picks)
    assert len({p.camera_id for p in choice.picks}) == len(choice.picks)
    assert len(choice.picks) == min(wanted, choice.working + choice.unregistered)
    assert Status.FAILED not in {p.status for p in choice.picks}
    statuses = [p.status for p in choice.picks]
    assert statuses == sorted(statuses, key=[Status.WORKING, Status.UNREGISTERED].index)
    assert len(choice.to_open) == min(wanted, choice.working)
    assert (choice.next_nearest is not None) >= (choice.working == 0 and Status.WORKING in {c.status for c in cameras})


@given(street=STREETS, approaches=APPROACHES, first=st.integers(1, 5), more=st.integers(1, 5))
@LIMITS
def test_widening_to_the_next_ones_gives_what_asking_for_all_at_once_gives(
    camera, scene_place, street, approaches, first, more
):
    index = CameraIndex(put_up(camera, street))
    scene = Scene(scene_place, "", approaches)
    everything = [p.camera_id for p in rank_cameras(scene, index, wanted=first + more).picks]
    shown = [p.camera_id for p in rank_cameras(scene, index, wanted=first).picks]
    following = [p.camera_id for p in rank_cameras(scene, index, wanted=more, exclude=shown).picks]
    assert shown + following == everything


def poles_anywhere(seed):
    """Poles at unround places, so that no two cameras but siblings are worth exactly the same."""
    rng = np.random.default_rng(seed)
    return [
        (
            (float(rng.uniform(0, 2 * pi)), float(rng.uniform(3, 490))),
            [float(rng.uniform(0, 360)) if rng.random() < 0.6 else None for _ in range(rng.integers(1, 5))],
        )
        for _ in range(rng.integers(1, 20))
    ]


def answer_for(camera, poles, *, origin, turn, approaches):
    cameras = [
        camera(
            f"site{n:02}",
            metres * sin(angle + radians(turn)),
            metres * cos(angle + radians(turn)),
            number,
            bearing=None if look is None else (look + turn) % 360,
            origin=origin,
        )
        for n, ((angle, metres), looks) in enumerate(poles)
        for number, look in enumerate(looks, 1)
    ]
    roads = tuple((bearing + turn) % 360 for bearing in approaches)
    return rank_cameras(Scene(origin, "", roads), CameraIndex(cameras))


@given(seed=st.integers(0, 10**6), roads=st.booleans(), steps=st.integers(0, 11))
@LIMITS
def test_a_city_turned_and_moved_gets_the_turned_and_moved_answer(camera, scene_place, seed, roads, steps):
    """By the 30 degrees in which the directions of unknown roads are counted."""
    poles, approaches = poles_anywhere(seed), (10.0, 120.0, 250.0) if roads else ()
    here = answer_for(camera, poles, origin=scene_place, turn=0, approaches=approaches)
    there = answer_for(camera, poles, origin=LonLat(128.0838, 35.1835), turn=30 * steps, approaches=approaches)
    assert [p.camera_id for p in here.picks] == [p.camera_id for p in there.picks]
    for one, other in zip(here.picks, there.picks, strict=True):
        assert other.distance_m == pytest.approx(one.distance_m, abs=0.001)
        assert between_degrees(other.direction_from_scene, one.direction_from_scene + 30 * steps) < 0.01
        assert other.score.total == pytest.approx(one.score.total, abs=1e-5)
        assert other.facing == one.facing
