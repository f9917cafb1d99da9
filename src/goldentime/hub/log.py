"""What following the log of facts means: every fact once, in order, from one's own cursor."""

from dataclasses import dataclass

from goldentime.core.fact import Fact


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact in its place; positions grow without ever going back."""

    position: int
    fact: Fact
