"""What can go wrong between the engine and a camera, and what its tile says then."""

from goldentime.core.errors import NotFound, OurError, Refused, SendersError
from goldentime.core.text import Text


class CameraFault(SendersError):  # noqa: N818  (named by whose fault it is)
    """The camera, or what stands between, did not give pictures; its text is shown in the tile."""

    code = "camera_fault"


class BadCameraBytes(CameraFault):
    """The camera sent what its protocol does not allow, or more than the limits."""

    code = "camera_bytes"


class CameraForbidden(Refused):
    """The camera's address is outside the networks that the city allows, or is not RTSP."""

    code = "camera_forbidden"


class StreamUnknown(NotFound):
    """No stream is open for this camera."""

    code = "stream_unknown"


class ViewUnknown(NotFound):
    """The view has ended or never was."""

    code = "view_unknown"


class EngineFault(OurError):  # noqa: N818
    """The engine itself failed: no encoder, no memory, a bug."""

    code = "media_fault"


def bad_bytes(what: str) -> BadCameraBytes:
    """The error for bytes that break the protocol; `what` is for the log and the English text."""
    return BadCameraBytes(Text("카메라가 잘못된 데이터를 보냈습니다", f"The camera sent invalid data: {what}"))
