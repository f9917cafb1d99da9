"""Vehicles on Suwon's roads with a noisy receiver: the right link, and closer to the truth than the receiver was."""

import os
import sys
from math import cos, hypot, radians
from pathlib import Path
from random import Random

import numpy as np
import pytest

from goldentime.city.roads.candidates import LinkCandidates
from goldentime.city.roads.line import Roads
from goldentime.city.units.matching import OFF_ROAD, Candidates, Observed, match
from goldentime.city.units.track import METRES_PER_DEGREE, advance, begin
from goldentime.importers.roads.plan import plan_roads
from goldentime.importers.source import read_source
from positions.drive import drive

LINKS = Path(__file__).parents[3] / "shared/cities/suwon/suwon_link.geojson"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINKS.exists() and os.environ.get("CI") != "true", reason="needs ../shared"),
]


@pytest.fixture(scope="module")
def suwon():
    return plan_roads(read_source(LINKS), Roads()).roads.links


def metres(lon, lat, other_lon, other_lat):
    shrink = cos(radians(lat))
    return hypot((lon - other_lon) * shrink, lat - other_lat) * METRES_PER_DEGREE


def followed(links, drives):
    """(right link, error raw, smoothed, matched) of every second of every drive."""
    candidates = LinkCandidates(links)
    motions, belief, rows = [None] * len(drives), None, []
    for second in range(max(map(len, drives))):
        now = [d[min(second, len(d) - 1)] for d in drives]
        before = list(motions)
        motions = [
            (begin(s.fix) if m is None else advance(m, s.fix) if s.fix.at > m.at else m)
            for m, s in zip(motions, now, strict=True)
        ]
        places = np.array([[m.lon, m.lat] for m in motions])
        near = candidates.near(places)
        found = Candidates(*(getattr(near, name) for name in Candidates.__slots__))
        driven = [
            0.0 if b is None else metres(b.lon, b.lat, m.lon, m.lat) for b, m in zip(before, motions, strict=True)
        ]
        seen = Observed(
            course=np.array([np.nan if m.heading is None else m.heading for m in motions]),
            speed=np.array([m.speed for m in motions]),
            driven=np.array(driven),
            spread=np.array([m.var_place**0.5 for m in motions]),
        )
        belief = match(belief, found, seen)
        for k, best in enumerate(belief.best):
            if second >= len(drives[k]) or second < 3:
                continue
            truth, motion = now[k], motions[k]
            raw = metres(truth.fix.lon, truth.fix.lat, truth.lon, truth.lat)
            smooth = metres(motion.lon, motion.lat, truth.lon, truth.lat)
            if best == OFF_ROAD:
                rows.append((False, raw, smooth, smooth))
                continue
            link = candidates.ids[found.link[k, best]]
            snapped = metres(found.lon[k, best], found.lat[k, best], truth.lon, truth.lat)
            rows.append((link == truth.link, raw, smooth, snapped))
    return np.array(rows, dtype=float)


@pytest.mark.parametrize(("noise", "right", "error"), [(4.0, 0.95, 3.6), (8.0, 0.93, 6.0), (15.0, 0.90, 9.5)])
def test_a_noisy_drive_is_matched_to_the_link_it_truly_drove(suwon, noise, right, error):
    chance = Random(7)  # noqa: S311  (a play, not a secret)
    drives = [drive(suwon, chance, seconds=240, kmh=chance.choice((25, 45, 70)), noise=noise) for _ in range(60)]
    rows = followed(suwon, drives)
    share, raw, smooth, matched = rows.mean(axis=0)
    told = f"right link {share:.3f}; mean error raw {raw:.1f} m, smoothed {smooth:.1f} m, matched {matched:.1f} m"
    sys.stdout.write(f"noise {noise} m: {told}\n")
    assert share >= right
    assert matched < error
    assert smooth < raw
