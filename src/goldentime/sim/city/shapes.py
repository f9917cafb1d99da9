"""What the sample city's maps say: its boundaries, water, parks and roads as GeoJSON, in the ministries' layouts."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapely import set_precision, transform
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from goldentime.sim.city import names
from goldentime.sim.city.layout import Plan
from goldentime.sim.city.network import Edge, Key
from goldentime.sim.city.plane import Point, to_lonlat
from goldentime.sim.city.rows import stem

Feature = Mapping[str, Any]
_CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}


def collection(features: Iterable[Feature]) -> str:
    """A FeatureCollection in WGS84."""
    tree = {"type": "FeatureCollection", "crs": _CRS, "features": list(features)}
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def dong_features(plan: Plan) -> Iterable[Feature]:
    """Legal neighbourhoods."""
    for one in plan.neighbourhoods:
        yield _polygon({"EMD_CD": one.code, "EMD_KOR_NM": one.name}, one.shape)


def gu_features(plan: Plan) -> Iterable[Feature]:
    """The two districts."""
    for number, district in enumerate(names.DISTRICTS, 1):
        shapes = [one.shape for one in plan.neighbourhoods if one.district == district]
        if shapes:
            yield _polygon({"SIG_CD": f"9911{number}", "SIG_KOR_NM": f"{names.CITY} {district}"}, unary_union(shapes))


def water_features(plan: Plan) -> Iterable[Feature]:
    """The stream."""
    yield _polygon({"name": names.RIVER, "kind": "water"}, plan.ground.river)


def park_features(plan: Plan) -> Iterable[Feature]:
    """Parks and hills."""
    for name, shape in (*plan.parks, *zip(names.HILLS, plan.ground.hills, strict=False)):
        yield _polygon({"name": name, "kind": "park"}, shape)


def node_ids(plan: Plan) -> dict[Key, str]:
    """Ten digits a node, like the Ministry's."""
    return {key: f"99900{number:05d}" for number, key in enumerate(sorted(plan.network.nodes), 1)}


def link_features(plan: Plan) -> Iterable[Feature]:
    """Two directed links an edge."""
    ids = node_ids(plan)
    for number, edge in enumerate(sorted(plan.network.edges, key=lambda e: (e.road.name, e.start)), 1):
        for way, (a, b, line) in enumerate(((edge.a, edge.b, edge.line), (edge.b, edge.a, edge.line[::-1]))):
            yield {
                "type": "Feature",
                "properties": _link(f"999{number:05d}{way:02d}", (ids[a], ids[b]), edge),
                "geometry": {"type": "MultiLineString", "coordinates": [[to_lonlat(spot) for spot in line]]},
            }


def _link(link_id: str, ends: tuple[str, str], edge: Edge) -> Mapping[str, object]:
    return {
        "LINK_ID": link_id,
        "F_NODE": ends[0],
        "T_NODE": ends[1],
        "ROAD_USE": "0",
        "LANES": edge.road.lanes,
        "ROAD_RANK": edge.road.rank,
        "ROAD_NAME": edge.road.name,
        "MULTI_LINK": "0",
        "CONNECT": "000",
        "MAX_SPD": edge.road.speed,
        "REST_VEH": "0",
        "ROAD_TYPE": "000",
        "ROAD_NO": "-",
    }


def node_features(plan: Plan, crossing_names: Mapping[Key, str]) -> Iterable[Feature]:
    """Nodes; big crossings have names."""
    for key, node_id in node_ids(plan).items():
        yield {
            "type": "Feature",
            "properties": {
                "NODE_ID": node_id,
                "NODE_TYPE": "101" if plan.network.degree[key] > 2 else "102",
                "NODE_NAME": crossing_names.get(key, "-"),
                "TURN_P": "0",
            },
            "geometry": {"type": "MultiPoint", "coordinates": [to_lonlat(plan.network.nodes[key])]},
        }


def name_crossings(plan: Plan) -> dict[Key, str]:
    """A name for every crossing of two main roads: after both, or after the neighbourhood."""
    roads: dict[Key, set[str]] = defaultdict(set)
    for edge in plan.network.edges:
        if edge.road.speed == 60:
            roads[edge.a].add(edge.road.name)
            roads[edge.b].add(edge.road.name)
    keys = [key for key in sorted(roads) if len(roads[key]) > 1 and plan.network.degree[key] > 2]
    spots: Sequence[Point] = [plan.network.nodes[key] for key in keys]
    taken: set[str] = set()
    found = {}
    for key, where in zip(keys, plan.neighbourhoods_at(spots), strict=True):
        kind = "삼거리" if plan.network.degree[key] == 3 else "사거리"
        words = [road.removesuffix("로").removesuffix("대") for road in sorted(roads[key])]
        choices = (stem(where.name) + kind, *(w + kind for w in words), words[0] + words[1] + kind)
        name = next((c for c in choices if c not in taken), "")
        if name:
            taken.add(name)
            found[key] = name
    return found


def _polygon(properties: Mapping[str, object], shape: BaseGeometry) -> Feature:
    moved = transform(set_precision(shape.simplify(1.5), 0.5), lambda c: [to_lonlat((x, y)) for x, y in c.tolist()])
    return {"type": "Feature", "properties": properties, "geometry": moved.__geo_interface__}
