"""What a file given to an importer is, before anybody knows what it holds."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from goldentime.city.places.imported import Imported
from goldentime.core.clock import Clock
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile
from goldentime.importers.report import Report
from goldentime.importers.table import MOST_BYTES

Key = TypeVar("Key")
_BESIDE = frozenset({".dbf", ".shx", ".prj", ".cpg"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's name and bytes; `beside` are the parts of a shapefile next to it, by suffix (".dbf")."""

    name: str
    data: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def record(self, report: Report, clock: Clock, report_json: str) -> Imported:
        """What storage keeps of this import."""
        digest = hashlib.sha256(self.data)
        for suffix in sorted(self.beside):
            digest.update(self.beside[suffix])
        return Imported(report.what, self.name, digest.hexdigest(), clock.now(), report_json)


def read_source(path: Path) -> SourceFile:
    """The file at a path, unpacked when it is gzip; raises BadFile when it cannot be read."""
    beside = {}
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".shp":
            beside = {
                part.suffix.lower(): part.read_bytes()
                for part in path.parent.iterdir()
                if part.stem == path.stem and part.suffix.lower() in _BESIDE
            }
        if data[:2] == b"\x1f\x8b":
            data = _unpacked(data)
    except (OSError, EOFError, zlib.error) as broken:
        reason = getattr(broken, "strerror", None) or str(broken)
        raise BadFile(
            Text(ko=f"파일을 읽을 수 없습니다: {path.name} ({reason})", en=f"Cannot read {path.name} ({reason})")
        ) from broken
    return SourceFile(path.name, data, beside)


def _unpacked(data: bytes) -> bytes:
    """The bytes inside a gzip file; reads one more than is allowed, so that what is too large is seen."""
    with gzip.open(io.BytesIO(data)) as packed:
        return packed.read(MOST_BYTES + 1)


def counts_of_change(old: Mapping[Key, object], new: Mapping[Key, object]) -> dict[str, int]:
    """How many were added, changed, removed and left as they were."""
    both = new.keys() & old.keys()
    changed = sum(old[key] != new[key] for key in both)
    return {
        "added": len(new.keys() - old.keys()),
        "changed": changed,
        "removed": len(old.keys() - new.keys()),
        "unchanged": len(both) - changed,
    }
