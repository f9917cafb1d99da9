"""What OpenStreetMap's restriction relations and barriers forbid at the nodes of the network."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

from goldentime.city.roads.line import LinkId, NodeId, RoadLink, TurnBan
from goldentime.core.text import Text
from goldentime.importers.report import RowNote
from goldentime.importers.roads.osm_tags import Tags

_SHUT = frozenset({"bollard", "block", "jersey_barrier", "log", "debris", "planter", "barrier_board", "cycle_barrier"})
_OPENED_BY_KEY = frozenset(
    {"gate", "lift_gate", "swing_gate", "sliding_gate", "chain", "rising_bollard", "wicket_gate"}
)
_PASS = frozenset({"yes", "permissive", "designated", "destination", "official"})
_KEPT_OUT = frozenset({"no", "private"})
_CARS = ("restriction", "restriction:motor_vehicle", "restriction:motorcar")
_EXCEPT_CARS = frozenset({"motorcar", "motor_vehicle", "vehicle"})


@dataclass(frozen=True, slots=True)
class Relation:
    """A restriction relation; members as (role, "n" or "w", id)."""

    id: int
    tags: Tags
    members: tuple[tuple[str, str, int], ...]

    def ways(self, role: str) -> list[int]:
        """The ways of a role, in order."""
        return [ref for r, kind, ref in self.members if r == role and kind == "w"]

    def nodes(self, role: str) -> list[int]:
        """The nodes of a role, in order."""
        return [ref for r, kind, ref in self.members if r == role and kind == "n"]


class Turns:
    """Reads relations over the links made of each way."""

    def __init__(self, links: Mapping[int, Sequence[RoadLink]]) -> None:
        self._links = links

    def read(self, relations: Iterable[Relation]) -> tuple[list[TurnBan], list[RowNote]]:
        """The bans, and a note for every relation that gives none."""
        bans: list[TurnBan] = []
        unread = []
        for relation in relations:
            read = self._read(relation)
            if isinstance(read, Text):
                unread.append(RowNote(0, read, "unusable_restriction", f"relation/{relation.id}"))
            else:
                bans += read
        return bans, unread

    def _read(self, relation: Relation) -> list[TurnBan] | Text:
        word = next((relation.tags[name] for name in _CARS if name in relation.tags), "")
        kind: Literal["no", "only"]
        if word.startswith("no_"):
            kind = "no"
        elif word.startswith("only_"):
            kind = "only"
        else:
            return Text("승용차에 늘 적용되는 회전제한이 아님", "not a restriction that always holds for cars")
        excepted = {one.strip() for one in relation.tags.get("except", "").split(";")}
        if excepted & _EXCEPT_CARS:
            return Text("승용차는 제외되는 회전제한", "cars are excepted")
        via_nodes, via_ways = relation.nodes("via"), relation.ways("via")
        free = "emergency" in excepted
        found: list[TurnBan] = []
        for first, last in product(relation.ways("from"), relation.ways("to")):
            if via_ways:
                found += self._over_ways(first, via_ways, last, kind, free=free)
            elif len(via_nodes) == 1:
                found += self._at_node(first, NodeId(f"node/{via_nodes[0]}"), last, kind, free=free)
        return found or Text("구성원이 도로망에서 이어지지 않음", "its members do not meet in the network")

    def _at_node(
        self, first: int, via: NodeId, last: int, kind: Literal["no", "only"], *, free: bool
    ) -> Iterable[TurnBan]:
        arriving = [link for link in self._links.get(first, ()) if link.to_node == via]
        leaving = [link for link in self._links.get(last, ()) if link.from_node == via]
        # a way not split at its via node has two of each, and nobody can tell which is meant
        if len(arriving) == 1 and len(leaving) == 1:
            yield TurnBan(arriving[0].id, via, leaving[0].id, kind, except_emergency=free)

    def _over_ways(
        self, first: int, via: Sequence[int], last: int, kind: Literal["no", "only"], *, free: bool
    ) -> Iterable[TurnBan]:
        for arriving in self._links.get(first, ()):
            passed, node = self._along(arriving.to_node, via)
            leaving = [link for link in self._links.get(last, ()) if link.from_node == node]
            if passed and len(leaving) == 1:
                yield TurnBan(arriving.id, arriving.to_node, leaving[0].id, kind, tuple(passed), except_emergency=free)

    def _along(self, node: NodeId, ways: Sequence[int]) -> tuple[list[LinkId], NodeId]:
        """The links passed from a node over whole ways, and where that ends; none when it cannot be driven."""
        passed: list[LinkId] = []
        for way in ways:
            links = self._links.get(way, ())
            run = [link for link in links if link.id.endswith("+")]
            if not run or run[0].from_node != node:
                run = [link for link in reversed(links) if link.id.endswith("-")]
            whole = run and run[0].from_node == node and all(a.to_node == b.from_node for a, b in pairwise(run))
            if not whole:
                return [], node
            passed += [link.id for link in run]
            node = run[-1].to_node
        return passed, node


def blocks(tags: Tags) -> bool:
    """Whether a car is stopped at this node."""
    barrier = tags.get("barrier", "")
    word = next((tags[name] for name in ("motorcar", "motor_vehicle", "vehicle", "access") if name in tags), "")
    return (barrier in _SHUT and word not in _PASS) or (barrier in _OPENED_BY_KEY and word in _KEPT_OUT)


def barrier_bans(links: Iterable[RoadLink], blocked: Mapping[NodeId, Tags]) -> list[TurnBan]:
    """No way through a barrier, only back; gates and removable bollards open for emergency vehicles."""
    arriving, leaving = defaultdict(list), defaultdict(list)
    for link in links:
        if link.to_node in blocked:
            arriving[link.to_node].append(link)
        if link.from_node in blocked:
            leaving[link.from_node].append(link)
    return [
        TurnBan(a.id, node, b.id, except_emergency=_opens(tags))
        for node, tags in blocked.items()
        for a, b in product(arriving[node], leaving[node])
        if not (a.from_node == b.to_node and a.id[:-1] == b.id[:-1])
    ]


def _opens(tags: Tags) -> bool:
    removable = tags.get("bollard") in {"removable", "rising", "foldable"}
    return tags.get("barrier") in _OPENED_BY_KEY or removable or tags.get("emergency") in _PASS
