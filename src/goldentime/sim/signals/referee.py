"""Whether lights, looked at from outside, ever break a rule that nobody's hurry may break."""

from dataclasses import dataclass, field

from goldentime.city.signals.junction import Junction
from goldentime.sim.signals.controller import Lights


class RuleBroken(Exception):  # noqa: N818  it is said as it happened
    """Conflicting greens, a green, a yellow or a walk cut short: a fault of the controller, never to be survived."""


@dataclass(slots=True)
class Referee:
    """Looks at one junction's lights at every tick; knows nothing of why they are as they are."""

    junction: Junction
    _green_since: dict[str, float] = field(default_factory=dict)
    _yellow_since: dict[str, float] = field(default_factory=dict)
    looks: int = 0
    slack_s: float = 0.0  # how coarsely the looks fall

    def look(self, lights: Lights, now: float) -> None:
        """Raise RuleBroken when what is shown now, after what was shown before, breaks a rule."""
        self.looks += 1
        met = self.junction.find_conflict(lights.green | lights.yellow)
        if met is not None:
            msg = f"{self.junction.id}: {sorted(met)} open together at {now:.1f}"
            raise RuleBroken(msg)
        for group in self.junction.groups:
            self._look_at(group.id, group.crossing_s, lights, now)

    def _look_at(self, group: str, crossing_s: float, lights: Lights, now: float) -> None:
        if group in lights.green:
            self._green_since.setdefault(group, now)
            self._yellow_since.pop(group, None)
            return
        since = self._green_since.pop(group, None)
        if since is not None:
            least = crossing_s or self.junction.timing.min_green_s
            if self.looks > 1 and now - since < least - self.slack_s:
                msg = f"{self.junction.id}: {group} open for {now - since:.1f} s of {least:.1f} s"
                raise RuleBroken(msg)
            if not crossing_s and group not in lights.yellow:
                msg = f"{self.junction.id}: {group} went from green to red at {now:.1f}"
                raise RuleBroken(msg)
        if group in lights.yellow:
            self._yellow_since.setdefault(group, now)
            return
        began = self._yellow_since.pop(group, None)
        if began is not None and now - began < self.junction.timing.yellow_s - self.slack_s:
            msg = f"{self.junction.id}: {group} yellow for {now - began:.1f} s"
            raise RuleBroken(msg)
