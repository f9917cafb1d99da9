"""What lies on a crew's way: how fast its pieces are, what narrows or closes them, schools and cameras beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goldentime.city.cameras.inventory import Camera, Status
from goldentime.city.places.along import along_way
from goldentime.city.places.place import Place, PlaceKind
from goldentime.city.roads.closures import Closure
from goldentime.city.roads.graph import Spot
from goldentime.city.roads.route import Route
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.known_city import KnownCity
from goldentime.flows.roads.find_route import find_route

SCHOOL_METRES = 60.0  # a school's point lies off its zone's road
CAMERA_METRES = 35.0
CAMERA_EVERY = 150.0  # metres of way between two cameras told
MOST_CAMERAS = 8
CLOSURE_METRES = 400.0
USUAL_WIDTH = 2.5  # of a fire engine, metres
ROOM_BESIDE = 1.0  # metres that a driver wants beside the vehicle's own width; less is called narrow
# Share of the empty road's speed below which traffic is slow, or stands: 25 and 15 km/h (Seoul TOPIS's bands for town
# streets) on one of 50 km/h, which is driven at 40 when empty
SLOW, JAMMED = 0.625, 0.375
OFF_ROADS = Text("도로망에서 먼 곳이라 길을 찾지 못합니다.", "Too far from any known road to find a way.")


@dataclass(frozen=True, slots=True)
class Piece:
    """One link of the way: its line (lon, lat), `free`, `slow` or `jammed`, and whether it is narrow for the unit."""

    line: tuple[tuple[float, float], ...]
    level: str
    narrow: bool
    width_m: float | None
    road: str
    metres_along: float


@dataclass(frozen=True, slots=True)
class Beside:
    """Something beside the way, so many metres from its beginning."""

    what: Camera | Place
    metres_along: float


@dataclass(frozen=True, slots=True)
class Way:
    """The way from where the unit is to the scene."""

    route: Route
    pieces: tuple[Piece, ...]
    schools: tuple[Beside, ...]
    cameras: tuple[Beside, ...]
    closures: tuple[Closure, ...]


def look_ahead(city: KnownCity, start: Spot | None, scene: LonLat, width: float | None) -> Way | None:
    """The quickest way with lights and siren and what lies on it; None where there is none (`why_no_way` says why)."""
    found = find_route(city, start, scene, width) if start is not None else None
    if found is None:
        return None
    route, ends = found
    pieces = _pieces(city, route, ends, width)
    schools = [place for place in city.places if place.kind is PlaceKind.SCHOOL_ZONE]
    spots = np.array([(one.place.lon, one.place.lat) for one in schools], dtype=np.float64).reshape(-1, 2)
    beside = along_way(spots, route.line, within=SCHOOL_METRES)
    return Way(
        route,
        pieces,
        tuple(Beside(schools[row], metres) for row, metres, _ in beside),
        _cameras(city, route),
        _closures(city, route),
    )


def why_no_way(city: KnownCity, start: Spot | None, scene: LonLat, width: float | None) -> Text:
    """Why `look_ahead` found none, in words."""
    end = city.graph.snap(scene) if len(city.graph) else None
    ends = (start, end) if start is not None and end is not None else None
    told = city.live_roads.why_not(*ends, emergency=True, vehicle_width_m=width) if ends else OFF_ROADS
    return told or OFF_ROADS


def _pieces(city: KnownCity, route: Route, ends: tuple[Spot, Spot], width: float | None) -> tuple[Piece, ...]:
    graph, live, last = city.graph, city.live_roads, len(route.links) - 1
    wanted = (width or USUAL_WIDTH) + ROOM_BESIDE
    pieces, along = [], 0.0
    for at, link_id in enumerate(route.links):
        row = graph.row_of[link_id]
        since, until = ends[0].along if at == 0 else 0.0, ends[1].along if at == last else 1.0
        free = float(graph.metres[row] * 3.6 / graph.free_seconds[row]) if graph.free_seconds[row] else 0.0
        share = live.speed(link_id) / free if free else 1.0
        level = "jammed" if share < JAMMED else "slow" if share < SLOW else "free"
        wide = float(graph.width[row])
        known = wide if np.isfinite(wide) else None
        narrow = known is not None and known < wanted
        line = tuple(graph.shapes.part(row, since, until))
        pieces.append(Piece(line, level, narrow, known, graph.links[row].name, along))
        along += float(graph.metres[row]) * (until - since)
    return tuple(pieces)


def _cameras(city: KnownCity, route: Route) -> tuple[Beside, ...]:
    """Working cameras beside the way, the nearest to it in every so many metres, nearest to the unit first."""
    index = city.index
    if not len(index):
        return ()
    best: dict[int, tuple[float, float, Camera]] = {}
    for row, metres, off in along_way(index.places, route.line, within=CAMERA_METRES):
        camera = index.cameras[row]
        if camera.status is not Status.WORKING:
            continue
        bucket = int(metres // CAMERA_EVERY)
        if bucket not in best or off < best[bucket][0]:
            best[bucket] = (off, metres, camera)
    return tuple(Beside(camera, metres) for _, metres, camera in list(best.values())[:MOST_CAMERAS])


def _closures(city: KnownCity, route: Route) -> tuple[Closure, ...]:
    """What is closed near the way, so that the driver knows why it bends."""
    graph = city.graph
    found: Sequence[Closure] = city.live_roads.closures
    near = []
    for closure in found:
        rows = [graph.row_of[link] for link in closure.links if link in graph.row_of]
        spots = np.array([graph.shapes.place_at(row, 0.5) for row in rows], dtype=np.float64).reshape(-1, 2)
        if along_way(spots, route.line, within=CLOSURE_METRES):
            near.append(closure)
    return tuple(near)
