"""On which way one drives to a scene with lights and siren, also where its own road is closed to all."""

from goldentime.city.roads.graph import Spot
from goldentime.city.roads.route import Route
from goldentime.core.place import LonLat
from goldentime.flows.known_city import KnownCity

SAME_METRES = 1.0  # a street's two sides: as near as each other


def find_route(
    city: KnownCity, start: Spot, scene: LonLat, width: float | None
) -> tuple[Route, tuple[Spot, Spot]] | None:
    """The quickest way with lights and siren and its ends; to a scene closed to all, as near as roads are open."""
    found: tuple[Route, tuple[Spot, Spot]] | None = None
    for end in city.live_roads.scene_spots(scene):
        if found is not None and end.metres_off > found[1][1].metres_off + SAME_METRES:
            break
        route = city.live_roads.route(start, end, emergency=True, vehicle_width_m=width)
        if route is not None and (found is None or route.seconds < found[0].seconds):
            found = route, (start, end)
    return found
