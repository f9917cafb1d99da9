"""What an import tells: every row read is kept or set aside, and nothing changes without a word."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from goldentime.core.text import Text


@dataclass(frozen=True, slots=True)
class RowNote:
    """What was done with one row of the file and why; its number counts the header as 1, 0 is no row of the file."""

    row: int
    reason: Text
    code: str
    name: str = ""

    def to_dict(self) -> dict[str, object]:
        """`{row, name, code, reason: {ko, en}}`."""
        return {"row": self.row, "name": self.name, "code": self.code, "reason": self.reason.to_dict()}


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows that stand at the very same coordinates; they all stay."""

    lon: float
    lat: float
    rows: tuple[int, ...]

    def to_dict(self) -> dict[str, object]:
        """`{lon, lat, rows}`."""
        return {"lon": self.lon, "lat": self.lat, "rows": list(self.rows)}


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one file; refuses to exist when a row is unaccounted for."""

    what: str
    file_name: str
    rows_read: int
    kept: int
    set_aside: tuple[RowNote, ...] = ()
    repaired: tuple[RowNote, ...] = ()
    flagged: tuple[RowNote, ...] = ()
    shared: tuple[Shared, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    layout: str = ""
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    columns_not_used: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """Count again."""
        if self.rows_read != self.kept + len(self.set_aside):
            msg = f"{self.rows_read} rows read, but {self.kept} kept and {len(self.set_aside)} set aside"
            raise ValueError(msg)

    @property
    def changed_anything(self) -> bool:
        """Whether the city's state differs after this import."""
        return any(self.counts.get(key, 0) for key in ("added", "moved", "changed", "removed"))

    def to_dict(self) -> dict[str, object]:
        """The shape of `--json`: the counts side by side, then the lists."""
        return {
            "what": self.what,
            "file": self.file_name,
            "layout": self.layout,
            "encoding": self.encoding,
            "rows_read": self.rows_read,
            "kept": self.kept,
            **self.counts,
            "repaired": [note.to_dict() for note in self.repaired],
            "set_aside": [note.to_dict() for note in self.set_aside],
            "flagged": [note.to_dict() for note in self.flagged],
            "shared_coordinates": [shared.to_dict() for shared in self.shared],
            "columns": dict(self.columns),
            "columns_not_used": list(self.columns_not_used),
            "notes": [note.to_dict() for note in self.notes],
        }
