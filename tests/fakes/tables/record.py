"""The facts, the access log, the readers' places in them and the vault, in memory."""

from collections.abc import Sequence
from datetime import datetime

from fakes.tables.rows import Rows
from goldentime.city.audit.chain import GENESIS, Entry, Link, chained
from goldentime.core.fact import Fact
from goldentime.hub.log import Recorded


class Record:
    """Reading and writing them."""

    rows: Rows

    def list_facts(self, *, after: int = 0, subject: str | None = None, limit: int = 1000) -> Sequence[Recorded]:
        wanted = [r for r in self.rows.facts if r.position > after and subject in (None, r.fact.subject)]
        return wanted[:limit]

    def list_newest_facts(self, subject: str, *, limit: int) -> Sequence[Recorded]:
        return [r for r in self.rows.facts if r.fact.subject == subject][::-1][:limit]

    def last_position(self) -> int:
        return len(self.rows.facts)

    def record(self, fact: Fact) -> int:
        self.rows.facts.append(Recorded(len(self.rows.facts) + 1, fact))
        return len(self.rows.facts)

    def list_audit(self, *, after: int = 0, before: int | None = None, limit: int = 1000) -> Sequence[Link]:
        if before is None:
            return [link for link in self.rows.links if link.position > after][:limit]
        below = [link for link in self.rows.links if before == 0 or link.position < before]
        return below[::-1][:limit]

    def audit_head(self) -> tuple[int, bytes]:
        return (self.rows.links[-1].position, self.rows.links[-1].digest) if self.rows.links else (0, GENESIS)

    def is_head_vouched(self) -> bool:
        return True

    def audit(self, entry: Entry) -> int:
        position, previous = self.audit_head()
        self.rows.links.append(chained(entry, position=position + 1, previous=previous))
        return position + 1

    def find_cursor(self, reader: str) -> int:
        return self.rows.cursors.get(reader, 0)

    def put_cursor(self, reader: str, position: int) -> None:
        self.rows.cursors[reader] = position

    def unseal(self, subject: str, name: str) -> bytes | None:
        return self.rows.sealed.get((subject, name))

    def list_sealed(self, subject: str, *, first: str, last: str) -> Sequence[tuple[str, bytes]]:
        sealed = self.rows.sealed
        return [
            (name, sealed[whose, name]) for whose, name in sorted(sealed) if whose == subject and first <= name <= last
        ]

    def seal(self, subject: str, name: str, plain: bytes, *, ends_at: datetime) -> None:
        self.rows.sealed[subject, name] = plain
        self.rows.ends[subject] = max(ends_at, self.rows.ends.get(subject, ends_at))

    def destroy(self, subject: str, at: datetime) -> bool:
        for key in [key for key in self.rows.sealed if key[0] == subject]:
            del self.rows.sealed[key]
        return self.rows.ends.pop(subject, None) is not None

    def list_due(self, at: datetime, *, limit: int = 100) -> Sequence[str]:
        return sorted(subject for subject, end in self.rows.ends.items() if end <= at)[:limit]
