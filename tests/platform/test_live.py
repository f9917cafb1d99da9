"""Who hears what by itself, how often, and in which words the feed ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fakes.room import CROSSING, Room
from fakes.town import FIRE
from goldentime.city.cameras.inventory import Status
from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.incidents.incident import Disposition, Incident
from goldentime.core.errors import StorageFailed, Unauthenticated
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.live.feed import BEHIND, Feed, Listener
from goldentime.edges.live.stream import live_route
from goldentime.flows.caller import Caller
from goldentime.flows.close_incident import close_incident
from goldentime.flows.grant_agency import share_incident
from goldentime.flows.revoke_grant import revoke_grant
from goldentime.flows.watch_camera import watch_camera

HERE = [CROSSING.lon, CROSSING.lat]
LINKS = [{"agency": "police", "ok": True}]


def told(listener: Listener) -> list[dict[str, Any]]:
    """The changes waiting for a browser, taken out."""
    events, listener.waiting = listener.waiting, []
    return [json.loads(event.split(b"data: ", 1)[1]) for event in events]


def incidents_told(listener: Listener) -> list[str]:
    return [row["id"] for change in told(listener) for row in change["incidents"]]


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def feed(room: Room) -> Feed:
    return Feed(room.store, lambda: LINKS, room.town.clock)


async def reported(room: Room, occurrence: str = "1") -> Incident:
    before = {incident.id for incident in room.incidents}
    await room.hear(place=HERE, occurrence=occurrence)
    return next(incident for incident in room.incidents if incident.id not in before)


async def of_fire(room: Room) -> Caller:
    """Someone of the fire service, which reported nothing."""
    caller = await room.caller("jung")
    agency = room.store.rows.agencies[FIRE]
    return replace(caller, agency=agency, session=replace(caller.session, agency=FIRE))


async def code_viewer(room: Room, incident: str) -> Caller:
    """Someone of the police who came in by a code for one incident."""
    caller = await room.caller("jung")
    return replace(caller, session=replace(caller.session, incident=incident, kind="viewer"))


async def test_many_changes_between_two_flushes_are_told_once(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    first, second = await reported(room, "1"), await reported(room, "2")
    await feed.flush()
    changes = told(operator)
    assert len(changes) == 1
    assert [row["id"] for row in changes[0]["incidents"]] == [first.id, second.id]
    assert not await feed.flush()
    assert told(operator) == []


async def test_a_look_moves_the_incidents_record_on_though_the_incident_has_not_changed(room: Room, feed: Feed) -> None:
    caller = await room.caller("kim")
    operator = feed.join(caller)
    incident = await reported(room)
    await feed.flush()
    picked = room.store.rows.picks[incident.id][0][0]
    await watch_camera(room.world, caller, picked.camera_id, incident.id)
    await feed.flush()
    before, after = (change["incidents"][0] for change in told(operator))
    assert after["version"] == before["version"]
    assert after["recorded"] > before["recorded"]


async def test_the_first_change_after_quiet_comes_at_once_and_then_at_most_ten_a_second(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    running = asyncio.create_task(feed.run())
    await until(lambda: feed.position == room.store.rows.facts[-1].position)
    came = [asyncio.get_running_loop().time()]
    for _ in range(4):
        feed.links_changed()  # at once after each that came
        async with asyncio.timeout(5):
            await operator.woken.wait()
        operator.woken.clear()
        came.append(asyncio.get_running_loop().time())
    running.cancel()
    gaps = [later - earlier for earlier, later in pairwise(came)]
    assert gaps[0] < 0.09
    assert all(gap > 0.09 for gap in gaps[1:]), gaps


async def test_an_agency_hears_its_own_incidents_and_another_nothing_until_one_is_shared(
    room: Room, feed: Feed
) -> None:
    police, fire = feed.join(await room.caller("jung")), feed.join(await of_fire(room))
    incident = await reported(room)
    await feed.flush()
    assert incidents_told(police) == [incident.id]
    assert told(fire) == []
    await share_incident(room.world, await room.caller("kim"), incident.id, AgencyId(FIRE))
    await feed.flush()
    assert incidents_told(fire) == [incident.id]


@pytest.mark.parametrize("how", ["revoked", "run out"])
async def test_an_agency_is_told_why_it_no_longer_reads_an_incident_and_others_read_on(
    room: Room, feed: Feed, how: str
) -> None:
    kim, jung = await room.caller("kim"), await room.caller("jung")
    incident = await reported(room)
    await share_incident(room.world, kim, incident.id, AgencyId(FIRE))
    await feed.flush()
    operator, police, fire = feed.join(kim), feed.join(jung), feed.join(await of_fire(room))
    viewer = feed.join(await code_viewer(room, incident.id))
    grant = next(one for one in room.store.rows.grants.values() if one.agency == jung.agency.id and one.incident)
    if how == "revoked":
        await revoke_grant(room.world, kim, grant.id)
    else:
        room.store.rows.grants[grant.id] = replace(grant, expires_at=room.town.clock.now() + timedelta(minutes=1))
        room.town.clock.pass_(minutes=1)
    await feed.flush()
    for listener in (police, viewer):
        (row,) = [row for change in told(listener) for row in change["incidents"]]
        assert "place" not in row
        assert "title" not in row
        assert row["access_ended_text"]["ko"] == ENDING_WORDS[Ending(how.replace("run out", "expired"))].ko
    assert [
        row["title"] for listener in (operator, fire) for change in told(listener) for row in change["incidents"]
    ] == ["112 긴급영상"] * (2 if how == "revoked" else 1)
    assert not await feed.flush()


async def test_a_codes_viewer_hears_the_one_incident_only(room: Room, feed: Feed) -> None:
    mine, other = await reported(room, "1"), await reported(room, "2")
    await feed.flush()
    viewer = feed.join(await code_viewer(room, mine.id))
    kim = await room.caller("kim")
    await close_incident(room.world, kim, other.id, disposition=Disposition.HANDLED)
    await feed.flush()
    assert incidents_told(viewer) == []
    await close_incident(room.world, kim, mine.id, disposition=Disposition.HANDLED)
    await feed.flush()
    assert incidents_told(viewer) == [mine.id]


@pytest.mark.parametrize("name", ["park", "choi"])
async def test_who_may_see_no_incidents_hears_none(room: Room, feed: Feed, name: str) -> None:
    officer = feed.join(await room.caller(name))
    await reported(room)
    feed.links_changed()
    await feed.flush()
    assert told(officer) == []


async def test_the_end_of_a_look_is_told_to_its_own_agency_in_words(room: Room, feed: Feed) -> None:
    incident = await reported(room)
    jung = await room.caller("jung")
    camera = room.store.rows.picks[incident.id][0][0].camera_id
    done = await watch_camera(room.world, jung, camera, incident.id)
    await feed.flush()
    police, viewer = feed.join(jung), feed.join(await code_viewer(room, incident.id))
    fire = feed.join(await of_fire(room))
    await close_incident(room.world, await room.caller("kim"), incident.id, disposition=Disposition.HANDLED)
    await feed.flush()
    for listener in (police, viewer):
        (ended,) = [row for change in told(listener) for row in change["views_ended"]]
        assert (ended["view_id"], ended["reason"]) == (done.view.id, "closed")
        assert "종결" in ended["text"]["ko"]
    assert told(fire) == []


async def test_camera_states_and_links_are_for_the_control_room(room: Room, feed: Feed) -> None:
    operator, police = feed.join(await room.caller("kim")), feed.join(await room.caller("jung"))
    feed.cameras_changed([replace(room.city.index.cameras[0], status=Status.FAILED)])
    feed.links_changed()
    await feed.flush()
    (change,) = told(operator)
    assert change["cameras"][0]["status"] == Status.FAILED.value
    assert change["links"] == LINKS
    assert told(police) == []


async def test_only_an_import_makes_the_consoles_ask_for_their_sites_again(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    now = room.town.clock.now()
    await room.store.change(lambda tx: tx.record(Fact("ViewRefused", "city", now, {"camera": "x"})))
    await feed.flush()
    assert not any(change["sites_changed"] for change in told(operator))
    await room.store.change(lambda tx: tx.record(Fact("CityStreamsImported", "city", now)))
    await feed.flush()
    assert [change["sites_changed"] for change in told(operator)] == [True]


async def test_what_could_not_be_read_is_told_with_the_next_flush(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    incident = await reported(room)
    feed.links_changed()
    room.store.broken = True
    with pytest.raises(StorageFailed):
        await feed.flush()
    room.store.broken = False
    await feed.flush()
    (change,) = told(operator)
    assert [row["id"] for row in change["incidents"]] == [incident.id]
    assert change["links"] == LINKS


async def test_a_feed_begun_again_goes_on_where_it_was(room: Room, feed: Feed) -> None:
    operator = feed.join(await room.caller("kim"))
    for occurrence in ("1", "2"):
        running = asyncio.create_task(feed.run())
        feed.wake()
        await until(lambda: feed.position == room.store.rows.facts[-1].position)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        told(operator)
        incident = await reported(room, occurrence)  # while nobody follows
    running = asyncio.create_task(feed.run())
    feed.wake()
    await until(lambda: bool(operator.waiting))
    running.cancel()
    assert incident.id in incidents_told(operator)  # beside the first one, of which the second may be a repeat


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110  the feed tells nobody where it stands
            await asyncio.sleep(0)


class Door:
    """Lets one caller in; `live` says whether their session still holds."""

    def __init__(self, caller: Caller | None) -> None:
        self.known = caller
        self.live = True

    async def caller(self, request: Request) -> Caller:
        if self.known is None:
            raise Unauthenticated(Text("로그인이 필요합니다.", "Sign in first."))
        return self.known

    async def is_live(self, session_digest: bytes) -> bool:
        return self.live


async def listen(room: Room, feed: Feed, door: Door) -> Response:
    async def refuse(error: Exception) -> Response:
        return Response(type(error).__name__, status_code=401)

    route = live_route(feed, door, room.town.clock, refuse)
    scope = {"type": "http", "method": "GET", "path": "/api/live", "headers": [], "query_string": b""}
    return await route.endpoint(Request(scope))


async def following(events: AsyncIterator[bytes]) -> tuple[str, dict[str, Any]]:
    async with asyncio.timeout(5):
        event = bytes(await anext(events))
    name, data = event.strip().split(b"\n", 1)
    return name.removeprefix(b"event: ").decode(), json.loads(data.removeprefix(b"data: "))


async def test_a_stranger_hears_nothing(room: Room, feed: Feed) -> None:
    assert (await listen(room, feed, Door(None))).status_code == 401


async def test_an_ended_session_is_told_so_instead_of_the_change(room: Room, feed: Feed) -> None:
    door = Door(await room.caller("kim"))
    events = (await listen(room, feed, door)).body_iterator
    assert (await following(events))[0] == "hello"
    await reported(room)
    await feed.flush()
    assert (await following(events))[0] == "change"
    door.live = False
    await reported(room, "2")
    await feed.flush()
    name, said = await following(events)
    assert (name, said["reason"]) == ("ended", "session")
    assert said["text"]["ko"]
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_a_browser_too_far_behind_is_told_to_start_anew_and_costs_no_memory(room: Room, feed: Feed) -> None:
    slow = feed.join(await room.caller("kim"))
    events = (await listen(room, feed, Door(await room.caller("lee")))).body_iterator
    await following(events)
    for _ in range(BEHIND + 3):
        feed.links_changed()
        await feed.flush()
    assert slow.lost
    assert len(slow.waiting) <= BEHIND
    name, said = await following(events)
    assert (name, said["reason"]) == ("ended", "behind")


async def test_a_browser_that_went_is_forgotten(room: Room, feed: Feed) -> None:
    events = (await listen(room, feed, Door(await room.caller("kim")))).body_iterator
    await following(events)
    await events.aclose()
    assert feed._listeners == {}
