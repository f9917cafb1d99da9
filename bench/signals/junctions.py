"""SUMO's signalised junctions as ours: a group per movement, conflicts from its foes, Korean walking times."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from goldentime.city.signals.junction import Group, Junction, JunctionId, Stage, Timing
from goldentime.core.place import LonLat

ENTER_S = 7.0  # 보행 진입시간: before the first step into the road
WALK_METRES_PER_S = 1.0  # the walking speed Korean signals are laid out for
MAIN_GREEN_S, LEFT_GREEN_S = 35.0, 15.0
TIMING = Timing(min_green_s=7.0, yellow_s=3.0, all_red_s=2.0, max_hold_s=120.0)


@dataclass(frozen=True, slots=True)
class Net:
    """What the planner and the measuring need of the network."""

    junctions: dict[str, Junction]  # by junction id, which is its traffic light's too
    lengths: dict[str, float]  # of every edge people drive on, metres
    speeds: dict[str, float]  # metres per second
    middles: dict[str, tuple[float, float]]  # plane metres
    lanes: dict[str, int]
    foes: dict[str, tuple[frozenset[str], ...]]  # pairs of groups that must not both be 'G'


def name_of(index: int) -> str:
    """A group's id, the place of its letter in SUMO's state."""
    return f"{index:03d}"


def read_net(file: Path) -> Net:
    """Everything of the network file; raises ValueError when a program of netconvert's is in conflict with itself."""
    root = ET.parse(file).getroot()  # noqa: S314  made by netconvert from our own plain files
    edges = {one.get("id", ""): one for one in root.iter("edge")}
    lanes = {one: edge.findall("lane") for one, edge in edges.items()}
    drivable = {
        one: [lane for lane in rows if _drivable(lane)] for one, rows in lanes.items() if not one.startswith(":")
    }
    reached = _joined([(one.get("from", ""), one.get("to", "")) for one in root.iter("connection")], drivable)
    drivable = {one: rows for one, rows in drivable.items() if rows and one in reached}
    requests = {
        junction.get("id", ""): [request.get("foes", "") for request in junction.findall("request")]
        for junction in root.iter("junction")
    }
    controlled: dict[str, dict[int, ET.Element]] = defaultdict(dict)
    for one in root.iter("connection"):
        if (light := one.get("tl")) is not None:
            controlled[light][int(one.get("linkIndex", "0"))] = one
    junctions, foes = {}, {}
    for logic in root.iter("tlLogic"):
        light = logic.get("id", "")
        sources = {index: one.get("from", "") for index, one in controlled[light].items()}
        foes[light] = _foes(requests[light], sources)
        walks = _walks(controlled[light], edges)
        junctions[light] = _junction(light, logic, controlled[light], walks, foes[light])
    return Net(
        junctions,
        {one: float(rows[0].get("length", "0")) for one, rows in drivable.items()},
        {one: float(rows[0].get("speed", "0")) for one, rows in drivable.items()},
        {one: _middle(rows[0].get("shape", "")) for one, rows in drivable.items()},
        {one: len(rows) for one, rows in drivable.items()},
        foes,
    )


def _joined(turns: list[tuple[str, str]], links: Iterable[str]) -> set[str]:
    """The links from which one may drive to all the others of the set and back: the largest such set found."""
    known, forward, back = set(links), defaultdict(list), defaultdict(list)
    for start, end in turns:
        if start in known and end in known:
            forward[start].append(end)
            back[end].append(start)
    best: set[str] = set()
    for root in sorted(known, key=lambda one: -len(forward[one]))[:10]:
        both = _reach(root, forward) & _reach(root, back)
        best = max(best, both, key=len)
    return best


def _reach(root: str, ways: dict[str, list[str]]) -> set[str]:
    seen, todo = {root}, [root]
    while todo:
        for end in ways[todo.pop()]:
            if end not in seen:
                seen.add(end)
                todo.append(end)
    return seen


def _drivable(lane: ET.Element) -> bool:
    allowed = lane.get("allow")
    return (allowed is None or "passenger" in allowed) and "passenger" not in (lane.get("disallow") or "")


def _middle(shape: str) -> tuple[float, float]:
    spots = [spot.split(",") for spot in shape.split()]
    x, y = spots[len(spots) // 2][:2]
    return float(x), float(y)


def _foes(rows: list[str], sources: dict[int, str]) -> tuple[frozenset[str], ...]:
    """Pairs of movements from different links whose ways cross or meet; SUMO writes the bits from the right."""
    return tuple(
        frozenset((name_of(one), name_of(other)))
        for one, bits in enumerate(rows)
        for other, bit in enumerate(reversed(bits))
        if bit == "1" and one < other and sources.get(one) != sources.get(other)
    )


def _walks(controlled: dict[int, ET.Element], edges: dict[str, ET.Element]) -> dict[int, float]:
    """Seconds each crossing's walk lasts; both halves of a road with an island are crossed in one go."""
    arms: dict[str, float] = defaultdict(float)
    arm_of: dict[int, str] = {}
    for index, connection in controlled.items():
        crossing = edges[connection.get("to", "")]
        if crossing.get("function") != "crossing":
            continue
        crossed = edges[crossing.get("crossingEdges", "").split()[0]]
        ends = frozenset((crossed.get("from", ""), crossed.get("to", "")))
        arm = "|".join(sorted(ends))
        arm_of[index] = arm
        arms[arm] += float(crossing.findall("lane")[0].get("length", "0"))
    return {index: ENTER_S + arms[arm] / WALK_METRES_PER_S for index, arm in arm_of.items()}


def _junction(
    light: str,
    logic: ET.Element,
    controlled: dict[int, ET.Element],
    walks: dict[int, float],
    foes: tuple[frozenset[str], ...],
) -> Junction:
    groups = tuple(
        Group(name_of(index), crossing_s=walks[index])
        if index in walks
        else Group(name_of(index), approach=connection.get("from", ""))
        for index, connection in sorted(controlled.items())
    )
    lefts = {name_of(index) for index, one in controlled.items() if one.get("dir") in {"l", "L", "t"}}
    stages = _stages([phase.get("state", "") for phase in logic.findall("phase")], lefts, walks)
    stages = tuple(_giving_way(stage, foes, {name_of(index) for index in walks}) for stage in stages)
    return Junction(JunctionId(light), light, light, LonLat(0, 0), groups, stages, frozenset(foes), TIMING)


def _stages(states: list[str], lefts: set[str], walks: dict[int, float]) -> tuple[Stage, ...]:
    """netconvert's green phases with Korean times; a left turn that has a stage of its own does not go in another."""

    def is_green(state: str) -> bool:
        return "y" not in state and bool(set(state) & {"G", "g"})

    begins = [state for number, state in enumerate(states) if is_green(state) and not is_green(states[number - 1])]
    protected = {name_of(i) for state in begins for i, letter in enumerate(state) if letter == "G"} & lefts
    stages = []
    for number, state in enumerate(begins):
        greens = frozenset(name_of(i) for i, letter in enumerate(state) if letter == "G")
        may = frozenset(name_of(i) for i, letter in enumerate(state) if letter in "gs") - protected
        walk = max((seconds for index, seconds in walks.items() if name_of(index) in greens), default=0.0)
        usual = LEFT_GREEN_S if greens <= lefts else MAIN_GREEN_S
        stages.append(Stage(f"{number}", greens, max(usual, walk), may))
    return tuple(stages)


def _giving_way(stage: Stage, foes: tuple[frozenset[str], ...], walking: set[str]) -> Stage:
    """The stage with one of every two greens that cross giving way, as turning cars do to people on foot."""
    greens, may = set(stage.greens), set(stage.yielding)
    for pair in foes:
        if pair <= greens:
            gives = min(pair, key=lambda one: (one in walking, one))
            greens.discard(gives)
            may.add(gives)
    return Stage(stage.id, frozenset(greens), stage.green_s, frozenset(may))
