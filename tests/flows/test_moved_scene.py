"""What happens to cameras, grants and looks when a scene moves, and whose word on the place counts."""

import pytest

from fakes.room import CROSSING, Room
from fakes.town import FIRE, POLICE
from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.incidents.incident import Incident
from goldentime.core.errors import Refused
from goldentime.core.ids import AgencyId, CameraId
from goldentime.core.place import LonLat
from goldentime.edges.wire.timeline import timeline
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.incidents.widen_ring import widen_ring
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.revoke_grant import extend_grant
from goldentime.flows.watching.watch_camera import watch_camera
from goldentime.flows.world import Rules

METRE = 0.0000113  # of longitude at the crossing, whose cameras stand 40 m apart from 120 m west to 80 m east of it


def at(metres: float) -> LonLat:
    """So far east of the crossing."""
    return LonLat(CROSSING.lon + metres * METRE, CROSSING.lat)


def said(metres: float) -> list[float]:
    place = at(metres)
    return [place.lon, place.lat]


def near_sighted() -> Room:
    return Room(rules=Rules(radius_metres=50.0, cameras_wanted=4))


def chosen(room: Room) -> set[CameraId]:
    return {pick.camera_id for pick, _ in room.store.rows.picks[incident(room).id]}


def incident(room: Room) -> Incident:
    (one,) = room.incidents
    return one


def granted(room: Room, agency: AgencyId) -> set[CameraId]:
    grants = [grant for grant in room.store.rows.grants.values() if grant.agency == agency]
    return {camera for grant in grants for camera in grant.cameras or ()}


async def told(room: Room) -> list[str]:
    rows = await room.store.read(lambda look: timeline(look, incident(room).id, agency=None))
    return [row["text"]["ko"] for row in rows]


@pytest.mark.parametrize("by", ["message", "hand"])
async def test_a_wrong_first_place_can_no_longer_be_watched_once_the_scene_has_moved(by: str) -> None:
    room = near_sighted()
    await room.hear(place=said(-120))
    first, agency, operator = chosen(room), await room.caller("jung"), await room.caller("kim")
    views = {camera: (await watch_camera(room.world, agency, camera, incident(room).id)).view.id for camera in first}
    own = await watch_camera(room.world, operator, min(first), None)
    if by == "message":
        await room.hear(place=said(-60), state="changed")
    else:
        await confirm_place(room.world, operator, incident(room).id, at(-60))
    left = first - chosen(room)
    assert left
    assert first & chosen(room)
    assert granted(room, POLICE) == chosen(room)
    ended = {view.id for view in room.store.rows.views.values() if view.ending is Ending.MOVED}
    assert ended == {views[camera] for camera in left}
    assert sorted(room.video.kicked) == sorted((view, "revoked") for view in ended)
    assert own.view.id in room.video.views
    assert f"열람 끝 — {ENDING_WORDS[Ending.MOVED].ko}" in await told(room)
    assert len(room.store.entries("GrantMoved")) == 1
    with pytest.raises(Refused):
        await watch_camera(room.world, agency, left.pop(), incident(room).id)


async def test_a_grant_that_ran_out_and_is_prolonged_after_the_move_shows_the_new_place_only() -> None:
    room = near_sighted()
    await room.hear(place=said(-120))
    room.town.clock.pass_(minutes=31)
    await room.hear(place=said(40), state="changed")
    (grant,) = room.store.rows.grants.values()
    await extend_grant(room.world, await room.caller("kim"), grant.id, 10)
    assert granted(room, POLICE) == chosen(room)


async def test_a_move_by_message_gives_the_new_cameras_to_every_agency_that_may_look_and_starts_at_the_first_ring() -> (
    None
):
    room = near_sighted()
    await room.hear(place=said(-120))
    operator = await room.caller("kim")
    await widen_ring(room.world, operator, incident(room).id)
    await share_incident(room.world, operator, incident(room).id, FIRE)
    assert incident(room).radius > 50
    await room.hear(place=said(60), state="changed")
    assert granted(room, FIRE) == granted(room, POLICE) == chosen(room) != set()
    assert incident(room).radius == 50


async def test_a_scene_that_moves_in_small_steps_gets_new_cameras_as_one_that_moves_at_once() -> None:
    stepping, at_once = near_sighted(), near_sighted()
    await at_once.hear(place=said(60))
    for metres in range(-120, 61, 20):
        await stepping.hear(place=said(metres), state="changed")
    assert chosen(stepping) == chosen(at_once)


async def test_a_sender_who_repeats_its_place_does_not_undo_the_one_confirmed_by_hand() -> None:
    room = near_sighted()
    await room.hear(place=said(-120))
    await confirm_place(room.world, await room.caller("kim"), incident(room).id, at(60))
    right = chosen(room)
    await room.hear(place=said(-120), state="changed", content="칼을 들었음")
    assert incident(room).place == at(60)
    assert chosen(room) == right
    assert incident(room).placed_by == "acc-kim"


async def test_news_of_the_place_replaces_the_one_confirmed_by_hand_and_the_timeline_says_so() -> None:
    room = near_sighted()
    await room.hear(place=said(-120))
    await confirm_place(room.world, await room.caller("kim"), incident(room).id, at(60))
    await room.hear(state="changed", content="좌표 없이")
    await room.hear(place=said(0), state="changed")
    assert incident(room).place == at(0)
    assert incident(room).placed_by is None
    news = "신고 기관 갱신: 정보 변경 · 관제에서 확인한 위치를 신고 기관의 새 위치로 바꿈"
    assert [line for line in await told(room) if line == news] == [news]
    await room.hear(place=said(-120), state="changed")
    assert incident(room).place == at(-120)
    assert "신고 기관 갱신: 정보 변경 · 위치 변경" in await told(room)
