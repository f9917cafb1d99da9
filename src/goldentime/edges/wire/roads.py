"""How routes, reach, closures and speeds look to those who ask for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from goldentime.city.roads.closed_links import count_missing
from goldentime.city.roads.closures import Closure
from goldentime.city.roads.conditions import Conditions
from goldentime.city.roads.congestion import level_of
from goldentime.city.roads.graph import RoadGraph, Spot
from goldentime.city.roads.live import LiveRoads, Reached
from goldentime.city.roads.route import Route
from goldentime.core.clock import KST
from goldentime.core.text import Text
from goldentime.edges.wire.incidents import moment

Json = dict[str, Any]


def spot_json(graph: RoadGraph, spot: Spot) -> Json:
    """Where on the roads a place was taken to be."""
    return {
        "link": graph.ids[spot.link],
        "road": graph.links[spot.link].name,
        "along": round(spot.along, 4),
        "lon": round(spot.place.lon, 6),
        "lat": round(spot.place.lat, 6),
        "metres_off": round(spot.metres_off, 1),
    }


def route_json(route: Route | None, reason: Text | None) -> Json:
    """A route, or in words why there is none."""
    if route is None:
        return {"found": False, "reason": reason.to_dict() if reason else None}
    return {
        "found": True,
        "seconds": round(route.seconds, 1),
        "metres": round(route.metres, 1),
        "links": list(route.links),
        "line": [[round(lon, 6), round(lat, 6)] for lon, lat in route.line],
        "steps": [
            {
                "kind": step.kind,
                "road": step.road,
                "metres": round(step.metres, 1),
                "seconds": round(step.seconds, 1),
                "lon": round(step.place.lon, 6),
                "lat": round(step.place.lat, 6),
                "text": step.text.to_dict(),
            }
            for step in route.steps
        ],
    }


def reach_json(graph: RoadGraph, spot: Spot, reached: Sequence[Reached]) -> Json:
    """What can be driven to in time, as GeoJSON: a line a link, cut where the time is up."""
    features = []
    for one in reached:
        row = graph.row_of[one.link]
        since = spot.along if row == spot.link and one.seconds == 0.0 else 0.0
        line = graph.shapes.part(row, since, max(since, one.share))
        geometry = {"type": "LineString", "coordinates": [[round(lon, 6), round(lat, 6)] for lon, lat in line]}
        properties = {"link": one.link, "seconds": round(one.seconds, 1), "share": round(one.share, 4)}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def closure_json(graph: RoadGraph, closure: Closure) -> Json:
    """One closure; the names are of its roads, each once."""
    rows = [graph.row_of[link] for link in closure.links if link in graph.row_of]
    names = sorted({graph.links[row].name for row in rows if graph.links[row].name})
    return {
        "id": closure.id,
        "links": sorted(closure.links),
        "roads": names,
        "scope": closure.scope.value,
        "reason": closure.reason,
        "closed_at": moment(closure.closed_at),
        "until": moment(closure.until),
        "lon": closure.place.lon if closure.place else None,
        "lat": closure.place.lat if closure.place else None,
        "radius": closure.radius,
        "missing_links": count_missing(graph, closure),
    }


def links_json(graph: RoadGraph) -> Json:
    """Every link's line as GeoJSON, for drawing speeds and closures on."""
    features = [
        {
            "type": "Feature",
            "id": row,
            "geometry": {"type": "LineString", "coordinates": [[round(x, 6), round(y, 6)] for x, y in line]},
            "properties": {"link": link.id, "name": link.name, "rank": link.rank},
        }
        for row, (link, line) in enumerate(zip(graph.links, graph.shapes.lines, strict=True))
    ]
    return {"type": "FeatureCollection", "features": features}


def speeds_json(live: LiveRoads, now: Conditions) -> Json:
    """How traffic is on every link that was measured lately, by its row in `links_json`, and what is closed."""
    graph, kmh = live.graph, now.kmh(live.graph)
    measured = np.flatnonzero(now.measured)
    rows, at = measured.tolist(), live.measured.at[measured]
    newest = datetime.fromtimestamp(float(at.max()), KST).isoformat() if len(at) else None
    return {
        "network": graph.stamp,
        "measured_at": newest,
        "levels": {str(row): level_of(graph.links[row].rank, float(kmh[row])) for row in rows},
        "kmh": {str(row): round(float(kmh[row]), 1) for row in rows},
        "closures": [closure_json(graph, closure) for closure in now.closures],
    }
