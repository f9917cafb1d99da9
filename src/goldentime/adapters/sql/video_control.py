"""How looks that agencies asked for, and cameras locked for privacy, are stored and found."""

from collections.abc import Sequence

from sqlalchemy import bindparam as b
from sqlalchemy import delete

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.video_tables import camera_lock, video_request
from goldentime.city.grants.video_control import CameraLock, VideoRequest
from goldentime.core.ids import CameraId, IncidentId

_REQUESTS = Rowed(VideoRequest, video_request)
_ONE = _REQUESTS.select().where(video_request.c.id == b("id"))
_OF_INCIDENT = _REQUESTS.select().where(video_request.c.incident == b("incident")).order_by(video_request.c.id)
_PUT = put(video_request)
_LOCKS = Rowed(CameraLock, camera_lock)
_ONE_LOCK = _LOCKS.select().where(camera_lock.c.camera == b("camera"))
_LOCKS_OF = _LOCKS.select().where(camera_lock.c.incident == b("incident")).order_by(camera_lock.c.camera)
_PUT_LOCK = put(camera_lock)
_DROP_LOCK = delete(camera_lock).where(camera_lock.c.camera == b("which"))


class VideoControlReads:
    """The looks of `flows.ports.Reading` at video control."""

    look: Look

    def find_video_request(self, request: str) -> VideoRequest | None:
        """By id."""
        row = self.look.one(_ONE, id=request)
        return None if row is None else _REQUESTS.value(row)

    def list_video_requests(self, incident: IncidentId) -> Sequence[VideoRequest]:
        """All of one incident, by id."""
        return [_REQUESTS.value(row) for row in self.look.rows(_OF_INCIDENT, incident=incident)]

    def find_camera_lock(self, camera: CameraId) -> CameraLock | None:
        """The camera's lock, None when it is not locked."""
        row = self.look.one(_ONE_LOCK, camera=camera)
        return None if row is None else _LOCKS.value(row)

    def list_camera_locks(self, incident: IncidentId) -> Sequence[CameraLock]:
        """The cameras locked within the incident, by camera."""
        return [_LOCKS.value(row) for row in self.look.rows(_LOCKS_OF, incident=incident)]


class VideoControlWrites(VideoControlReads):
    """The writes of `flows.ports.Change` to video control."""

    draft: Draft

    def put_video_request(self, request: VideoRequest) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT, _REQUESTS.row(request))

    def put_camera_lock(self, lock: CameraLock) -> None:
        """Insert or replace by camera."""
        self.draft.write(_PUT_LOCK, _LOCKS.row(lock))

    def drop_camera_lock(self, camera: CameraId) -> None:
        """It is unlocked."""
        self.draft.run(_DROP_LOCK, which=camera)
