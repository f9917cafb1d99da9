"""How fast the right cameras are found and ranked, beside PostGIS and shapely's tree on the same cameras."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import psycopg
import pyproj
import shapely

from bench.throwaway_postgis import is_here, postgis
from goldentime.city.cameras.choose import Scene, rank_cameras
from goldentime.city.cameras.grid import CameraIndex
from goldentime.city.cameras.inventory import Camera, Purpose, Status, camera_id
from goldentime.city.cameras.warm import warm
from goldentime.core.ids import SiteId
from goldentime.core.place import LonLat

CAMERAS, SCENES, RADIUS = 100_000, 4_000, 500.0
CITY = Path(__file__).parents[2] / "shared/cities/suwon"
Row = dict[str, Any]


def cameras(count: int = CAMERAS) -> list[Camera]:
    """Sites of one to five cameras over 27 by 22 km, as dense as Suwon's; half of the sites know their directions."""
    rng = np.random.default_rng(1)
    made: list[Camera] = []
    purposes = list(Purpose)
    while len(made) < count:
        site = SiteId(f"site-{len(made)}")
        place = LonLat(float(rng.uniform(126.85, 127.15)), float(rng.uniform(37.15, 37.35)))
        known, purpose = rng.random() < 0.5, purposes[rng.integers(len(purposes))]
        for number in range(1, int(rng.integers(1, 6)) + 1):
            bearing = float(rng.uniform(0, 360)) if known else None
            made.append(
                Camera(camera_id(site, number), site, number, place, purpose, Status.WORKING, bearing, megapixels=2.0)
            )
    return made[:count]


def scenes(count: int = SCENES) -> list[LonLat]:
    rng = np.random.default_rng(2)
    return [
        LonLat(float(lon), float(lat))
        for lon, lat in zip(rng.uniform(126.87, 127.13, count), rng.uniform(37.17, 37.33, count), strict=True)
    ]


def each(places: list[LonLat], ask: Callable[[LonLat], Any]) -> tuple[float, float, float]:
    """Median, p99 and mean over the scenes in microseconds, each scene the best of three: others share the cores."""
    times = np.empty((3, len(places)))
    for turn in times:
        for n, place in enumerate(places):
            start = perf_counter()
            ask(place)
            turn[n] = perf_counter() - start
    best = times.min(axis=0) * 1e6
    return float(np.median(best)), float(np.percentile(best, 99)), float(best.mean())


class Tree:
    """The same question put to shapely: a tree query in metres, then the sector test over arrays."""

    def __init__(self, index: CameraIndex) -> None:
        self.to_metres = pyproj.Transformer.from_crs(4326, 5186, always_xy=True)
        east, north = self.to_metres.transform(*index.places.T)
        self.xy = np.column_stack([east, north])
        self.tree = shapely.STRtree(shapely.points(self.xy))
        self.bearing = np.array([np.nan if c.bearing is None else c.bearing for c in index.cameras])
        self.half = np.array([c.field / 2 for c in index.cameras])
        self.reach = np.array([c.reach for c in index.cameras])

    def ask(self, place: LonLat) -> Any:
        """By the tree's own distance test."""
        x, y = self.to_metres.transform(place.lon, place.lat)
        found = self.tree.query(shapely.Point(x, y), predicate="dwithin", distance=RADIUS)
        return found[self.sees(found, np.array([x, y]))]

    def ask_by_box(self, place: LonLat) -> Any:
        """By the tree's boxes, distances in numpy: the faster way."""
        x, y = self.to_metres.transform(place.lon, place.lat)
        found = self.tree.query(shapely.box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS))
        here = np.array([x, y])
        found = found[((self.xy[found] - here) ** 2).sum(axis=1) <= RADIUS**2]
        return found[self.sees(found, here)]

    def sees(self, found: Any, here: Any) -> Any:
        way = here - self.xy[found]
        toward = np.degrees(np.arctan2(way[:, 0], way[:, 1]))
        turned = np.abs((toward - self.bearing[found] + 180) % 360 - 180)
        inside = (turned <= self.half[found]) & (np.hypot(*way.T) <= self.reach[found])
        return inside | np.isnan(self.bearing[found])

    def ask_all(self, places: list[LonLat]) -> Any:
        x, y = self.to_metres.transform([p.lon for p in places], [p.lat for p in places])
        here = np.column_stack([x, y])
        scene, found = self.tree.query(shapely.points(here), predicate="dwithin", distance=RADIUS)
        return found[self.sees(found, here[scene])]


SELECT = """SELECT id, ST_Distance(geom, p) FROM camera, (SELECT ST_SetSRID(ST_MakePoint(%s, %s), 5186) p) here
    WHERE ST_DWithin(geom, p, 500) AND (bearing IS NULL OR (ST_Distance(geom, p) <= reach
    AND abs(mod((degrees(ST_Azimuth(geom, p)) - bearing + 540)::numeric, 360)::float8 - 180) <= half))"""
QUERIES = {"all within 500 m": SELECT, "nearest 20": SELECT + " ORDER BY geom <-> p LIMIT 20"}


def ask_postgis(index: CameraIndex, places: list[LonLat]) -> Iterator[tuple[str, float, float, float]]:
    """Name, median, p99 and mean of each way to ask PostGIS, prepared, over a Unix socket, everything in memory."""
    to_metres = pyproj.Transformer.from_crs(4326, 5186, always_xy=True)
    east, north = to_metres.transform(*index.places.T)
    with postgis() as db:
        db.execute(
            "CREATE TABLE camera (id int, geom geometry(Point, 5186), bearing float8, half float8, reach float8)"
        )
        with db.cursor().copy("COPY camera FROM STDIN") as copy:
            for row, camera in enumerate(index.cameras):
                point = f"SRID=5186;POINT({east[row]} {north[row]})"
                copy.write_row((row, point, camera.bearing, camera.field / 2, camera.reach))
        db.execute("CREATE INDEX ON camera USING gist (geom)")
        db.execute("VACUUM ANALYZE camera")
        db.execute("SELECT pg_catalog.count(*) FROM camera")
        for name, query in QUERIES.items():

            def ask(place: LonLat, query: str = query) -> list[Any]:
                here = to_metres.transform(place.lon, place.lat)
                return db.execute(query, here, prepare=True, binary=True).fetchall()

            if query == SELECT and abs(len(ask(places[0])) - len(index.looking_at(places[0], RADIUS).rows)) > 1:
                msg = "PostGIS and the grid do not find the same cameras"
                raise AssertionError(msg)
            yield name, *each(places, ask)


def candidates(index: CameraIndex, places: list[LonLat]) -> list[Row]:
    """Candidates by sector: ours, the tree, PostGIS, in one run."""
    median, p99, mean = each(places, lambda place: index.looking_at(place, RADIUS))
    tree = Tree(index)
    theirs = set(tree.ask_by_box(places[0]).tolist())
    ours = set(index.looking_at(places[0], RADIUS).rows.tolist())
    if len(ours ^ theirs) > 1:
        msg = "the tree and the grid do not find the same cameras"
        raise AssertionError(msg)
    tree_p99 = min(each(places, tree.ask)[1], each(places, tree.ask_by_box)[1])
    start = perf_counter()
    tree.ask_all(places)
    tree_mean = (perf_counter() - start) / len(places) * 1e6
    what = "candidates by sector among 100,000 cameras"
    rows = [
        row(f"{what}, p99", p99, "us", rival=("STRtree, one by one", tree_p99), reach=1.0),
        row(f"{what}, mean", mean, "us", rival=("STRtree, 4,000 scenes in one call", tree_mean), reach=1.0),
        row(f"{what}, median", median, "us"),
    ]
    without = {**row(f"{what}, p99", p99, "us"), "reach": "20 times"}
    if not is_here():
        return [{**without, "rival": "PostGIS: not installed, not run"}, *rows]
    try:
        asked = list(ask_postgis(index, places[:2_000]))
    except (subprocess.CalledProcessError, OSError, psycopg.Error) as problem:
        return [{**without, "rival": f"PostGIS: did not start, not run ({problem})"}, *rows]
    rows += [row(f"{what}: PostGIS {name}, median", half, "us") for name, half, _, _ in asked]
    fastest, _, rival, _ = min(asked, key=lambda a: a[2])
    return [row(f"{what}, p99", p99, "us", rival=(f"PostGIS, {fastest}", rival), reach=20.0), *rows]


def ranking(index: CameraIndex, places: list[LonLat]) -> list[Row]:
    """The whole answer: four picks with coverage and reasons, with and without known roads; widest ring too."""
    roads = (10.0, 95.0, 190.0, 280.0)
    asked = {
        "no road known": lambda p: rank_cameras(Scene(p, "112UC001"), index),
        "four roads known": lambda p: rank_cameras(Scene(p, "112UC001", roads), index),
    }
    rows = []
    for name, ask in asked.items():
        median, p99, _ = each(places, ask)
        rows.append(row(f"the whole ranking with coverage and reasons, {name}, median", median / 1e3, "ms"))
        rows.append(row(f"the whole ranking with coverage and reasons, {name}, p99", p99 / 1e3, "ms", below=2.0))
    _, p99, _ = each(places[:1_000], lambda p: rank_cameras(Scene(p), index, radius=3000.0))
    rows.append(row("the same at the widest ring, 3 km (some 4,700 cameras), p99", p99 / 1e3, "ms"))
    return rows


def standing_still(index: CameraIndex) -> list[Row]:
    """What a start and a change cost."""
    start = perf_counter()
    CameraIndex(index.cameras)
    built = perf_counter() - start
    one = index.cameras[0]
    start = perf_counter()
    index.with_changed([one])
    changed = perf_counter() - start
    return [
        row("index of 100,000 cameras built", built * 1e3, "ms"),
        row("one camera's status or aim changed in it", changed * 1e3, "ms"),
    ]


def coverage() -> list[Row]:
    """Four chosen against the nearest four over real Suwon, directions of no, half of and all sites known."""
    if not CITY.exists():
        return []
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    suwon = importlib.import_module("fakes.watched_suwon")
    everyone = suwon.read_cameras(CITY)
    plain = CameraIndex(everyone)
    places = {"crossings": suwon.crossings(CITY, plain, 200, seed=11), "lanes": suwon.lanes(plain, 200, seed=11)}
    rows = []
    for name, spots in places.items():
        for share in (0.0, 0.5, 1.0):
            ours, theirs = np.zeros(3), np.zeros(3)
            for seed in range(3):
                truth = suwon.draw_directions(everyone, seed=seed)
                told = suwon.tell(everyone, truth, share, seed=seed)
                ours += astuple(suwon.watched(spots, truth, lambda s, told=told: suwon.chosen(told, s, 4)))
                theirs += astuple(suwon.watched(spots, truth, lambda s, told=told: suwon.nearest(told, s.place, 4)))
            parts = ("approaches shown, share", "scenes shown, share", "sides shown of six, number")
            for part, value, rival in zip(parts, ours / 3, theirs / 3, strict=True):
                what, unit = part.split(", ")
                rows.append(
                    {
                        **row(f"Suwon {name}, {share:.0%} of directions known: {what} by four picks", value, unit),
                        "rival": f"nearest four: {rival:.3f}",
                        "ratio": round(float(value / rival), 3),
                    }
                )
    return rows


def row(
    what: str, value: float, unit: str, *, rival: tuple[str, float] | None = None, reach: float = 0, below: float = 0
) -> Row:
    """A line of results.json; `reach` is how many times faster than the rival, `below` a bound on the value."""
    ratio = None if rival is None else round(rival[1] / value, 2)
    met = ratio >= reach if ratio is not None else value <= below if below else None
    return {
        "what": what,
        "value": round(float(value), 3),
        "unit": unit,
        "rival": None if rival is None else f"{rival[0]}: {rival[1]:.1f} {unit}",
        "ratio": ratio,
        "reach": f"{reach:g} times" if rival else f"{below:g} {unit}" if below else None,
        "met": met,
    }


def rows() -> list[Row]:
    """Every figure of choosing, measured in one run."""
    loaded = warm()
    index, places = CameraIndex(cameras()), scenes()
    return [
        *candidates(index, places),
        *ranking(index, places),
        row("compiled ranking loaded at start", loaded * 1e3, "ms"),
        *standing_still(index),
        *coverage(),
    ]


if __name__ == "__main__":
    for line in rows():
        print(json.dumps(line, ensure_ascii=False))
