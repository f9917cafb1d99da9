"""A camera's name is looked up once for each visit, and what was checked is what is dialled."""

import pytest

from goldentime.media.faults import CameraForbidden
from goldentime.media.rtsp.addresses import AllowedNetworks
from goldentime.media.rtsp.sdp import VideoTrack
from goldentime.media.rtsp.session import Dialling, RtspSession
from goldentime.messages.video import StreamSource
from goldentime.sim.cameras import CameraSimulator

pytestmark = pytest.mark.socket


class Sink:
    """Takes packets and forgets them."""

    def begin(self, track: VideoTrack) -> None: ...

    def on_rtp(self, packet: bytes) -> None: ...

    def on_rtcp(self, packet: bytes) -> None: ...


class TwoFacedName:
    """A name that leads to the camera at first and elsewhere when asked again."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, _host: str, _port: int) -> list[str]:
        self.asked += 1
        return [self.answers.pop(0)]


def visit(cameras: CameraSimulator, name: TwoFacedName, dialled: list[str]) -> RtspSession:
    url = f"rtsp://camera.test:{cameras.port}/cam/one"
    dialling = Dialling(AllowedNetworks(["127.0.0.0/24"], name), dialled.append)
    return RtspSession(StreamSource(url), url, dialling, Sink())


async def test_a_name_that_changes_between_check_and_connection_gains_nothing(cameras: CameraSimulator) -> None:
    name, dialled = TwoFacedName("127.0.0.1", "169.254.169.254"), list[str]()
    session = visit(cameras, name, dialled)
    track = await session.play()
    assert track is not None
    assert (name.asked, dialled) == (1, ["127.0.0.1"])
    await session.leave()


async def test_the_next_visit_is_checked_anew_and_never_dialled(cameras: CameraSimulator) -> None:
    name, dialled = TwoFacedName("169.254.169.254"), list[str]()
    with pytest.raises(CameraForbidden):
        await visit(cameras, name, dialled).play()
    assert dialled == []
    assert cameras.connections == 0


async def test_a_redirect_to_a_name_outside_is_never_dialled(cameras: CameraSimulator) -> None:
    cameras.redirect("/cam/one", "rtsp://elsewhere.test/cam/one")
    name, dialled = TwoFacedName("127.0.0.1", "10.0.0.1"), list[str]()
    with pytest.raises(CameraForbidden):
        await visit(cameras, name, dialled).play()
    assert dialled == ["127.0.0.1"]
