"""How single cameras, sites, streams and saved groups are stored and found."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam as b
from sqlalchemy import delete, select

from goldentime.adapters.sql.city_tables import camera, site, stream
from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Row, Rowed
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.tables import camera_group
from goldentime.adapters.sql.vault import Vault
from goldentime.city.cameras.groups import Group
from goldentime.city.cameras.inventory import Camera, Site
from goldentime.city.cameras.streams import Policy, Stream, Transport
from goldentime.core.ids import AccountId, CameraId, SiteId

CAMERAS = Rowed(Camera, camera)
SITES = Rowed(Site, site)
_GROUPS = Rowed(Group, camera_group)

_ALL_CAMERAS = CAMERAS.select().where(camera.c.removed_at.is_(None)).order_by(camera.c.id)
_ONE_CAMERA = CAMERAS.select().where(camera.c.id == b("id"), camera.c.removed_at.is_(None))
_ALL_SITES = SITES.select().where(site.c.removed_at.is_(None)).order_by(site.c.id)
_ONE_SITE = SITES.select().where(site.c.id == b("id"), site.c.removed_at.is_(None))
_STREAM_COLUMNS = select(stream.c.camera, stream.c.transport, stream.c.policy, stream.c.secret)
_ALL_STREAMS = _STREAM_COLUMNS.order_by(stream.c.camera)
_ONE_STREAM = _STREAM_COLUMNS.where(stream.c.camera == b("camera"))
_GROUPS_OF = _GROUPS.select().where(camera_group.c.account == b("account")).order_by(camera_group.c.id)

_PUT_CAMERA = put(camera, keep=("removed_at",))
_PUT_GROUP = put(camera_group)
_REMOVE_GROUP = delete(camera_group).where(camera_group.c.id == b("id"), camera_group.c.account == b("account"))

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(tuple[str, str, str, str]).decode


def stream_row(stream: Stream, vault: Vault) -> dict[str, object]:
    """The stream's row; addresses, user and password only sealed."""
    plain = _ENCODE((stream.url, stream.username, stream.password, stream.substream_url))
    return {
        "camera": stream.camera_id,
        "transport": stream.transport.value,
        "policy": stream.policy.value,
        "secret": vault.seal_stream(stream.camera_id, plain),
    }


def stream_value(row: Row, vault: Vault) -> Stream:
    """The stream in a row; raises StorageFailed when its secret was altered or moved to another camera."""
    url, username, password, substream_url = _DECODE(vault.unseal_stream(row[0], bytes(row[3])))
    return Stream(row[0], url, username, password, Transport(row[1]), Policy(row[2]), substream_url)


class CameraReads:
    """The looks of `flows.ports.Reading` at cameras."""

    look: Look

    def list_cameras(self) -> Sequence[Camera]:
        """Those not removed, by id."""
        return [CAMERAS.value(row) for row in self.look.rows(_ALL_CAMERAS)]

    def find_camera(self, camera: CameraId) -> Camera | None:
        """By id, unless removed."""
        row = self.look.one(_ONE_CAMERA, id=camera)
        return None if row is None else CAMERAS.value(row)

    def find_site(self, site: SiteId) -> Site | None:
        """By id, unless removed."""
        row = self.look.one(_ONE_SITE, id=site)
        return None if row is None else SITES.value(row)

    def list_sites(self) -> Sequence[Site]:
        """Those not removed, by id."""
        return [SITES.value(row) for row in self.look.rows(_ALL_SITES)]

    def find_stream(self, camera: CameraId) -> Stream | None:
        """Decrypted."""
        row = self.look.one(_ONE_STREAM, camera=camera)
        return None if row is None else stream_value(row, self.look.vault)

    def list_streams(self) -> Sequence[Stream]:
        """All of them, decrypted, by camera."""
        return [stream_value(row, self.look.vault) for row in self.look.rows(_ALL_STREAMS)]

    def list_groups(self, account: AccountId) -> Sequence[Group]:
        """The person's own, by id."""
        return [_GROUPS.value(row) for row in self.look.rows(_GROUPS_OF, account=account)]


class CameraWrites(CameraReads):
    """The writes of `flows.ports.Change` to cameras."""

    draft: Draft

    def put_camera(self, camera: Camera) -> None:
        """Insert or replace by id; a removed camera stays removed."""
        self.draft.write(_PUT_CAMERA, CAMERAS.row(camera, removed_at=None))

    def put_group(self, group: Group) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_GROUP, _GROUPS.row(group))

    def remove_group(self, group: str, account: AccountId) -> bool:
        """Whether the person had it."""
        return self.draft.run(_REMOVE_GROUP, id=group, account=account) > 0
