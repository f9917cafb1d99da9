"""What a signalised junction is: its groups of lights, what may never be green together, and its shortest times."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NewType

from goldentime.core.place import LonLat

JunctionId = NewType("JunctionId", str)
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Lights that always show the same: vehicles coming in by link `approach`, or a crossing for people on foot.

    `crossing_s` is how long a walk that has begun lasts, entering and crossing at 1 m/s; 0 for vehicles.
    """

    id: str
    approach: str | None = None
    crossing_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What is green together in the usual program, for `green_s`; `yielding` may go but gives way (right turns)."""

    id: str
    greens: frozenset[str]
    green_s: float
    yielding: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Timing:
    """The times that nobody's hurry may shorten, in seconds, and the longest a green is held for one unit."""

    min_green_s: float = 7.0
    yellow_s: float = 3.0
    all_red_s: float = 2.0
    max_hold_s: float = 120.0


@dataclass(frozen=True)
class Junction:
    """One signalised crossing; `conflicts` are pairs of group ids that are never green at the same time."""

    id: JunctionId
    node: str
    name: str
    place: LonLat
    groups: tuple[Group, ...]
    stages: tuple[Stage, ...]
    conflicts: frozenset[Pair]
    timing: Timing = Timing()

    def __post_init__(self) -> None:
        """Refuse, with ValueError, a junction whose own program would break its rules."""
        for stage in self.stages:
            if not (stage.greens | stage.yielding) <= self.by_id.keys():
                msg = f"junction {self.id}: stage {stage.id} names a group that is not there"
                raise ValueError(msg)
            if (met := self.find_conflict(stage.greens)) is not None:
                msg = f"junction {self.id}: stage {stage.id} has conflicting greens {sorted(met)}"
                raise ValueError(msg)

    @cached_property
    def by_id(self) -> dict[str, Group]:
        """The groups by their ids."""
        return {group.id: group for group in self.groups}

    @cached_property
    def approaches(self) -> frozenset[str]:
        """The links by which vehicles come in."""
        return frozenset(group.approach for group in self.groups if group.approach)

    def groups_of(self, approach: str) -> frozenset[str]:
        """What turns green for a unit: everything its approach may do, straight on and turning (직진·좌회전 동시)."""
        return frozenset(group.id for group in self.groups if group.approach == approach)

    def may_share(self, a: str, b: str) -> bool:
        """Whether units on approaches a and b may both have green."""
        return a == b or self.find_conflict(self.groups_of(a) | self.groups_of(b)) is None

    def find_conflict(self, greens: frozenset[str]) -> Pair | None:
        """A pair among these that must not be green together; None when there is none."""
        if len(greens) < 2:
            return None
        return next(
            (pair for two in combinations(sorted(greens), 2) if (pair := frozenset(two)) in self.conflicts), None
        )

    def stage_min_s(self, stage: Stage) -> float:
        """The shortest the stage may be once begun: its least green, and whoever began to walk has crossed."""
        known = self._stage_mins.get(stage)
        return self._stage_min(stage) if known is None else known

    @cached_property
    def _stage_mins(self) -> dict[Stage, float]:
        return {stage: self._stage_min(stage) for stage in self.stages}

    def _stage_min(self, stage: Stage) -> float:
        walks = (self.by_id[group].crossing_s for group in stage.greens)
        return max(self.timing.min_green_s, *walks, 0.0)

    @cached_property
    def longest_change_s(self) -> float:
        """The longest from a request to its green: a change under way, the longest stage's shortest time, a change."""
        longest = max((self.stage_min_s(stage) for stage in self.stages), default=self.timing.min_green_s)
        return longest + 2 * (self.timing.yellow_s + self.timing.all_red_s)
