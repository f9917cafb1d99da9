"""Which of 40 units is there first, one route, and all speeds replaced: ours against Valhalla, OSRM and scipy."""

import asyncio
import gc
import json
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from bench.asked_of_roads import QUICKEST, ROUNDS, SUWON, Point, Timed, each, places, rounded_ms, suwon
from bench.city_server import Running, running_city
from bench.report import call, operator_cookie, p99, request
from bench.rivals.environment import NotHere, environment
from bench.rivals.osm_file import write_osm
from goldentime.city.roads.graph import RoadGraph
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, Roads
from goldentime.city.roads.live import LiveRoads
from goldentime.core.clock import SystemClock
from goldentime.core.place import LonLat

RIVALS = Path(__file__).parent / "rivals"
ASKED, UNITS = 300, 40
Row = dict[str, Any]


def rival(version: str, program: str, job: Path, folder: Path) -> dict[str, Any]:
    """What an engine answered; raises NotHere."""
    told = folder / f"{program}.json"
    try:
        command = [environment(version) / "python", RIVALS / f"{program}.py", job, told]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    except subprocess.SubprocessError as problem:
        words = getattr(problem, "stderr", b"") or b""
        raise NotHere(f"did not run: {words.decode(errors='replace')[-160:] or problem}") from problem
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def same_order(ours: list[Any], theirs: list[list[float | None]]) -> tuple[float, float]:
    """How often both name the same first unit (or one not a tenth slower by our times), and Kendall's tau, median."""
    first, taus = [], []
    for mine, other in zip(ours, theirs, strict=True):
        if len(other) != len(mine) or any(value is None for value in other):
            continue
        us, them = np.asarray(mine), np.asarray(other, dtype=float)
        first.append(bool(us[int(np.argmin(them))] <= us.min() * 1.1 + 1.0))
        a, b = np.sign(us[:, None] - us), np.sign(them[:, None] - them)
        upper = np.triu_indices(len(mine), 1)
        taus.append(float((a * b)[upper].mean()))
    return (statistics.mean(first), statistics.median(taus)) if first else (0.0, 0.0)


def best_of_forty(live: LiveRoads, folder: Path) -> list[Row]:
    """Places to seconds to an order, from bare points, as a rival is asked too."""
    graph = live.graph
    scenes, fleet = places(live, ASKED, 1), places(live, 600, 2)
    chance = random.Random(3)  # noqa: S311  (the same each time)
    matrices = [(scene, chance.sample(fleet, UNITS)) for scene in scenes]
    routes = [(chance.choice(fleet), scene) for scene in scenes]
    kmh = {row: float(value) for row, value in enumerate(live.kmh)}
    write_osm(graph, kmh, folder / "suwon.osm.pbf")
    job = folder / "job.json"
    job.write_text(
        json.dumps(
            {
                "folder": str(folder),
                "pbf": str(folder / "suwon.osm.pbf"),
                "matrices": matrices,
                "routes": routes,
                "rounds": ROUNDS,
            }
        )
    )

    def ask(scene: Point, units: list[Point]) -> Any:
        spots = [graph.snap(LonLat(*unit)) for unit in units]
        seconds = live.times_to(graph.snap(LonLat(*scene)), spots)
        return seconds, np.argsort(seconds)

    def way(a: Point, b: Point) -> Any:
        found = live.route(graph.snap(LonLat(*a)), graph.snap(LonLat(*b)))
        return found and (found.line, found.metres, found.seconds)

    each(ask, matrices[:20]), each(way, routes[:20])
    took, answers = each(ask, matrices)
    routed, _ = each(way, routes)
    seconds = [one[0] for one in answers]
    what, what_route = f"best of {UNITS} units for an incident", "one route on Suwon, live speeds, line and snapping"
    rows = [
        {"what": f"{what}, {QUICKEST}, median", "value": rounded_ms(statistics.median(took.quickest)), "unit": "ms"}
    ]
    for name, version, program, times in (
        ("Valhalla's matrix", "3.11", "run_valhalla", 5.0),
        ("OSRM's table (CH)", "3.12", "run_osrm", 1.0),
    ):
        try:
            told = rival(version, program, job, folder)
        except NotHere as problem:
            rows += [{**row, "rival": f"{name}: not run, {problem}"} for row in _alone(what, took)]
            continue
        rows += _against(what, took, (name, Timed(told["matrix_ms"])), times)
        first, tau = same_order(seconds, told["seconds"])
        rows.append(
            {"what": f"arrival order as {name} has it, Kendall's tau, median", "value": round(tau, 3), "unit": "",
             "rival": f"first unit the same or within a tenth: {first:.1%}"}
        )  # fmt: skip
        engine, theirs = name.split("'")[0], Timed(told["route_ms"])
        if engine == "Valhalla":
            rows += _against(what_route, routed, (engine, theirs), 1.0)
        else:
            fixed = f"{engine}, whose speeds are fixed in its contraction: {p99(theirs.quickest):.2f} ms"
            rows += [{**row, "rival": fixed} for row in _alone(what_route, routed)[:1]]
    return [*rows, *_against_scipy(live, routes)]


def _against_scipy(live: LiveRoads, routes: Sequence[tuple[Point, Point]]) -> list[Row]:
    """One search of scipy's on the same turns and weights, and whether its times are ours."""
    graph, turns = live.graph, live.graph.turns.onward
    through, count = live.now.everyday, len(live.graph)
    origin = np.repeat(np.arange(count), np.diff(turns.start))
    open_links = np.isfinite(through)
    usable = open_links[origin] & open_links[turns.other]
    # entering a link and driving it through is one edge: its end stands for the link
    weight = turns.everyday + np.where(open_links, through, 0.0)[turns.other]
    matrix = csr_matrix((weight[usable], (origin[usable], turns.other[usable])), shape=(count, count))
    rows = [(graph.snap(LonLat(*a)).link, graph.snap(LonLat(*b)).link) for a, b in routes]  # type: ignore[union-attr]
    took, answers = each(lambda a: dijkstra(matrix, indices=a, return_predecessors=True), [(a,) for a, _ in rows])
    worst = 0.0
    for (a, b), (distances, _) in zip(rows, answers, strict=True):
        if a != b and np.isfinite(distances[b]):
            spots = graph.spot(graph.ids[a], 1.0), graph.spot(graph.ids[b], 1.0)
            worst = max(worst, abs(float(live.times_to(spots[1], [spots[0]])[0]) - float(distances[b])))
    same = {"what": "largest difference from scipy's times", "value": worst, "unit": "s", "reach": "< 0.000001 s",
            "met": worst < 1e-6}  # fmt: skip
    spots = [(graph.snap(LonLat(*a)), graph.snap(LonLat(*b))) for a, b in routes]
    ours, _ = each(live.route, spots)
    what = "one route on Suwon, live speeds, links and seconds"
    rival = "scipy's dijkstra with predecessors, its matrix made before"
    return [*_against(what, ours, (rival, took), 1.0), same]


def _alone(what: str, ours: Timed) -> list[Row]:
    """The same question two ways: what it costs, and what one waits for it on this machine with all it does."""
    return [
        {"what": f"{what}, {QUICKEST}, p99 of the questions", "value": rounded_ms(p99(ours.quickest)), "unit": "ms"},
        {"what": f"{what}, every answer of {ROUNDS} rounds, p99", "value": rounded_ms(p99(ours.every)), "unit": "ms"},
    ]


def _against(what: str, ours: Timed, other: tuple[str, Timed], reach: float) -> list[Row]:
    rows, theirs = _alone(what, ours), (p99(other[1].quickest), p99(other[1].every))
    for row, value in zip(rows, theirs, strict=True):
        ratio = value / row["value"]
        row |= {"rival": f"{other[0]}: {value:.2f} ms", "ratio": round(ratio, 2)}
        row |= {"reach": f">= {reach:g} times", "met": ratio >= reach}
    return rows


def replaced() -> list[Row]:
    """All speeds of a city told over HTTP while somebody asks for routes all the time."""
    with running_city() as city:
        effective, waits, quiet, links = asyncio.run(_replace(city))
    at_once = max(effective)
    return [
        {"what": f"live speeds of all {links} links replaced: in force after, the slowest of {len(effective)}",
         "value": round(at_once, 3), "unit": "s", "reach": "< 1 s", "met": at_once < 1.0},
        {"what": f"the same: longest of {len(waits)} requests meanwhile", "value": round(max(waits) * 1000, 1),
         "unit": "ms", "rival": f"p99 {p99(waits) * 1000:.1f} ms; longest while nobody told any {quiet * 1000:.1f} ms",
         "reach": "< 50 ms", "met": max(waits) < 0.05},
    ]  # fmt: skip


async def _replace(city: Running, rounds: int = 12) -> tuple[list[float], list[float], float, int]:
    headers = f"Cookie: {await operator_cookie(city)}\r\n"
    _, drawn = await call(city.port, _get("/api/roads/links.geojson", headers))
    lines = json.loads(drawn)["features"]
    links = [one["properties"]["link"] for one in lines]
    (lon, lat), (far_lon, far_lat) = lines[0]["geometry"]["coordinates"][0], lines[-1]["geometry"]["coordinates"][0]
    asked = _get(
        f"/api/roads/route?from_lon={lon}&from_lat={lat}&to_lon={far_lon}&to_lat={far_lat}&emergency=true", headers
    )
    waits: list[float] = []
    changed, done = asyncio.Event(), asyncio.Event()
    told = [0.0]

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
        while not done.is_set():
            start = time.perf_counter()
            writer.write(asked)
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length"))
            answer = json.loads(await reader.readexactly(int(length.split(":")[1])))
            waits.append(time.perf_counter() - start)
            if answer["seconds"] != told[0]:
                told[0] = answer["seconds"]
                changed.set()
        writer.close()

    bodies = []
    for number in range(rounds):  # made before: this side's own work must not look like the server's
        at = (SystemClock().now() + timedelta(milliseconds=number)).isoformat()
        items = [{"link_id": link, "kmh": 12.0 + 5.0 * number, "measured_at": at} for link in links]
        told_body = json.dumps({"items": items}).encode()
        bodies.append(request("/api/roads/speeds", told_body, f"X-Goldentime-Key: {city.key}\r\n"))
    gc.collect()
    gc.freeze()
    asking = asyncio.create_task(ask())
    await changed.wait()
    await asyncio.sleep(1.0)
    waits.clear()  # the first ones loaded code
    await asyncio.sleep(3.0)
    quiet = max(waits)
    waits.clear()
    effective = []
    for sent in bodies:
        changed.clear()
        start = time.perf_counter()
        head, answer = await call(city.port, sent)
        if json.loads(answer).get("taken") != len(links):
            raise RuntimeError(f"speeds were not taken: {head} {answer[:200]!r}")
        await asyncio.wait_for(changed.wait(), 10)
        effective.append(time.perf_counter() - start)
        await asyncio.sleep(0.3)
    done.set()
    await asking
    return effective, waits, quiet, len(links)


def _get(path: str, headers: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()


def province(side: int = 123) -> list[Row]:
    """A drawn grid of some 60,000 links: what one search and one replacement cost where a province is one network."""
    step, links = 0.0015, []
    for x in range(side):
        for y in range(side):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < side and y + dy < side:
                    a, b = (127.0 + x * step, 37.0 + y * step), (127.0 + (x + dx) * step, 37.0 + (y + dy) * step)
                    ends = NodeId(f"{x}.{y}"), NodeId(f"{x + dx}.{y + dy}")
                    links.append(RoadLink(LinkId(f"{len(links)}"), *ends, "", "107", ((a, b),)))
                    links.append(RoadLink(LinkId(f"{len(links)}"), *ends[::-1], "", "107", ((b, a),)))
    start = time.perf_counter()
    live = LiveRoads(RoadGraph(Roads(tuple(links))))
    built = time.perf_counter() - start
    chance = random.Random(7)  # noqa: S311  (the same each time)
    graph, now = live.graph, SystemClock().now()
    speeds = {link: chance.uniform(5, 60) for link in graph.ids}
    took, _ = each(live.set_speeds, [(speeds, now + timedelta(seconds=number)) for number in range(10)])
    spots = [graph.spot(chance.choice(graph.ids), 0.5) for _ in range(300)]
    asked, _ = each(live.times_to, [(chance.choice(spots), chance.sample(spots, UNITS)) for _ in range(100)])
    name = f"a province of {len(graph)} links"
    return [
        {"what": f"{name}: graph built", "value": round(built, 2), "unit": "s"},
        {
            "what": f"{name}: all speeds replaced, {QUICKEST}, the slowest of 10",
            "value": rounded_ms(max(took.quickest)),
            "unit": "ms",
        },
        {
            "what": f"{name}: best of {UNITS} units, {QUICKEST}, median",
            "value": rounded_ms(statistics.median(asked.quickest)),
            "unit": "ms",
        },
    ]


def rows() -> list[Row]:
    """Every figure of the roads, measured in one run."""
    found: list[Row] = []
    if SUWON.exists():
        with tempfile.TemporaryDirectory() as folder:
            found += best_of_forty(suwon(), Path(folder))
    else:
        found.append({"what": "Suwon's roads", "value": None, "unit": "", "rival": "../shared is missing: not run"})
    return [*found, *replaced(), *province()]


if __name__ == "__main__":
    for line in rows():
        print(json.dumps(line, ensure_ascii=False))
