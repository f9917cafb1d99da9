"""How an operator keeps groups of cameras and tours them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.cameras.groups import Group
from goldentime.city.people.account import Act
from goldentime.core.errors import NotFound
from goldentime.core.ids import CameraId, new_id
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.flows.caller import Caller
from goldentime.flows.world import World

Json = dict[str, Any]


class GroupBody(BaseModel):
    """A group's name, its cameras in order, and the seconds each is shown when toured."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=60)
    cameras: list[str] = Field(min_length=1, max_length=64)
    tour_seconds: int | None = Field(default=None, ge=3, le=600)


def router(world: World, gate: Gate) -> APIRouter:
    """The routes under /api/groups; everyone has their own groups."""
    api = APIRouter(prefix="/api/groups", tags=["cameras"])
    watches = Annotated[Caller, Depends(gate.requiring(Act.WATCH_ON_DUTY))]

    @api.get("")
    async def listed(caller: watches) -> Json:
        groups = await world.store.read(lambda look: look.list_groups(caller.account.id))
        return {"items": [_json(group) for group in groups]}

    @api.post("", status_code=201)
    async def added(caller: watches, body: GroupBody) -> Json:
        return await _keep(new_id("grp", world.clock.now(), world.randomness), caller, body)

    @api.put("/{group_id}")
    async def changed(caller: watches, group_id: str, body: GroupBody) -> Json:
        groups = await world.store.read(lambda look: look.list_groups(caller.account.id))
        if group_id not in {group.id for group in groups}:
            raise NotFound(Text("그런 묶음이 없습니다.", "There is no such group."))
        return await _keep(group_id, caller, body)

    @api.delete("/{group_id}", status_code=204)
    async def removed(caller: watches, group_id: str) -> None:
        if not await world.store.change(lambda tx: tx.remove_group(group_id, caller.account.id)):
            raise NotFound(Text("그런 묶음이 없습니다.", "There is no such group."))

    async def _keep(group_id: str, caller: Caller, body: GroupBody) -> Json:
        unknown = [camera for camera in body.cameras if world.city.index.find(CameraId(camera)) is None]
        if unknown:
            raise NotFound(Text(f"없는 카메라입니다: {unknown[0]}", f"There is no such camera: {unknown[0]}"))
        cameras = tuple(CameraId(camera) for camera in body.cameras)
        group = Group(group_id, caller.account.id, body.name, cameras, body.tour_seconds)
        await world.store.change(lambda tx: tx.put_group(group))
        return _json(group)

    return api


def _json(group: Group) -> Json:
    return {"id": group.id, "name": group.name, "cameras": list(group.cameras), "tour_seconds": group.tour_seconds}
