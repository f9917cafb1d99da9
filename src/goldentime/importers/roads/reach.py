"""Which part of a network can be driven from anywhere to anywhere, and which links lie outside it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from goldentime.city.roads.line import Access, LinkId, NodeId, RoadLink

_Around = Mapping[NodeId, Sequence[NodeId]]


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
    onward, back = _around(drivable)
    nodes = onward.keys() | back.keys()
    strong, from_it, to_it = _largest(nodes, onward, back)
    return Reach(
        len(nodes),
        strong,
        tuple(link.id for link in drivable if link.from_node not in from_it),
        tuple(link.id for link in drivable if link.from_node in from_it and link.to_node not in to_it),
    )


def _around(links: Iterable[RoadLink]) -> tuple[_Around, _Around]:
    onward: dict[NodeId, list[NodeId]] = {}
    back: dict[NodeId, list[NodeId]] = {}
    for link in links:
        onward.setdefault(link.from_node, []).append(link.to_node)
        back.setdefault(link.to_node, []).append(link.from_node)
    return onward, back


def _largest(
    nodes: Collection[NodeId], onward: _Around, back: _Around
) -> tuple[frozenset[NodeId], set[NodeId], set[NodeId]]:
    """The largest part, and the nodes it reaches and is reached from (itself in both)."""
    best: frozenset[NodeId] = frozenset()
    best_from: set[NodeId] = set()
    best_to: set[NodeId] = set()
    left = set(nodes)
    # the busiest node first: nearly always in the largest part, and then one look is enough
    for start in sorted(nodes, key=lambda n: (-len(onward.get(n, ())) * len(back.get(n, ())), n)):
        if len(left) <= len(best):
            break
        if start not in left:
            continue
        from_it, to_it = _flood(start, onward), _flood(start, back)
        part = frozenset(from_it & to_it)
        left -= part
        if len(part) > len(best):
            best, best_from, best_to = part, from_it, to_it
    return best, best_from, best_to


def _flood(start: NodeId, around: _Around) -> set[NodeId]:
    seen, stack = {start}, [start]
    while stack:
        for other in around.get(stack.pop(), ()):
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen
