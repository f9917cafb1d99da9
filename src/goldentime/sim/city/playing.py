"""Which cameras of a city play in the demo, and where its simulated reports happen: among them."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from goldentime.city.cameras.inventory import Site, camera_id
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.place import LonLat, distance_metres

_AROUND_METRES = 260.0
_APART_METRES = 1200.0
_CELL = 0.004  # degrees, more than _AROUND_METRES


@dataclass(frozen=True, slots=True)
class Hotspot:
    """Where simulated reports happen; `words` is the place as a caller would say it, an address of the city."""

    name: str
    place: LonLat
    words: str
    cameras: tuple[CameraId, ...]


def choose_hotspots(sites: Mapping[SiteId, Site], *, playing: int = 60, spots: int = 6) -> list[Hotspot]:
    """Up to `spots` places far apart, with `playing` cameras in all standing close around them.

    The same sites give the same answer; places where many sites stand come first.
    """
    cells: dict[tuple[int, int], list[Site]] = defaultdict(list)
    for site in sorted(sites.values(), key=lambda s: s.id):
        cells[_cell(site.place)].append(site)
    ranked = sorted(sites.values(), key=lambda s: (-len(_around(s.place, cells)), s.id))
    chosen: list[Site] = []
    for site in ranked:
        if len(chosen) == spots:
            break
        if all(distance_metres(site.place, other.place) >= _APART_METRES for other in chosen):
            chosen.append(site)
    hotspots = []
    left = playing
    for number, heart in enumerate(chosen):
        share = left // (len(chosen) - number)
        cameras = _cameras(_around(heart.place, cells), share)
        left -= len(cameras)
        hotspots.append(Hotspot(heart.name, heart.place, heart.lot_address or heart.address, cameras))
    return hotspots


def streams_csv(hotspots: Iterable[Hotspot], rtsp_base: str) -> str:
    """A VMS list for `goldentime import streams`: each hotspot's cameras play at `{rtsp_base}/cam/{camera id}`.

    Every other one has a small stream too, at `/low/`: a city has both sorts.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("관리번호", "카메라번호", "영상주소", "보조영상주소", "전송방식", "연결정책"))
    for hotspot in hotspots:
        for at, camera in enumerate(hotspot.cameras):
            site, _, number = camera.rpartition("-")
            base = rtsp_base.rstrip("/")
            small = f"{base}/low/{camera}" if at % 2 == 0 else ""
            writer.writerow((site, number, f"{base}/cam/{camera}", small, "tcp", "on_demand"))
    return out.getvalue()


def _cameras(near: Sequence[Site], share: int) -> tuple[CameraId, ...]:
    """First one camera of each site, nearest first, then the second ones: many views before many of one pole."""
    found: list[CameraId] = []
    for number in range(1, max((s.cameras for s in near), default=0) + 1):
        for site in near:
            if number <= site.cameras and len(found) < share:
                found.append(camera_id(site.id, number))
    return tuple(found)


def _around(place: LonLat, cells: Mapping[tuple[int, int], Sequence[Site]]) -> list[Site]:
    i, j = _cell(place)
    near = [
        (distance_metres(place, site.place), site)
        for a in (i - 1, i, i + 1)
        for b in (j - 1, j, j + 1)
        for site in cells.get((a, b), ())
    ]
    return [s for d, s in sorted(near, key=lambda one: (one[0], one[1].id)) if d <= _AROUND_METRES]


def _cell(place: LonLat) -> tuple[int, int]:
    return round(place.lon / _CELL), round(place.lat / _CELL)
