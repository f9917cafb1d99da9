"""How one junction's lights go: its usual stages, and between them a unit's green, with no walk cut short."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from goldentime.city.signals.junction import Junction, Stage


class Refusal(StrEnum):
    """Why a claim is not taken."""

    NO_SUCH_APPROACH = "no_such_approach"
    CONFLICT = "conflict"  # another unit holds an approach that must not be green with it
    TWICE = "twice"  # the same id is in use


@dataclass(slots=True)
class Claim:
    """A unit's approach that is to be green; `green_at` once it is, in the controller's own seconds."""

    id: str
    approach: str
    green_at: float | None = None


@dataclass(frozen=True, slots=True)
class Lights:
    """What every group shows: green, yellow, or green but giving way; all others are red."""

    green: frozenset[str]
    yellow: frozenset[str] = frozenset()
    yielding: frozenset[str] = frozenset()


class Controller:
    """One junction under its own clock: `tick` moves it on; seconds are whoever ticks's, and only go forward."""

    def __init__(self, junction: Junction, now: float, *, first: int = 0) -> None:
        """Begin with the usual stage of that number; raises ValueError when the junction has no stages."""
        if not junction.stages:
            msg = f"junction {junction.id} has no stages"
            raise ValueError(msg)
        self.junction = junction
        self.claims: dict[str, Claim] = {}
        self._last_green = {stage.id: -1e9 for stage in junction.stages}
        self._stage: Stage = junction.stages[first % len(junction.stages)]
        self._began = now
        self._next: Stage | None = None  # what comes after yellow and all red
        self._left_at = now
        self._stay: frozenset[str] = frozenset()  # green through the change
        self._walking = self._walks_of(self._stage)
        self._shown = Lights(self._stage.greens, yielding=self._stage.yielding)
        self._priority = False  # the stage now is a unit's, not the program's
        self.now = now

    def claim(self, claim_id: str, approach: str) -> Refusal | None:
        """Take a unit's wish in, or say why not; its green comes with a later tick."""
        if approach not in self.junction.approaches:
            return Refusal.NO_SUCH_APPROACH
        if claim_id in self.claims:
            return Refusal.TWICE
        if any(not self.junction.may_share(approach, other.approach) for other in self.claims.values()):
            return Refusal.CONFLICT
        self.claims[claim_id] = Claim(claim_id, approach)
        return None

    def release(self, claim_id: str) -> bool:
        """Give a green back; False when there is no such claim."""
        return self.claims.pop(claim_id, None) is not None

    def tick(self, now: float) -> tuple[str, ...]:
        """Move on to `now`; returns the claims dropped since their green has lasted as long as it may."""
        self.now = now
        late = tuple(
            claim.id
            for claim in self.claims.values()
            if claim.green_at is not None and now - claim.green_at >= self.junction.timing.max_hold_s
        )
        for one in late:
            del self.claims[one]
        if self._next is not None:
            self._redirect(now)
            if now - self._left_at >= self.junction.timing.yellow_s + self.junction.timing.all_red_s:
                self._enter(self._next, now)
        elif now - self._began >= self._shortest():
            wanted = self._wanted(now)
            if wanted is not None and (wanted.greens, wanted.yielding) != (self._stage.greens, self._stage.yielding):
                self._next, self._left_at = wanted, now
                self._stay = (self._stage.greens & wanted.greens) - self._walks(self._stage.greens)
        self._note_green(now)
        return late

    def lights(self) -> Lights:
        """What is shown now."""
        stage = self._stage
        if self._next is None:
            walking = self.now - self._began
            over = frozenset(walk for walk, seconds in self._walking if seconds <= walking)
            return self._show(Lights(stage.greens - over if over else stage.greens, yielding=stage.yielding))
        if self.now - self._left_at >= self.junction.timing.yellow_s:
            return self._show(Lights(self._stay))
        leaving = (stage.greens | stage.yielding) - self._stay - self._walks(stage.greens)
        return self._show(Lights(self._stay, leaving))

    def _show(self, lights: Lights) -> Lights:
        """The same object as long as nothing changes, so that who looks often can tell at once."""
        if lights != self._shown:
            self._shown = lights
        return self._shown

    def _redirect(self, now: float) -> None:
        """A claim made during a change gets what comes after it, when nothing green would have to stop for that."""
        wanted = self._wanted(now) if self.claims else None
        if wanted is not None and self._stay <= wanted.greens:
            self._next = wanted

    def _walks_of(self, stage: Stage) -> tuple[tuple[str, float], ...]:
        return tuple((one, self.junction.by_id[one].crossing_s) for one in self._walks(stage.greens))

    def _walks(self, groups: Iterable[str]) -> frozenset[str]:
        return frozenset(group for group in groups if self.junction.by_id[group].crossing_s > 0)

    def _shortest(self) -> float:
        return self.junction.timing.min_green_s if self._priority else self.junction.stage_min_s(self._stage)

    def _wanted(self, now: float) -> Stage | None:
        """The stage that should be on: the units' own, else the program's next when this one is over."""
        if self.claims:
            approaches = sorted({claim.approach for claim in self.claims.values()})
            greens = frozenset().union(*(self.junction.groups_of(approach) for approach in approaches))
            return Stage("+".join(approaches), greens, self.junction.timing.max_hold_s)
        if not self._priority and now - self._began < self._stage.green_s:
            return None
        order = self.junction.stages
        if self._priority:  # whoever has waited longest goes first, and who was let through has not waited
            through = self._stage.greens
            return min(order, key=lambda stage: now if stage.greens & through else self._last_green[stage.id])
        return order[(order.index(self._stage) + 1) % len(order)]

    def _enter(self, stage: Stage, now: float) -> None:
        if not self._priority:
            self._last_green[self._stage.id] = now
        self._stage, self._began, self._next = stage, now, None
        self._walking = self._walks_of(stage)
        self._priority = stage not in self.junction.stages

    def _note_green(self, now: float) -> None:
        green = self.lights().green
        for claim in self.claims.values():
            if claim.green_at is None and self.junction.groups_of(claim.approach) <= green:
                claim.green_at = now
