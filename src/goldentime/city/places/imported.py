"""What is kept of an import: which file, when, and what became of its rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Imported:
    """One import; `what` is cameras, streams, boundary, roads or places; `report` is the report's JSON."""

    what: str
    file_name: str
    digest: str  # SHA-256 of the file's bytes, hex
    at: datetime  # aware
    report: str
