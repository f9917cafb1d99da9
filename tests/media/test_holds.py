"""A camera stays open as long as anyone holds it, and one word gives up everything held under one name."""

import asyncio

from fakes.clock import StandingClock
from goldentime.core.clock import SystemClock
from goldentime.core.ids import CameraId
from goldentime.media.engine import Engine
from goldentime.media.rtsp.addresses import AllowedNetworks
from goldentime.messages.video import StreamSource


async def test_the_newest_incident_and_whoever_watches_come_first_among_equals() -> None:
    engine = Engine(AllowedNetworks(()), 1, SystemClock(), lambda _: None)

    def hold(camera: str, hold: str) -> str:
        source = StreamSource("rtsp://10.0.0.1/s")
        return engine.ensure_stream(CameraId(camera), source, priority=1, hold=hold).condition

    running = asyncio.create_task(engine.run())
    await asyncio.sleep(0)
    assert hold("old", "incident:1") != "waiting"
    assert hold("new", "incident:2") != "waiting"
    assert hold("old", "view:1") != "waiting"  # somebody looks at the old one
    assert hold("newest", "incident:3") == "waiting"
    engine.release_hold("view:1")
    assert hold("newest", "incident:3") != "waiting"
    assert hold("old", "incident:4") != "waiting"  # another incident makes the old camera new
    assert hold("first of two", "incident:5") != "waiting"
    assert hold("second of two", "incident:5") == "waiting"  # the best of one incident's cameras stays
    running.cancel()
    await asyncio.wait({running})


async def test_giving_up_a_hold_lets_every_camera_go_that_nobody_else_holds() -> None:
    engine = Engine(AllowedNetworks(()), 0, StandingClock(), lambda _: None)  # none may dial
    for camera, hold in (("a", "incident:1"), ("b", "incident:1"), ("b", "incident:2"), ("c", "incident:2")):
        engine.ensure_stream(CameraId(camera), StreamSource("rtsp://10.0.0.1/s"), priority=1, hold=hold)
    engine.release_hold("incident:1")
    assert {stream.camera_id: stream.holds for stream in engine.list_streams()} == {"b": 1, "c": 1}
    engine.release_hold("incident:never")
    engine.release_hold("incident:2")
    assert engine.list_streams() == []
