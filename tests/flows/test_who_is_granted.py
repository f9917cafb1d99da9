"""Which agencies may look after a report, and that none of them prolongs its own time to look."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.room import CROSSING, POLICE_SENDER, Room
from fakes.town import POLICE
from goldentime.city.grants.policy import is_service_granted
from goldentime.core.errors import Refused
from goldentime.core.place import LonLat
from goldentime.flows.incidents.confirm_place import confirm_place
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.revoke_grant import revoke_grant
from goldentime.flows.watching.watch_camera import watch_camera

HERE = [CROSSING.lon, CROSSING.lat]
NEARBY = LonLat(CROSSING.lon + 0.001, CROSSING.lat)


def agency_grants(room: Room) -> list[str]:
    return [str(grant.agency) for grant in room.store.rows.grants.values() if grant.agency]


@pytest.mark.parametrize(
    ("service", "own", "granted"),
    [
        ("112_video", {"112_video"}, True),
        ("119_dispatch", {"112_video"}, False),
        ("119_dispatch", set(), True),
        ("event", {"event"}, False),
        ("event", set(), False),
    ],
)
def test_a_service_is_granted_when_the_city_says_so_and_it_is_one_of_the_agencys(
    service: str, own: set[str], *, granted: bool
) -> None:
    assert is_service_granted(service, city={"112_video", "119_dispatch"}, agency=own) is granted


async def test_setting_the_place_gives_no_look_to_an_agency_whose_report_gave_none() -> None:
    room = Room()
    await room.hear(place=HERE, service="119_dispatch")  # the police of this room watch 112_video only
    assert agency_grants(room) == []
    await confirm_place(room.world, await room.caller("kim"), room.incidents[0].id, NEARBY)
    assert agency_grants(room) == []


async def test_setting_the_place_of_a_report_without_one_lets_its_agency_watch_there() -> None:
    room = Room()
    await room.hear(place_words="어딘지 모름")
    incident = room.incidents[0].id
    await confirm_place(room.world, await room.caller("kim"), incident, CROSSING)
    camera = room.store.rows.picks[incident][0][0].camera_id
    await watch_camera(room.world, await room.caller("jung"), camera, incident)


async def test_an_agency_whose_time_has_run_out_gets_no_more_by_its_own_message_nor_by_a_confirmed_place() -> None:
    room = Room()
    await room.hear(POLICE_SENDER, place=HERE)
    incident = room.incidents[0].id
    agency, operator = await room.caller("jung"), await room.caller("kim")
    room.town.clock.pass_(seconds=timedelta(minutes=31).total_seconds())
    await room.hear(POLICE_SENDER, place=[NEARBY.lon, NEARBY.lat], state="changed")
    await confirm_place(room.world, operator, incident, CROSSING)
    camera = room.store.rows.picks[incident][0][0].camera_id
    assert agency_grants(room) == [POLICE]
    with pytest.raises(Refused):
        await watch_camera(room.world, agency, camera, incident)
    await share_incident(room.world, operator, incident, POLICE)
    await watch_camera(room.world, agency, camera, incident)


async def test_an_update_names_no_camera_to_an_agency_that_may_not_look() -> None:
    room = Room()
    told = {"kind": "updated", "cameras": [], "notes": ["열람권한이 없어 영상은 제공하지 않습니다."]}
    await room.hear(place=HERE, service="event", occurrence="plain")
    assert await room.hear(place=HERE, service="event", occurrence="plain", state="changed") == told
    await room.hear(place=HERE)
    assert len((await room.hear(place=HERE, state="changed"))["cameras"]) == 4
    grant = next(grant for grant in room.store.rows.grants.values() if grant.agency == POLICE)
    await revoke_grant(room.world, await room.caller("kim"), grant.id)
    assert await room.hear(place=HERE, state="changed", content="남쪽으로") == told
    assert await room.hear(state="changed", content="다시 북쪽으로") == told
    assert await room.hear(place=[NEARBY.lon, NEARBY.lat], state="changed") == told


async def test_an_update_names_only_cameras_that_its_agency_may_watch() -> None:
    room = Room()
    await room.hear(place=HERE)
    grant = next(grant for grant in room.store.rows.grants.values() if grant.agency == POLICE)
    one = min(grant.cameras or ())
    room.store.seed(lambda tx: tx.put_grant(replace(grant, cameras=frozenset({one}))))
    assert len((await room.hear(place=HERE, state="changed"))["cameras"]) == 1
