"""The city in memory is swapped for the imported one, and forgets nothing that happened while that was made."""

from dataclasses import replace

from fakes.room import CROSSING, Room, crossing_cameras
from goldentime.city.cameras.inventory import Camera, Purpose, Status
from goldentime.core.text import Text
from goldentime.flows.incidents.aim_camera import aim_camera
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.watching.note_video import note_stream_changed
from goldentime.messages.video import StreamChanged, StreamNow


async def test_an_aim_and_a_failure_noted_while_an_import_is_read_are_not_lost() -> None:
    room = Room()
    first, second, third, *others = crossing_cameras()
    await note_stream_changed(room.world, dead(room, third))
    imported = [replace(first, purpose=Purpose.TRAFFIC), second, replace(third, status=Status.FAILED), *others[:-1]]
    kim = await room.caller("kim")

    async def build() -> KnownCity:
        city = KnownCity(CityFiles(cameras=imported))
        await aim_camera(room.world, kim, first.id, 90.0, field=60.0, reach=50.0)
        await note_stream_changed(room.world, dead(room, second))
        await aim_camera(room.world, kim, others[-1].id, 10.0, field=60.0, reach=50.0)  # no longer there
        return city

    await room.city.renew(build)
    now = room.city.index
    assert (now.get(first.id).bearing, now.get(first.id).purpose) == (90.0, Purpose.TRAFFIC)
    assert [now.get(camera.id).status for camera in (second, third)] == [Status.FAILED, Status.FAILED]
    assert now.find(others[-1].id) is None
    assert set(room.city.failed_at) == {second.id, third.id}
    assert room.city.near(CROSSING, wanted=4, radius=500.0).picks


def dead(room: Room, camera: Camera) -> StreamChanged:
    return StreamChanged(StreamNow(camera.id, "dead", room.town.clock.now(), Text("끊김", "Dead")))
