"""What a fact is: something that happened, in the past tense, holding ids and digests, never personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FactValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """`kind` such as `IncidentOpened`, about `subject` (an id), at an aware time, with flat data."""

    kind: str
    subject: str
    at: datetime
    data: Mapping[str, FactValue] = field(default_factory=dict)
