"""A camera stays open as long as anyone holds it, and one word gives up everything held under one name."""

from fakes.clock import StandingClock
from goldentime.core.ids import CameraId
from goldentime.media.engine import Engine
from goldentime.media.rtsp.addresses import AllowedNetworks
from goldentime.messages.video import StreamSource


async def test_giving_up_a_hold_lets_every_camera_go_that_nobody_else_holds() -> None:
    engine = Engine(AllowedNetworks(()), 0, StandingClock(), lambda _: None)  # none may dial
    for camera, hold in (("a", "incident:1"), ("b", "incident:1"), ("b", "incident:2"), ("c", "incident:2")):
        engine.ensure_stream(CameraId(camera), StreamSource("rtsp://10.0.0.1/s"), priority=1, hold=hold)
    engine.release_hold("incident:1")
    assert {stream.camera_id: stream.holds for stream in engine.list_streams()} == {"b": 1, "c": 1}
    engine.release_hold("incident:never")
    engine.release_hold("incident:2")
    assert engine.list_streams() == []
