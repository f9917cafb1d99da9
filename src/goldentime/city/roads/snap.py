"""Which links lie nearest to a point, on the right side of the road and in the direction one drives."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.compiled import compiled
from goldentime.city.roads.shape import Shapes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CELL_METRES = 100.0
AGAINST_METRES = 30.0  # driving across a link weighs like lying so much further off it, driving against it twice that
LEFT_METRES = 4.0  # one drives on the right: left of a two-way street's link weighs like so much further, at most


class Grid(NamedTuple):
    """Straight pieces of links by cell: those of cell c are `piece[start[c]:start[c + 1]]`, rows of the shapes."""

    start: Ints
    piece: Ints
    link_of: Ints  # by row of the shapes
    wide: int
    high: int
    west: float
    south: float


def make_grid(shapes: Shapes, usable: NDArray[np.bool_]) -> Grid:
    """The usable links' pieces in cells of 100 m."""
    link_of = np.repeat(np.arange(shapes.metres.size), np.diff(shapes.start))
    rows = np.flatnonzero((link_of[:-1] == link_of[1:]) & usable[link_of[:-1]]) if link_of.size else np.zeros(0, int)
    if rows.size == 0:
        empty = np.zeros(0, dtype=np.int64)
        return Grid(np.zeros(2, dtype=np.int64), empty, empty, 1, 1, 0.0, 0.0)
    west, south = float(shapes.x.min()), float(shapes.y.min())
    wide = int((shapes.x.max() - west) // CELL_METRES) + 1
    high = int((shapes.y.max() - south) // CELL_METRES) + 1
    columns, lines = ((shapes.x - west) // CELL_METRES).astype(int), ((shapes.y - south) // CELL_METRES).astype(int)
    cells, pieces = _cells(rows.astype(np.int64), columns, lines, wide)
    order = np.argsort(cells, kind="stable")
    start = np.zeros(wide * high + 1, dtype=np.int64)
    np.cumsum(np.bincount(cells, minlength=wide * high), out=start[1:])
    return Grid(start, pieces[order].copy(), link_of.astype(np.int64), wide, high, west, south)


@compiled
def _cells(rows: Ints, columns: Ints, lines: Ints, wide: int) -> tuple[Ints, Ints]:
    """Every cell that the box around a piece touches, and the piece."""
    total = 0
    for row in rows:
        total += (abs(columns[row + 1] - columns[row]) + 1) * (abs(lines[row + 1] - lines[row]) + 1)
    cells, pieces = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
    at = 0
    for row in rows:
        for line in range(min(lines[row], lines[row + 1]), max(lines[row], lines[row + 1]) + 1):
            for column in range(min(columns[row], columns[row + 1]), max(columns[row], columns[row + 1]) + 1):
                cells[at], pieces[at] = line * wide + column, row
                at += 1
    return cells, pieces


@compiled
def _weigh(
    line: tuple[Floats, Floats], piece: int, here: tuple[float, float, float], twin: Any
) -> tuple[float, float, float]:
    """How far off the point counts, how far it is in metres, and the share of the piece at its foot."""
    x, y = line
    east, north, heading = here
    step_x, step_y = x[piece + 1] - x[piece], y[piece + 1] - y[piece]
    off_x, off_y = east - x[piece], north - y[piece]
    length = step_x * step_x + step_y * step_y
    share = 0.0
    if length > 0.0:
        share = min(1.0, max(0.0, (off_x * step_x + off_y * step_y) / length))
    metres = np.hypot(off_x - share * step_x, off_y - share * step_y)
    weight = metres
    if twin and step_x * off_y - step_y * off_x > 0.0:
        weight += min(metres, LEFT_METRES)
    if not np.isnan(heading) and length > 0.0:
        turned = np.radians(heading) - np.arctan2(step_x, step_y)
        weight += AGAINST_METRES * (1.0 - np.cos(turned))
    return weight, metres, share


@compiled
def nearest(  # noqa: C901  (one pass over the cells)
    grid: Grid, line: tuple[Floats, Floats], twin: NDArray[np.bool_], here: tuple[float, float, float], most: int,
    within: float,
) -> tuple[Ints, Floats, Floats]:  # fmt: skip
    """The best links' pieces `(k,)`, the share of each piece, and metres off; the best first, one piece a link.

    `here` is metres east and north, and the heading in degrees or NaN; `most` and `within` (metres) bound the answer.
    """
    pieces = np.full(most, -1, dtype=np.int64)
    weights, metres, shares = np.full(most, np.inf), np.zeros(most), np.zeros(most)
    column = int(np.floor((here[0] - grid.west) / CELL_METRES))
    row = int(np.floor((here[1] - grid.south) / CELL_METRES))
    rings = int(np.ceil(within / CELL_METRES)) + 1
    for ring in range(rings + 1):
        if (ring - 1) * CELL_METRES > min(weights[most - 1], within):
            break
        for line_at in range(max(0, row - ring), min(grid.high, row + ring + 1)):
            edge = abs(line_at - row) == ring
            for column_at in range(max(0, column - ring), min(grid.wide, column + ring + 1)):
                if not edge and abs(column_at - column) != ring:
                    continue
                cell = line_at * grid.wide + column_at
                for number in range(grid.start[cell], grid.start[cell + 1]):
                    piece = grid.piece[number]
                    link = grid.link_of[piece]
                    weight, off, share = _weigh(line, piece, here, twin[link])
                    if off > within or weight >= weights[most - 1]:
                        continue
                    at = most - 1
                    for known in range(most):
                        if pieces[known] >= 0 and grid.link_of[pieces[known]] == link:
                            at = known
                            break
                    if weight >= weights[at]:
                        continue
                    while at > 0 and weights[at - 1] > weight:
                        pieces[at], weights[at] = pieces[at - 1], weights[at - 1]
                        metres[at], shares[at] = metres[at - 1], shares[at - 1]
                        at -= 1
                    pieces[at], weights[at], metres[at], shares[at] = piece, weight, off, share
    found = 0
    while found < most and pieces[found] >= 0:
        found += 1
    return pieces[:found], shares[:found], metres[:found]
