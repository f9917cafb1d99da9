"""Grants and views, in memory."""

from collections.abc import Sequence
from datetime import datetime

from fakes.tables.rows import Rows, by_id
from goldentime.city.grants.grant import Grant, View
from goldentime.city.grants.video_control import CameraLock, VideoRequest
from goldentime.core.ids import (
    AccountId,
    CameraId,
    GrantId,
    IncidentId,
    ViewId,
)


class Grants:
    """Reading and writing them."""

    rows: Rows

    def find_grant(self, grant: GrantId) -> Grant | None:
        return self.rows.grants.get(grant)

    def list_grants(self, *, incident: IncidentId | None = None, account: AccountId | None = None) -> Sequence[Grant]:
        return by_id(
            g
            for g in self.rows.grants.values()
            if (incident is None or g.incident == incident) and (account is None or g.person == account)
        )

    def list_grants_run_out(self, *, after: datetime, until: datetime) -> Sequence[Grant]:
        return by_id(
            g
            for g in self.rows.grants.values()
            if g.agency and g.incident and g.ended_at is None and after < g.expires_at <= until
        )

    def put_grant(self, grant: Grant) -> None:
        self.rows.grants[grant.id] = grant

    def find_view(self, view: ViewId) -> View | None:
        return self.rows.views.get(view)

    def list_open_views(
        self, *, incident: IncidentId | None = None, grant: GrantId | None = None, session: bytes | None = None
    ) -> Sequence[View]:
        return by_id(
            v
            for v in self.rows.views.values()
            if v.ended_at is None
            and (incident is None or v.incident == incident)
            and (grant is None or v.grant == grant)
            and (session is None or v.session == session)
        )

    def list_open_views_of_camera(self, camera: CameraId) -> Sequence[View]:
        return by_id(v for v in self.rows.views.values() if v.ended_at is None and v.camera == camera)

    def list_views_of(self, incident: IncidentId) -> Sequence[View]:
        return by_id(v for v in self.rows.views.values() if v.incident == incident)

    def list_views(self, *, since: datetime, limit: int = 1000) -> Sequence[View]:
        rows = [v for v in self.rows.views.values() if v.opened_at >= since]
        return sorted(rows, key=lambda v: (v.opened_at, v.id), reverse=True)[:limit]

    def list_views_naming(self, until: datetime, *, limit: int = 100) -> Sequence[View]:
        rows = [v for v in self.rows.views.values() if v.person and v.ended_at is not None and v.ended_at <= until]
        return sorted(rows, key=lambda v: (v.ended_at, v.id))[:limit]

    def put_view(self, view: View) -> None:
        self.rows.views[view.id] = view

    def find_video_request(self, request: str) -> VideoRequest | None:
        return self.rows.video_requests.get(request)

    def list_video_requests(self, incident: IncidentId) -> Sequence[VideoRequest]:
        return by_id(r for r in self.rows.video_requests.values() if r.incident == incident)

    def put_video_request(self, request: VideoRequest) -> None:
        self.rows.video_requests[request.id] = request

    def find_camera_lock(self, camera: CameraId) -> CameraLock | None:
        return self.rows.camera_locks.get(camera)

    def list_camera_locks(self, incident: IncidentId) -> Sequence[CameraLock]:
        return sorted((c for c in self.rows.camera_locks.values() if c.incident == incident), key=lambda c: c.camera)

    def put_camera_lock(self, lock: CameraLock) -> None:
        self.rows.camera_locks[lock.camera] = lock

    def drop_camera_lock(self, camera: CameraId) -> None:
        self.rows.camera_locks.pop(camera, None)
