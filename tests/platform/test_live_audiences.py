"""Who hears what by itself: the control room, an agency, a code's viewer, and those who hear nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.listening import LINKS, code_viewer, incidents_told, of_fire, reported, told
from fakes.room import Room
from fakes.town import FIRE
from goldentime.city.cameras.inventory import Status
from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.incidents.incident import Disposition
from goldentime.core.fact import Fact
from goldentime.core.ids import AgencyId
from goldentime.edges.live.feed import Feed
from goldentime.flows.incidents.close_incident import close_incident
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.flows.watching.revoke_grant import revoke_grant
from goldentime.flows.watching.watch_camera import watch_camera


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def feed(room: Room) -> Feed:
    return Feed(room.store, lambda: LINKS, room.town.clock)


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
