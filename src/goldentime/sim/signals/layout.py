"""Which crossings of a road network have lights, and how theirs would be laid out: stages, conflicts, walking times."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from goldentime.city.roads.line import NodeId, RoadLink, RoadNode, Roads
from goldentime.city.signals.junction import Group, Junction, JunctionId, Pair, Stage, Timing
from goldentime.core.place import LonLat, bearing_degrees, between_degrees

CROSSING = "101"  # NODE_TYPE
MOTORWAYS = frozenset({"101", "102"})  # ROAD_RANK
OPPOSITE_DEGREES = 140.0
LANE_METRES = 3.25
ENTER_S, WALK_METRES_PER_S = 7.0, 1.0  # 보행 진입시간과 보행속도: how Korean walks are laid out
MAIN_GREEN_S, SIDE_GREEN_S = 35.0, 25.0


def lit_junctions(roads: Roads, timing: Timing | None = None) -> tuple[Junction, ...]:
    """Those whose lights the source tells of; where it tells of none, a guess that is good for simulation only.

    The guess: crossings of three arms or more, off motorways, where three arms have two lanes a way; two are enough
    for a crossing that has a name of its own.
    """
    told = any(node.signal for node in roads.nodes)
    ins: dict[NodeId, list[RoadLink]] = defaultdict(list)
    outs: dict[NodeId, list[RoadLink]] = defaultdict(list)
    for link in roads.links:
        outs[link.from_node].append(link)
        ins[link.to_node].append(link)
    return tuple(
        _laid_out(node, ins[node.id], outs[node.id], timing or Timing())
        for node in roads.nodes
        if (node.signal and ins[node.id] if told else _is_lit(node, ins[node.id], outs[node.id]))
    )


def _is_lit(node: RoadNode, ins: Sequence[RoadLink], outs: Sequence[RoadLink]) -> bool:
    arms = {link.from_node for link in ins} | {link.to_node for link in outs}
    broad = {link.from_node for link in ins if (link.lanes or 0) >= 2}
    broad |= {link.to_node for link in outs if (link.lanes or 0) >= 2}
    wide = len(broad) >= (2 if node.name else 3)
    calm = not any(link.rank in MOTORWAYS for link in (*ins, *outs))
    return node.kind == CROSSING and len(arms) >= 3 and len(ins) >= 2 and wide and calm


def _laid_out(node: RoadNode, ins: Sequence[RoadLink], outs: Sequence[RoadLink], timing: Timing) -> Junction:
    roads = _roads(node, ins)
    widths: dict[str, float] = defaultdict(float)
    for arm, link in [(link.from_node, link) for link in ins] + [(link.to_node, link) for link in outs]:
        widths[arm] += (link.lanes or 1) * LANE_METRES
    walks = {arm: Group(f"walk-{arm}", crossing_s=ENTER_S + width / WALK_METRES_PER_S) for arm, width in widths.items()}
    groups = [Group(str(link.id), approach=str(link.id)) for link in ins] + list(walks.values())
    conflicts: set[Pair] = set()
    for one, other in combinations(roads, 2):
        conflicts |= {frozenset((str(a.id), str(b.id))) for a in one for b in other}
    stages = []
    for number, road in enumerate(roads):
        own = {link.from_node for link in road} | ({link.to_node for link in outs} if len(roads) == 1 else set())
        conflicts |= {frozenset((str(link.id), walks[arm].id)) for link in road for arm in own}
        walking = {group for arm, group in walks.items() if arm not in own}
        usual = MAIN_GREEN_S if any((link.lanes or 0) >= 2 for link in road) else SIDE_GREEN_S
        longest = max((group.crossing_s for group in walking), default=0.0)
        greens = frozenset(str(link.id) for link in road) | {group.id for group in walking}
        stages.append(Stage(f"{number}", greens, max(usual, longest)))
    name = node.name or "-"
    return Junction(
        JunctionId(f"sig-{node.id}"), str(node.id), name, node.place, tuple(groups), tuple(stages),
        frozenset(conflicts), timing,
    )  # fmt: skip


def _roads(node: RoadNode, ins: Sequence[RoadLink]) -> list[list[RoadLink]]:
    """The approaches in pairs that face each other, the widest first; one without a partner goes alone."""
    left = sorted(ins, key=lambda link: (-(link.lanes or 0), link.id))
    roads: list[list[RoadLink]] = []
    while left:
        first = left.pop(0)
        way = _heading(node, first)
        facing = [link for link in left if between_degrees(_heading(node, link), way) >= OPPOSITE_DEGREES]
        if facing:
            partner = max(facing, key=lambda link: between_degrees(_heading(node, link), way))
            left.remove(partner)
            roads.append([first, partner])
        else:
            roads.append([first])
    return roads


def _heading(node: RoadNode, link: RoadLink) -> float:
    """The bearing in which the link comes in, over its last piece."""
    line = link.lines[-1]
    before = next((spot for spot in reversed(line) if spot != line[-1]), line[0])
    here = LonLat(*line[-1]) if line[-1] != before else node.place
    return bearing_degrees(LonLat(*before), here)
