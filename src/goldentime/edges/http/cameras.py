"""What the console asks about sites and cameras: the map's points, one site, the best cameras near a point, an aim."""

import hashlib
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from goldentime.city.cameras.answer import to_dict
from goldentime.city.cameras.inventory import Camera, Site, Status
from goldentime.city.people.account import Act
from goldentime.core.errors import NotFound
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.flows.caller import Caller
from goldentime.flows.find_by_words import find_by_words
from goldentime.flows.incidents.aim_camera import aim_camera
from goldentime.flows.world import World

Json = dict[str, Any]
_HIDDEN: Json = {"phone": "", "operator": "", "flagged": ""}  # the control room's own business, not another agency's


class Aim(BaseModel):
    """A camera's sector: degrees clockwise from north (null: unknown), degrees wide, metres far."""

    model_config = ConfigDict(extra="forbid")
    bearing: float | None = Field(default=None, ge=0, le=360)
    field: float = Field(default=60, ge=5, le=360)
    reach: float = Field(default=100, ge=5, le=2000)


def router(world: World, gate: Gate) -> APIRouter:
    """The routes under /api that concern cameras."""
    api = APIRouter(prefix="/api", tags=["cameras"])
    sees = Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]
    aims = Annotated[Caller, Depends(gate.requiring(Act.AIM))]

    @api.get("/sites.geojson")
    async def sites(_caller: sees, request: Request) -> Response:
        return _points(request, [_site_point(world, site) for site in world.city.sites.values()])

    @api.get("/cameras.geojson")
    async def cameras(_caller: sees, request: Request) -> Response:
        known = [camera for camera in world.city.index.cameras if camera.bearing is not None]
        return _points(request, [_camera_point(camera) for camera in known])

    @api.get("/cameras/near")
    async def nearest(
        _caller: handles,
        lon: Annotated[float, Query(ge=-180, le=180)],
        lat: Annotated[float, Query(ge=-90, le=90)],
        radius: Annotated[float, Query(gt=0, le=20_000)] = 500.0,
        wanted: Annotated[int, Query(ge=1, le=64)] = 4,
    ) -> Json:
        return to_dict(world.city.near(LonLat(lon, lat), wanted=wanted, radius=radius))

    @api.get("/sites/{site_id}")
    async def one(caller: sees, site_id: str) -> Json:
        site = world.city.sites.get(SiteId(site_id))
        if site is None:
            raise NotFound(Text("그런 개소가 없습니다.", "There is no such site."))
        return _site_page(world, site) | (_HIDDEN if caller.agency else {})

    @api.put("/cameras/{camera_id}/aim")
    async def aim(caller: aims, camera_id: str, body: Aim) -> Json:
        return camera_json(
            await aim_camera(world, caller, CameraId(camera_id), body.bearing, field=body.field, reach=body.reach)
        )

    @api.get("/search")
    async def search(caller: sees, q: Annotated[str, Query(max_length=100)]) -> Json:
        return {"items": await find_by_words(world, caller, q)}

    return api


def camera_json(camera: Camera) -> Json:
    """One camera as the console knows it; never its address."""
    return {
        "id": camera.id,
        "site_id": camera.site_id,
        "number": camera.number,
        "bearing": camera.bearing,
        "field": camera.field,
        "reach": camera.reach,
        "status": camera.status.value,
        "aimed_by_hand": camera.aimed_by_hand,
    }


def _site_page(world: World, site: Site) -> Json:
    cameras = [world.city.index.find(CameraId(f"{site.id}-{number}")) for number in range(1, site.cameras + 1)]
    return {
        "id": site.id,
        "name": site.name,
        "address": site.address,
        "purpose_words": site.purpose_words,
        "lon": site.place.lon,
        "lat": site.place.lat,
        "operator": site.operator,
        "phone": site.phone,
        "flagged": site.flagged,
        "cameras": [camera_json(camera) for camera in cameras if camera is not None],
    }


def site_status(world: World, site: Site) -> str:
    """What a site's dot shows: one status when its cameras agree, else mixed."""
    found = [world.city.index.find(CameraId(f"{site.id}-{number}")) for number in range(1, site.cameras + 1)]
    statuses = {camera.status for camera in found if camera is not None}
    return next(iter(statuses)).value if len(statuses) == 1 else "mixed" if statuses else Status.UNREGISTERED.value


def _site_point(world: World, site: Site) -> Json:
    status = site_status(world, site)
    properties = {
        "id": site.id,
        "name": site.name,
        "purpose": site.purpose.value,
        "cameras": site.cameras,
        "status": status,
        "flagged": bool(site.flagged),
        "watchable": status in {Status.WORKING.value, "mixed"},
    }
    return _feature(site.place, properties)


def _camera_point(camera: Camera) -> Json:
    return _feature(camera.place, camera_json(camera))


def _feature(place: LonLat, properties: Json) -> Json:
    geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _points(request: Request, features: list[Json]) -> Response:
    body = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/geo+json", headers=headers)
