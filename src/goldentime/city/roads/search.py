"""How the quickest ways are found over turns: Dijkstra's algorithm on arrays, the same one forwards and backwards."""

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.int32]
ROOT = -2  # came from the place itself
NEVER = -1  # not reached


@compiled
def _push(keys: Floats, items: Rows, size: int, key: float, item: int) -> None:
    """Let one more into a heap of `size`; four below each, their keys side by side: half the time of two below."""
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if keys[above] <= key:
            break
        keys[at] = keys[above]
        items[at] = items[above]
        at = above
    keys[at] = key
    items[at] = item


@compiled
def _drop(keys: Floats, items: Rows, size: int) -> None:
    """Take the first out of a heap that has `size` left."""
    key = keys[size]
    item = items[size]
    at = 0
    while True:
        first = 4 * at + 1
        if first >= size:
            break
        least, found = first, keys[first]
        for below in range(first + 1, min(first + 4, size)):
            if keys[below] < found:
                least, found = below, keys[below]
        if found >= key:
            break
        keys[at] = found
        items[at] = items[least]
        at = least
    keys[at] = key
    items[at] = item


@compiled
def spread(  # noqa: C901  (calls in the inner loop would cost a third)
    turns: tuple[Rows, Rows, Floats], seconds: Floats, roots: tuple[Ints, Floats], stop: tuple[Ints, int, float]
) -> tuple[Floats, Rows]:
    """Seconds `(m,)` at which each state is entered (inf: not reached), and from which state.

    `turns` are (start, other, cost) rows by state: forwards the states one may turn into, backwards those one may come
    from. `seconds` is what a state takes to drive through. `roots` are the states the search sets out from and the
    seconds already spent behind them. It stops when `stop[1]` of the states `stop[0]` are final (0: never), or beyond
    `stop[2]` seconds. Forwards an answer is the time until a state's beginning, backwards the time from its end.
    """
    start, other, cost = turns
    wanted, missing, limit = stop
    count = seconds.size
    best = np.full(count, np.inf)
    came = np.full(count, NEVER, dtype=np.int32)
    is_wanted = np.zeros(count, dtype=np.bool_)
    is_wanted[wanted] = True
    keys = np.empty(other.size + 1)  # every turn lets in one at most, and so does every root's
    items = np.empty(other.size + 1, dtype=np.int32)
    size = 0
    for number in range(roots[0].size):
        root, spent = roots[0][number], roots[1][number]
        for row in range(start[root], start[root + 1]):
            to, at = other[row], spent + cost[row]
            if at < best[to] and at <= limit:
                best[to], came[to] = at, ROOT
                _push(keys, items, size, at, to)
                size += 1
    while size > 0:
        key, state = keys[0], items[0]
        size -= 1
        _drop(keys, items, size)
        if key > best[state]:
            continue  # it was let in again since, with less
        if is_wanted[state]:
            missing -= 1
            if missing == 0:
                break
            is_wanted[state] = False
        through = key + seconds[state]
        if not through <= limit:  # also where it may not be driven through: infinite
            continue
        for row in range(start[state], start[state + 1]):
            to, at = other[row], through + cost[row]
            if at < best[to] and at <= limit:
                best[to], came[to] = at, state
                _push(keys, items, size, at, to)
                size += 1
    return best, came
