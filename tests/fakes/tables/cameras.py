"""Sites, cameras, streams and groups, in memory."""

from collections.abc import Sequence

from fakes.tables.rows import Rows, by_id
from goldentime.city.cameras.groups import Group
from goldentime.city.cameras.inventory import Camera, Site
from goldentime.city.cameras.streams import Stream
from goldentime.core.ids import (
    AccountId,
    CameraId,
    SiteId,
)


class Cameras:
    """Reading and writing them."""

    rows: Rows

    def list_cameras(self) -> Sequence[Camera]:
        return by_id(self.rows.cameras.values())

    def find_camera(self, camera: CameraId) -> Camera | None:
        return self.rows.cameras.get(camera)

    def put_camera(self, camera: Camera) -> None:
        self.rows.cameras[camera.id] = camera

    def find_site(self, site: SiteId) -> Site | None:
        return self.rows.sites.get(site)

    def list_sites(self) -> Sequence[Site]:
        return by_id(self.rows.sites.values())

    def find_stream(self, camera: CameraId) -> Stream | None:
        return self.rows.streams.get(camera)

    def list_streams(self) -> Sequence[Stream]:
        return [self.rows.streams[camera] for camera in sorted(self.rows.streams)]

    def list_groups(self, account: AccountId) -> Sequence[Group]:
        return by_id(g for g in self.rows.groups.values() if g.account == account)

    def put_group(self, group: Group) -> None:
        self.rows.groups[group.id, group.account] = group

    def remove_group(self, group: str, account: AccountId) -> bool:
        return self.rows.groups.pop((group, account), None) is not None
