"""Which part of a network can be driven from anywhere to anywhere, and which links lie outside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goldentime.city.roads.line import Access, LinkId, NodeId, RoadLink

_Rows = Sequence[Sequence[int]]  # by node, the nodes next to it


@dataclass(frozen=True, slots=True)
class Reach:
    """Of the nodes in use, `strong` is the largest strongly connected part; turns are not looked at.

    `unreachable` links cannot be driven to from it, `no_way_back` links can, but not from them back.
    """

    nodes: int
    strong: frozenset[NodeId]
    unreachable: tuple[LinkId, ...]
    no_way_back: tuple[LinkId, ...]


def reach_of(links: Iterable[RoadLink], *, closed: bool = False) -> Reach:
    """The reach of the links in their order, of those not open to traffic only with `closed`."""
    drivable = [link for link in links if closed or link.access is not Access.CLOSED]
    row_of = {node: None for link in drivable for node in (link.from_node, link.to_node)}
    rows = {node: row for row, node in enumerate(row_of)}
    onward: list[list[int]] = [[] for _ in rows]
    back: list[list[int]] = [[] for _ in rows]
    for link in drivable:
        a, b = rows[link.from_node], rows[link.to_node]
        onward[a].append(b)
        back[b].append(a)
    strong = _largest(onward, back)
    from_it, to_it = _flood(strong, onward), _flood(strong, back)
    names = list(rows)
    return Reach(
        len(rows),
        frozenset(names[row] for row in strong),
        tuple(link.id for link in drivable if rows[link.from_node] not in from_it),
        tuple(link.id for link in drivable if rows[link.from_node] in from_it and rows[link.to_node] not in to_it),
    )


def _largest(onward: _Rows, back: _Rows) -> list[int]:
    """The largest strongly connected part, by Kosaraju's algorithm; the first found of equal ones."""
    best: list[int] = []
    taken = [False] * len(onward)
    for start in reversed(_left_last(onward)):
        if taken[start]:
            continue
        part, stack = [], [start]
        taken[start] = True
        while stack:
            node = stack.pop()
            part.append(node)
            for other in back[node]:
                if not taken[other]:
                    taken[other] = True
                    stack.append(other)
        best = part if len(part) > len(best) else best
    return best


def _left_last(onward: _Rows) -> list[int]:
    """The nodes in the order in which a walk that goes deep first is done with them."""
    done: list[int] = []
    seen = [False] * len(onward)
    for root in range(len(onward)):
        way = [] if seen[root] else [(root, iter(onward[root]))]
        seen[root] = True
        while way:
            node, others = way[-1]
            other = next((one for one in others if not seen[one]), None)
            if other is None:
                done.append(node)
                way.pop()
            else:
                seen[other] = True
                way.append((other, iter(onward[other])))
    return done


def _flood(starts: Iterable[int], around: _Rows) -> set[int]:
    seen = set(starts)
    stack = list(seen)
    while stack:
        for other in around[stack.pop()]:
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen
