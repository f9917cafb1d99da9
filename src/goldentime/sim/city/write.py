"""Which files the sample city is written as; the importers then read them like any city's."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from goldentime.importers.boundary import plan_boundary
from goldentime.importers.cameras.plan import City, plan_cameras
from goldentime.sim.city import names, rows, shapes
from goldentime.sim.city.addresses import Address, AddressBook
from goldentime.sim.city.layout import Plan, lay_out
from goldentime.sim.city.plane import Point
from goldentime.sim.city.playing import Hotspot, choose_hotspots, streams_csv
from goldentime.sim.city.sites import Crossing, crossings_of, stand_poles
from goldentime.sim.city.units import Station, units_csv

DEFAULT_SEED = 7
_SCHOOLS = 36
_HYDRANTS = 700


@dataclass(frozen=True, slots=True)
class SampleCity:
    """A written city: its folder, its names, and where its simulated reports happen."""

    folder: Path
    name_ko: str
    name_en: str
    hotspots: tuple[Hotspot, ...]


def write_sample_city(folder: Path, *, rtsp_base: str = "", seed: int = DEFAULT_SEED, playing: int = 60) -> SampleCity:
    """Write the city's files into the folder, made when missing; the same seed gives the same bytes.

    `playing` cameras, close around the hotspots, get an address below `rtsp_base` in the streams' list;
    without an `rtsp_base` there is no list.
    """
    random = Random(seed)  # noqa: S311  (a drawing, not a secret)
    plan = lay_out(random)
    book = AddressBook(plan, random)
    crossings = crossings_of(plan)
    schools = _schools(plan, crossings, random)
    poles = stand_poles(plan, [spot for _, spot in schools], random)
    sites = rows.camera_rows(poles, book.addresses_of([pole.spot for pole in poles]), random)
    files = {
        "gaon_boundary_dong.geojson": shapes.collection(shapes.dong_features(plan)),
        "gaon_boundary_gu.geojson": shapes.collection(shapes.gu_features(plan)),
        "gaon_water.geojson": shapes.collection(shapes.water_features(plan)),
        "gaon_park.geojson": shapes.collection(shapes.park_features(plan)),
        "gaon_link.geojson": shapes.collection(shapes.link_features(plan)),
        "gaon_node.geojson": shapes.collection(shapes.node_features(plan, shapes.name_crossings(plan))),
        "gaon_cctv_standard.csv": _csv(rows.CAMERA_HEADER, sites),
        **_places(plan, book, crossings, schools, random),
    }
    hotspots = _hotspots(files, playing)
    spots = [(spot.words, spot.place) for spot in hotspots]
    files["gaon_building.csv"] = _csv(rows.BUILDING_HEADER, rows.building_rows(spots, random))
    if rtsp_base:
        files["gaon_vms_streams.csv"] = streams_csv(hotspots, rtsp_base)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return SampleCity(folder, names.CITY, "Gaon", tuple(hotspots))


def _hotspots(files: dict[str, str], playing: int) -> list[Hotspot]:
    """Read the written inventory the way the city will, so that the ids are those of the import."""
    boundary = plan_boundary(files["gaon_boundary_dong.geojson"].encode(), "", None).boundary
    inventory = plan_cameras(files["gaon_cctv_standard.csv"].encode(), "", City({}, boundary))
    return choose_hotspots({site.id: site for site in inventory.difference.added}, playing=playing)


def _schools(plan: Plan, crossings: Sequence[Crossing], random: Random) -> list[tuple[str, Point]]:
    """Names and spots; a school stands off the street, away from the others."""
    found: list[Point] = []
    quiet = [c for c in crossings if c.speed == 30 and plan.ground.density(*c.spot) > 0.4]
    for crossing in random.sample(quiet, len(quiet)):
        x, y = crossing.spot[0] + 40, crossing.spot[1] + 40
        if all((x - a) ** 2 + (y - b) ** 2 > 620**2 for a, b in found):
            found.append((x, y))
        if len(found) == _SCHOOLS:
            break
    taken: dict[str, int] = {}
    named = []
    for number, (spot, where) in enumerate(zip(found, plan.neighbourhoods_at(found), strict=True)):
        words = rows.stem(where.name) + ("" if number % 2 else random.choice(("새", "한", "참", "온")))
        name = words + names.SCHOOLS[number % len(names.SCHOOLS)]
        taken[name] = taken.get(name, 0) + 1
        named.append((name if taken[name] == 1 else f"{words}{taken[name]}{name.removeprefix(words)}", spot))
    return named


def _places(
    plan: Plan, book: AddressBook, crossings: Sequence[Crossing], schools: list[tuple[str, Point]], random: Random
) -> dict[str, str]:
    streets = [c.spot for c in crossings if c.speed >= 50 and plan.ground.density(*c.spot) > 0.3]
    lanes = [c.spot for c in crossings if c.speed <= 50 and plan.ground.density(*c.spot) > 0.2]
    hearts = [one.shape.representative_point() for one in plan.neighbourhoods]
    police = [min(streets, key=lambda s: (s[0] - h.x) ** 2 + (s[1] - h.y) ** 2) for h in hearts]
    centres, rooms = random.sample(streets, 7), random.sample(streets, 4)
    parks = [(name, (p.representative_point().x, p.representative_point().y)) for name, p in plan.parks]
    shelters = [*parks, *((f"{name} 운동장", spot) for name, spot in schools)]
    hydrants = random.sample(lanes, min(_HYDRANTS, len(lanes)))

    def at(spots: Iterable[Point]) -> list[Address]:
        return book.addresses_of(list(spots))

    shelter_at, school_at = at(s for _, s in shelters), at(s for _, s in schools)
    boxes = list(rows.police_rows(police, at(police)))
    fire = list(rows.centre_rows(centres, at(centres)))
    return {
        "gaon_police_box.csv": _csv(rows.POLICE_HEADER, boxes),
        "gaon_119_center.csv": _csv(rows.CENTRE_HEADER, fire),
        "gaon_unit.csv": units_csv(
            [Station(f"{box[2]}{box[3]}", float(str(box[6])), float(str(box[5]))) for box in boxes],
            [Station(str(one[2]), float(str(one[6])), float(str(one[5]))) for one in fire],
        ),
        "gaon_emergency_room.csv": _csv(rows.ROOM_HEADER, rows.room_rows(rooms, at(rooms))),
        "gaon_shelter.csv": _csv(rows.SHELTER_HEADER, rows.shelter_rows(shelters, shelter_at, random)),
        "gaon_school_zone.csv": _csv(rows.SCHOOL_HEADER, rows.school_rows(schools, school_at)),
        "gaon_hydrant.csv": _csv(rows.HYDRANT_HEADER, rows.hydrant_rows(hydrants, at(hydrants))),
    }


def _csv(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue()
