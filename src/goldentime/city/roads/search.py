"""How the quickest ways are found over turns: Dijkstra's algorithm on arrays, the same one forwards and backwards."""

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROOT = -2  # came from the place itself
NEVER = -1  # not reached


@compiled
def _rise(heap: Ints, slot: Ints, key: Floats, at: int) -> None:
    one = heap[at]
    while at > 0:
        above = (at - 1) >> 1
        if key[heap[above]] <= key[one]:
            break
        heap[at] = heap[above]
        slot[heap[at]] = at
        at = above
    heap[at] = one
    slot[one] = at


@compiled
def _sink(heap: Ints, slot: Ints, key: Floats, size: int) -> None:
    """Let the heap's first, just replaced, find its place among `size`."""
    one, at = heap[0], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and key[heap[below + 1]] < key[heap[below]]:
            below += 1
        if key[heap[below]] >= key[one]:
            break
        heap[at] = heap[below]
        slot[heap[at]] = at
        at = below
    heap[at] = one
    slot[one] = at


@compiled
def spread(  # noqa: C901  (calls in the inner loop would cost a third)
    turns: tuple[Ints, Ints, Floats], seconds: Floats, roots: tuple[Ints, Floats], stop: tuple[Ints, int, float]
) -> tuple[Floats, Ints]:
    """Seconds `(m,)` at which each state is entered (inf: not reached), and from which state.

    `turns` are (start, other, cost) rows by state: forwards the states one may turn into, backwards those one may come
    from. `seconds` is what a state takes to drive through. `roots` are the states the search sets out from and the
    seconds already spent behind them. It stops when `stop[1]` states marked 1 in `stop[0]` are final, or beyond
    `stop[2]` seconds. Forwards an answer is the time until a state's beginning, backwards the time from its end.
    """
    start, other, cost = turns
    wanted, missing, limit = stop
    count = seconds.size
    best = np.full(count, np.inf)
    came = np.full(count, NEVER, dtype=np.int64)
    slot = np.full(count, -1, dtype=np.int64)
    heap = np.empty(count, dtype=np.int64)
    size = 0
    for number in range(roots[0].size):
        root, spent = roots[0][number], roots[1][number]
        for row in range(start[root], start[root + 1]):
            to, at = other[row], spent + cost[row]
            if at < best[to] and at <= limit:
                best[to], came[to] = at, ROOT
                if slot[to] < 0:
                    slot[to] = size
                    heap[size] = to
                    size += 1
                _rise(heap, slot, best, slot[to])
    while size > 0:
        state = heap[0]
        size -= 1
        if size > 0:
            heap[0] = heap[size]
            _sink(heap, slot, best, size)
        slot[state] = -3  # final
        if wanted[state] == 1:
            missing -= 1
            if missing <= 0:
                break
        through = best[state] + seconds[state]
        if not through <= limit:  # also where it may not be driven through: infinite
            continue
        for row in range(start[state], start[state + 1]):
            to, at = other[row], through + cost[row]
            if at < best[to] and at <= limit:
                best[to], came[to] = at, state
                if slot[to] < 0:
                    slot[to] = size
                    heap[size] = to
                    size += 1
                _rise(heap, slot, best, slot[to])
    return best, came
