"""What is asked of the roads over HTTP: routes, reach, closures, and how traffic is; and an operator's closing."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from goldentime.city.people.account import Act
from goldentime.city.roads.closures import ClosureId, Scope
from goldentime.city.roads.graph import RoadGraph, Spot
from goldentime.city.roads.line import LinkId
from goldentime.core.errors import NotFound
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.beside import DrawnOnce, tagged
from goldentime.edges.wire.roads import closure_json, links_json, reach_json, route_json, speeds_json, spot_json
from goldentime.flows.caller import Caller
from goldentime.flows.roads.close_road import RoadToClose, close_road, open_road
from goldentime.flows.world import World

Json = dict[str, Any]
Lon = Annotated[float, Query(ge=-180, le=180)]
Lat = Annotated[float, Query(ge=-90, le=90)]
Heading = Annotated[float | None, Query(ge=0, le=360, description="driven that way, degrees from north")]
LONGEST_REACH = 3600.0


class Way(BaseModel):
    """From where to where, how the vehicle stands (degrees from north), and what it is."""

    model_config = ConfigDict(extra="forbid")
    from_lon: float = Field(ge=-180, le=180)
    from_lat: float = Field(ge=-90, le=90)
    to_lon: float = Field(ge=-180, le=180)
    to_lat: float = Field(ge=-90, le=90)
    heading: float | None = Field(default=None, ge=0, le=360)
    emergency: bool = False
    width_m: float | None = Field(default=None, gt=0, le=10)


class NewClosure(BaseModel):
    """Links to close by id, with the place where they were marked, or every link within `radius` metres of a place.

    By its place a closure is found again when another network is imported.
    """

    model_config = ConfigDict(extra="forbid")
    links: list[str] = Field(default_factory=list, max_length=500)
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    radius: float = Field(default=30.0, gt=0, le=2000)
    scope: Literal["for_all", "except_emergency"] = "except_emergency"
    reason: str = Field(default="", max_length=200)
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_way_or_the_other(self) -> "NewClosure":
        if (self.lon is None) is not (self.lat is None) or (not self.links and self.lon is None):
            msg = "give links, or lon and lat, or all of them"
            raise ValueError(msg)
        return self


def router(world: World, gate: Gate) -> APIRouter:
    """The routes under /api/roads."""
    api = APIRouter(prefix="/api/roads", tags=["roads"])
    _add_ways(api, world, gate)
    _add_traffic(api, world, gate)
    _add_closures(api, world, gate)
    return api


def _add_ways(api: APIRouter, world: World, gate: Gate) -> None:
    sees = Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]

    @api.get("/route")
    async def route(_caller: sees, asked: Annotated[Way, Query()]) -> Json:
        live = world.city.live_roads
        a = snapped(live.graph, LonLat(asked.from_lon, asked.from_lat), asked.heading)
        b = snapped(live.graph, LonLat(asked.to_lon, asked.to_lat))
        found = live.route(a, b, emergency=asked.emergency, vehicle_width_m=asked.width_m)
        reason = None
        if found is None:
            why = partial(live.why_not, a, b, emergency=asked.emergency, vehicle_width_m=asked.width_m)
            reason = await asyncio.to_thread(why)  # up to four searches of the whole network
        return {"from": spot_json(live.graph, a), "to": spot_json(live.graph, b), **route_json(found, reason)}

    @api.get("/reach")
    async def reach(
        _caller: sees,
        lon: Lon,
        lat: Lat,
        seconds: Annotated[float, Query(gt=0, le=LONGEST_REACH)] = 300.0,
        heading: Heading = None,
        emergency: bool = False,  # noqa: FBT001, FBT002  (a flag)
    ) -> Response:
        live = world.city.live_roads
        spot = snapped(live.graph, LonLat(lon, lat), heading)

        def draw() -> bytes:
            found = live.reach(spot, seconds, emergency=emergency)
            return msgspec.json.encode(reach_json(live.graph, spot, found))

        return Response(await asyncio.to_thread(draw), media_type="application/geo+json")

    @api.get("/near")
    async def near(_caller: sees, lon: Lon, lat: Lat, within: Annotated[float, Query(gt=0, le=500)] = 40.0) -> Json:
        graph = world.city.graph
        spots = graph.snaps(LonLat(lon, lat), within=within, most=8)
        return {"items": [{**spot_json(graph, one), "line": graph.shapes.lines[one.link]} for one in spots]}


def _add_traffic(api: APIRouter, world: World, gate: Gate) -> None:
    sees = Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]
    lines, speeds = DrawnOnce(), DrawnOnce()

    @api.get("/links.geojson")
    async def links(_caller: sees, request: Request) -> Response:
        graph = world.city.graph
        drawn = await lines.get(graph, lambda: msgspec.json.encode(links_json(graph)))
        return tagged(request, drawn, "application/geo+json")

    @api.get("/traffic")
    async def traffic(_caller: sees, request: Request) -> Response:
        live = world.city.live_roads
        now = live.now  # another one at every change
        drawn = await speeds.get(now, lambda: msgspec.json.encode(speeds_json(live, now)))
        return tagged(request, drawn, "application/json")


def _add_closures(api: APIRouter, world: World, gate: Gate) -> None:
    sees = Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]

    @api.get("/closures")
    async def closures(_caller: sees) -> Json:
        live = world.city.live_roads
        return {"items": [closure_json(live.graph, one) for one in live.closures]}

    @api.post("/closures", status_code=201)
    async def close(caller: handles, body: NewClosure) -> Json:
        place = LonLat(body.lon, body.lat) if body.lon is not None and body.lat is not None else None
        until: datetime | None = body.until
        links = [LinkId(link) for link in body.links]
        asked = RoadToClose(Scope(body.scope), body.reason, until, links, place, body.radius)
        return closure_json(world.city.graph, await close_road(world, caller, asked))

    @api.delete("/closures/{closure_id}")
    async def opened(caller: handles, closure_id: str) -> Json:
        return closure_json(world.city.graph, await open_road(world, caller, ClosureId(closure_id)))


def snapped(graph: RoadGraph, place: LonLat, heading: float | None = None) -> Spot:
    """The place on the roads; raises NotFound when none is near."""
    spot = graph.snap(place, heading)
    if spot is None:
        raise NotFound(Text("그 위치 가까이에 도로가 없습니다.", "There is no road near that place."))
    return spot
