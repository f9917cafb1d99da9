"""Which cameras an operator gets, told as the streets they stand in."""

import json

import pytest

from goldentime.city.cameras.answer import to_dict
from goldentime.city.cameras.choose import RINGS, Facing, Scene, near, next_radius, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Purpose, Status
from goldentime.core.errors import OperatorsError

CORNERS = {"ne": (15, 15, 225), "se": (15, -15, 315), "sw": (-15, -15, 45), "nw": (-15, 15, 135)}


def sites(choice):
    return [pick.site_id for pick in choice.picks]


def ids(choice):
    return [pick.camera_id for pick in choice.picks]


def test_a_crossing_gets_its_four_corners_rather_than_four_views_of_the_nearest_pole(camera, scene_place):
    poles = [camera(f"corner-{name}", 2 * x, 2 * y, bearing=turn) for name, (x, y, turn) in CORNERS.items()]
    one_pole = [camera("pole", 14, 0, number, bearing=255 + 5 * number) for number in range(1, 5)]
    choice = rank_cameras(Scene(scene_place, "112UC001", (0, 90, 180, 270)), CameraIndex(poles + one_pole))
    assert sites(choice)[0] == "pole", "the nearest one that looks at the scene comes first"
    assert sites(choice).count("pole") == 1, "its three other views show nothing new"
    assert len(set(sites(choice))) == 4


def test_four_sides_of_a_crossing_are_worth_more_than_four_views_of_one_pole(camera, scene_place):
    corners = [camera(name, x, y, bearing=turn) for name, (x, y, turn) in CORNERS.items()]
    pole = [camera("pole", 15, 15, number, bearing=225) for number in range(1, 5)]
    together = [
        sum(p.score.total for p in near(CameraIndex(cameras), scene_place).picks) for cameras in (corners, pole)
    ]
    assert together[0] > 1.2 * together[1]


def test_unknown_corners_at_like_distance_are_not_all_given_to_one_pole(camera, scene_place):
    corners = [camera(name, x, y, number) for name, (x, y, _) in CORNERS.items() for number in (1, 2, 3, 4)]
    assert len(set(sites(near(CameraIndex(corners), scene_place)))) >= 2


def test_a_camera_facing_away_at_20_m_loses_to_one_facing_at_60_m(camera, scene_place):
    away = camera("away", 20, 0, bearing=90)
    facing = camera("facing", 0, 60, bearing=180)
    choice = near(CameraIndex([away, facing]), scene_place)
    assert sites(choice) == ["facing", "away"]
    assert [p.facing for p in choice.picks] == [Facing.FACING, Facing.AWAY]


def test_the_reason_says_distance_and_facing_in_words(camera, scene_place):
    choice = near(CameraIndex([camera("a", 0, 87, bearing=180)]), scene_place)
    assert choice.picks[0].reason.ko == "거리 87 m · 정면"
    assert choice.picks[0].reason.en == "87 m away · facing"


def test_a_facing_camera_beyond_its_reach_says_so(camera, scene_place):
    choice = near(CameraIndex([camera("a", 0, 250, bearing=180)]), scene_place)
    assert "정면(유효거리 밖)" in choice.picks[0].reason.ko


def test_a_site_without_direction_shares_the_circle_and_says_direction_unknown(camera, scene_place):
    choice = near(CameraIndex([camera("a", 30, 0, n) for n in (1, 2, 3)]), scene_place)
    assert all(p.facing is Facing.UNKNOWN for p in choice.picks)
    assert "방향 미상 — 개소의 3대가 원을 나눠 봄" in choice.picks[0].reason.ko
    assert "direction unknown: the site's 3 cameras share the circle" in choice.picks[0].reason.en


def test_cameras_that_share_a_circle_each_add_their_own_part_of_the_scene(camera, scene_place):
    shared = near(CameraIndex([camera("a", 30, 0, n) for n in (1, 2, 3, 4)]), scene_place).picks
    assert [p.score.scene for p in shared] == pytest.approx([shared[0].score.scene] * 4)
    strangers = near(CameraIndex([camera(s, 30, 0, n) for s in "abcd" for n in (1, 2, 3, 4)]), scene_place, 16).picks
    assert sum(p.score.scene for p in strangers) < 2 * sum(p.score.scene for p in shared)


def test_of_two_cameras_exactly_alike_the_earlier_id_comes_first(camera, scene_place):
    twins = [camera(site, 30, 0, n, bearing=270) for site in ("b", "a") for n in (10, 2)]
    assert ids(near(CameraIndex(twins), scene_place)) == ["a-2", "a-10", "b-2", "b-10"]


def test_the_first_camera_of_a_site_of_eight_is_likelier_to_look_elsewhere_than_that_of_a_site_of_two(
    camera, scene_place
):
    eight = [camera("eight", 30, 0, n) for n in range(1, 9)]
    two = [camera("two", -31, 0, n) for n in (1, 2)]
    assert sites(near(CameraIndex(eight + two), scene_place))[:2] == ["two", "two"]


def test_once_an_operator_drags_the_sector_towards_the_scene_that_camera_leads(camera, scene_place):
    index = CameraIndex([camera("a", 30, 0, n) for n in (1, 2, 3)] + [camera("b", 0, 25, n) for n in (1, 2)])
    assert near(index, scene_place).picks[0].site_id == "b"
    turned = index.with_changed([camera("a", 30, 0, 3, bearing=270, aimed_by_hand=True)])
    choice = near(turned, scene_place)
    assert choice.picks[0].camera_id == "a-3"
    assert choice.picks[0].facing is Facing.FACING
    assert near(index, scene_place).picks[0].site_id == "b", "the index of before has not moved"


def test_the_uncovered_approach_is_what_the_next_camera_is_praised_for(camera, scene_place):
    looks_north = camera("south-pole", 0, -25, bearing=0, field=50)
    looks_south_east = camera("mid", 10, 10, bearing=135, field=60)
    scene = Scene(scene_place, "112UC001", (0, 135))
    choice = rank_cameras(scene, CameraIndex([looks_north, looks_south_east]))
    assert sites(choice)[0] == "south-pole"
    assert "남동쪽 접근로를 보완" in choice.picks[1].reason.ko
    assert "adds the south-east approach" in choice.picks[1].reason.en


def test_only_working_cameras_lead_and_those_without_a_stream_say_so(camera, scene_place):
    index = CameraIndex(
        [
            camera("near", 10, 0, bearing=270, status=Status.UNREGISTERED),
            camera("broken", 12, 0, bearing=270, status=Status.FAILED),
            camera("far", 400, 0, bearing=90),
        ]
    )
    choice = near(index, scene_place)
    assert sites(choice) == ["far", "near"]
    assert "영상 주소 미등록" in choice.picks[1].reason.ko
    assert [p.camera_id for p in choice.to_open] == ["far-1"]
    assert (choice.working, choice.unregistered, choice.failed) == (1, 1, 1)
    assert "장애 1대 제외" in choice.text.ko


def test_none_in_radius_is_said_with_the_next_nearest_and_its_distance(camera, scene_place):
    index = CameraIndex(
        [camera("beyond", 0, 740), camera("farther", 900, 0), camera("dead", 5, 5, status=Status.FAILED)]
    )
    choice = near(index, scene_place)
    assert choice.picks == ()
    assert choice.next_nearest is not None
    assert choice.next_nearest.camera_id == "beyond-1"
    assert choice.next_nearest.distance_m == pytest.approx(740, abs=1)
    assert choice.text.ko == (
        "반경 500 m 안에 볼 수 있는 카메라가 없습니다 (장애 1대 제외). "
        "영상이 나오는 가장 가까운 카메라는 740 m 거리입니다."
    )
    assert "740 m away" in choice.text.en


def test_an_unregistered_city_still_answers_by_place_and_says_why_nothing_opens(camera, scene_place):
    index = CameraIndex([camera("a", 30 * n, 0, n, status=Status.UNREGISTERED) for n in (1, 2, 3)])
    choice = near(index, scene_place)
    assert len(choice.picks) == 3
    assert choice.to_open == ()
    assert choice.next_nearest is None
    assert "카메라 3대는 모두 영상 주소 미등록입니다" in choice.text.ko


def test_a_scene_on_the_other_side_of_the_world_still_names_the_nearest(camera, at):
    choice = near(CameraIndex([camera("a", 0, 0), camera("b", 5_000, 0)]), type(at(0, 0))(24.9, 60.2))
    assert choice.picks == ()
    assert choice.next_nearest is not None
    assert choice.next_nearest.distance_m > 5_000_000


def test_an_empty_city_says_that_there_is_no_camera(scene_place):
    choice = near(CameraIndex([]), scene_place)
    assert (choice.picks, choice.next_nearest) == ((), None)
    assert "반경 밖에도" in choice.text.ko


def test_a_camera_at_the_very_scene_is_taken_without_a_bearing(camera, scene_place):
    choice = near(CameraIndex([camera("here", 0, 0, bearing=123)]), scene_place)
    assert choice.picks[0].distance_m == pytest.approx(0, abs=1e-6)
    assert choice.picks[0].facing is Facing.FACING


def test_a_lane_camera_gives_way_to_a_safety_camera_for_people_but_not_for_traffic(camera, scene_place):
    index = CameraIndex(
        [
            camera("lane", 40, 0, bearing=270, purpose=Purpose.ENFORCEMENT),
            camera("park", -44, 0, bearing=90, purpose=Purpose.FACILITY),
        ]
    )
    assert sites(rank_cameras(Scene(scene_place, "112UC001"), index))[0] == "park"
    wanted_car = rank_cameras(Scene(scene_place, "LPRUM120"), index)
    assert sites(wanted_car)[0] == "lane"
    assert "시설물 관리용" in wanted_car.picks[1].reason.ko


def test_a_sharper_camera_wins_at_the_same_distance(camera, scene_place):
    coarse = camera("a-coarse", 60, 0, bearing=270, megapixels=0.4)
    sharp = camera("b-sharp", -60, 0, bearing=90, megapixels=8.0)
    choice = near(CameraIndex([coarse, sharp]), scene_place)
    assert sites(choice) == ["b-sharp", "a-coarse"]
    assert "800만 화소" in choice.picks[0].reason.ko
    assert "저화소(40만)" in choice.picks[1].reason.ko


def test_an_estimated_place_trusts_narrow_sectors_less(camera, scene_place):
    beside = camera("beside", 0, 30, bearing=90, field=60)
    index = CameraIndex([beside])
    exact = rank_cameras(Scene(scene_place), index).picks[0].score.scene
    estimated = rank_cameras(Scene(scene_place, uncertain_metres=60), index).picks[0].score.scene
    assert exact == 0
    assert estimated > 0


def test_a_direction_in_words_is_trusted_less_exactly_than_one_dragged_on_the_map(camera, scene_place):
    def seen(**more):
        return near(CameraIndex([camera("a", 0, 30, bearing=135, **more)]), scene_place).picks[0].score.scene

    assert seen() > seen(aimed_by_hand=True), "15 degrees past its edge, the file's camera may still see the scene"


def test_an_all_round_camera_sees_the_scene_wherever_it_points(camera, scene_place):
    choice = near(CameraIndex([camera("dome", 25, 0, bearing=90, field=360)]), scene_place)
    assert choice.picks[0].facing is Facing.ALL_ROUND
    assert choice.picks[0].reason.ko == "거리 25 m · 360도"


def test_the_next_four_continue_where_the_first_four_ended(camera, scene_place):
    index = CameraIndex([camera(f"s{n}", 23 * n - 90, 17 * n - 60, k, bearing=None) for n in range(8) for k in (1, 2)])
    eight = rank_cameras(Scene(scene_place), index, wanted=8)
    first = rank_cameras(Scene(scene_place), index)
    more = rank_cameras(Scene(scene_place), index, exclude=ids(first))
    assert ids(first) + ids(more) == ids(eight)
    assert more.shown == 4


def test_rings_widen_step_by_step_and_end():
    walk = [RINGS[0]]
    while (wider := next_radius(walk[-1])) is not None:
        walk.append(wider)
    assert walk == [500, 800, 1200, 2000, 3000]
    assert next_radius(650) == 800


@pytest.mark.parametrize("radius", [float("nan"), float("inf"), 0, -5, 1e9])
def test_a_senseless_radius_is_refused(camera, scene_place, radius):
    with pytest.raises(OperatorsError):
        near(CameraIndex([camera("a", 0, 0)]), scene_place, radius=radius)


@pytest.mark.parametrize("wanted", [0, -1, 65])
def test_a_senseless_number_of_cameras_is_refused(camera, scene_place, wanted):
    with pytest.raises(OperatorsError):
        near(CameraIndex([camera("a", 0, 0)]), scene_place, wanted)


@pytest.mark.parametrize(
    "wrong", [{"approaches": (float("nan"),)}, {"uncertain_metres": float("nan")}, {"uncertain_metres": -1.0}]
)
def test_a_scene_of_no_numbers_is_refused(scene_place, wrong):
    with pytest.raises(ValueError, match="finite"):
        Scene(scene_place, **wrong)


def test_the_answer_is_plain_json_with_every_reason_in_both_languages(camera, scene_place):
    index = CameraIndex([camera("a", 30, 0, n) for n in (1, 2)] + [camera("b", 0, 640)])
    answer = json.loads(json.dumps(to_dict(near(index, scene_place)), allow_nan=False))
    assert [c["camera_id"] for c in answer["cameras"]] == ["a-1", "a-2"]
    assert answer["cameras"][0]["distance_m"] == 30.0
    assert set(answer["cameras"][0]["reason"]) == {"ko", "en"}
    assert answer["next_radius"] == 800
    assert answer["counts"] == {"working": 2, "unregistered": 0, "failed": 0, "shown": 0}
    assert answer["next_nearest"] is None
