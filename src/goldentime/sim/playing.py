"""Which cameras of any city play in a demo: a few around each of several places, where reports then happen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goldentime.city.cameras.inventory import Camera
from goldentime.city.cameras.streams import Stream
from goldentime.core.ids import SiteId
from goldentime.sim.agencies.scenario import Hotspot

EACH = 6  # cameras that play around one place: four to dock and two for the next ring
SPREAD = 40.0  # metres around the middle within which reports fall


@dataclass(frozen=True, slots=True)
class Playing:
    """Addresses for cameras, and the places they surround."""

    streams: tuple[Stream, ...]
    hotspots: tuple[Hotspot, ...]


def choose_playing(cameras: Sequence[Camera], names: Mapping[SiteId, str], count: int, rtsp: str) -> Playing:
    """At least `count` cameras (when the city has as many), each place's from different sites; the same every time."""
    if not cameras:
        return Playing((), ())
    ordered = sorted(cameras, key=lambda camera: (camera.number, camera.id))
    firsts = [camera for camera in ordered if camera.number == 1]
    points = np.array([(camera.place.lon, camera.place.lat) for camera in firsts])
    points[:, 0] *= np.cos(np.radians(points[:, 1].mean()))
    streams: dict[str, Stream] = {}
    hotspots: list[Hotspot] = []
    crowd = np.array([np.sort(((points - point) ** 2).sum(axis=1))[min(EACH, len(points) - 1)] for point in points])
    candidates = np.argsort(crowd, kind="stable")[: max(1, len(points) // 3)]  # where sites stand close together
    chosen: list[int] = [int(candidates[0])]
    while True:
        middle = chosen[-1]
        nearest = np.argsort(((points - points[middle]) ** 2).sum(axis=1), kind="stable")[:EACH]
        for row in nearest:
            camera = firsts[int(row)]
            streams[camera.id] = Stream(camera.id, f"{rtsp.rstrip('/')}/cam/{camera.id}")
        place = firsts[middle].place
        name = names.get(firsts[middle].site_id, "")
        hotspots.append(Hotspot(name=name, lon=place.lon, lat=place.lat, spread=SPREAD))
        if len(streams) >= min(count, len(firsts)):
            return Playing(tuple(streams.values()), tuple(hotspots))
        apart = np.min([((points[candidates] - points[one]) ** 2).sum(axis=1) for one in chosen], axis=0)
        if apart.max() <= 0:
            return Playing(tuple(streams.values()), tuple(hotspots))
        chosen.append(int(candidates[int(apart.argmax())]))
