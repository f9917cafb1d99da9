"""How facts and audit entries take their place in the log and in the chain, and how they are read back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import bindparam as b
from sqlalchemy import insert, select

from goldentime.adapters.sql.draft import AUDIT, FACTS, Draft, Look
from goldentime.adapters.sql.rowed import Row, from_micros, to_micros
from goldentime.adapters.sql.tables import audit_entry, fact, head
from goldentime.city.audit.chain import Entry, Link, chained
from goldentime.core.fact import Fact
from goldentime.hub.log import Recorded

_ANY_FACTS = select(fact.c.position, fact.c.kind, fact.c.subject, fact.c.at, fact.c.data).limit(b("most"))
_FACTS = _ANY_FACTS.where(fact.c.position > b("after")).order_by(fact.c.position)
_FACTS_ABOUT = _FACTS.where(fact.c.subject == b("subject"))
_NEWEST_ABOUT = _ANY_FACTS.where(fact.c.subject == b("subject")).order_by(fact.c.position.desc())
_HEAD = select(head.c.position, head.c.digest, head.c.vouched).where(head.c.log == b("which"))
_CHAIN = select(
    audit_entry.c.position,
    audit_entry.c.at,
    audit_entry.c.action,
    audit_entry.c.actor,
    audit_entry.c.agency,
    audit_entry.c.incident,
    audit_entry.c.camera,
    audit_entry.c.data,
    audit_entry.c.previous,
    audit_entry.c.digest,
)
_WHOLE_CHAIN = _CHAIN.order_by(audit_entry.c.position)
_CHAIN_AFTER = _WHOLE_CHAIN.where(audit_entry.c.position > b("after")).limit(b("most"))
_CHAIN_NEWEST = _CHAIN.order_by(audit_entry.c.position.desc()).limit(b("most"))
_CHAIN_BEFORE = _CHAIN_NEWEST.where(audit_entry.c.position < b("before"))
_ADD_FACT = insert(fact)
_ADD_ENTRY = insert(audit_entry)

# the standard library's, as the chain's digest uses it: what one writes as text the other must give back the same
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DECODE = json.loads


class RecordReads:
    """The looks of `flows.ports.Reading` at what happened."""

    look: Look

    def list_facts(self, *, after: int = 0, subject: str | None = None, limit: int = 1000) -> Sequence[Recorded]:
        """Facts behind the position, in order; only about `subject` when given."""
        if subject is None:
            rows = self.look.rows(_FACTS, after=after, most=limit)
        else:
            rows = self.look.rows(_FACTS_ABOUT, after=after, most=limit, subject=subject)
        return [_recorded(row) for row in rows]

    def list_newest_facts(self, subject: str, *, limit: int) -> Sequence[Recorded]:
        """The last facts about the subject, newest first."""
        return [_recorded(row) for row in self.look.rows(_NEWEST_ABOUT, most=limit, subject=subject)]

    def last_position(self) -> int:
        """Where the log of facts ends; 0 when empty."""
        row = self.look.one(_HEAD, which=FACTS)
        return 0 if row is None else int(row[0])

    def list_audit(self, *, after: int = 0, before: int | None = None, limit: int = 1000) -> Sequence[Link]:
        """Ascending behind `after`; or descending below `before`, from the newest when that is 0."""
        if before is None:
            rows = self.look.rows(_CHAIN_AFTER, after=after, most=limit)
        elif before == 0:
            rows = self.look.rows(_CHAIN_NEWEST, most=limit)
        else:
            rows = self.look.rows(_CHAIN_BEFORE, before=before, most=limit)
        return [_link(row) for row in rows]

    def audit_head(self) -> tuple[int, bytes]:
        """The position and digest the chain ends with; (0, GENESIS) when empty."""
        position, digest, _ = self._head()
        return position, digest

    def is_head_vouched(self) -> bool:
        """Whether the chain's head carries the code that only the master key makes."""
        position, digest, vouched = self._head()
        return vouched == self.look.vault.vouch(position, digest)

    def each_link(self) -> Iterator[Link]:
        """The whole chain, however long, in order."""
        return (_link(row) for row in self.look.each(_WHOLE_CHAIN))

    def _head(self) -> tuple[int, bytes, bytes]:
        row = self.look.one(_HEAD, which=AUDIT)
        return (0, b"", b"") if row is None else (int(row[0]), bytes(row[1]), bytes(row[2]))


class RecordWrites(RecordReads):
    """The writes of `flows.ports.Change` to what happened."""

    draft: Draft

    def last_position(self) -> int:
        """Where the log of facts ends, this change's own ones counted."""
        return self.draft.heads.fact

    def audit_head(self) -> tuple[int, bytes]:
        """Where the chain ends, this change's own entries counted."""
        return self.draft.heads.audit, self.draft.heads.digest

    def record(self, fact: Fact) -> int:
        """The fact's position in the log."""
        heads = self.draft.heads
        heads.fact += 1
        row = {
            "position": heads.fact,
            "kind": fact.kind,
            "subject": fact.subject,
            "at": to_micros(fact.at),
            "data": _json(fact.data),
        }
        self.draft.write(_ADD_FACT, row)
        return heads.fact

    def audit(self, entry: Entry) -> int:
        """The entry's position in the chain; its time is put into UTC first, since the digest covers it as text."""
        heads = self.draft.heads
        entry = replace(entry, at=entry.at.astimezone(UTC))
        link = chained(entry, position=heads.audit + 1, previous=heads.digest)
        row = {
            "position": link.position,
            "at": to_micros(entry.at),
            "action": entry.action,
            "actor": entry.actor,
            "agency": entry.agency,
            "incident": entry.incident,
            "camera": entry.camera,
            "data": _json(entry.data),
            "previous": link.previous,
            "digest": link.digest,
        }
        self.draft.write(_ADD_ENTRY, row)
        heads.audit, heads.digest = link.position, link.digest
        return link.position


def _json(data: Mapping[str, Any]) -> str:
    return _ENCODE(dict(data)) if data else "{}"


def _recorded(row: Row) -> Recorded:
    return Recorded(row[0], Fact(row[1], row[2], from_micros(row[3]), _DECODE(row[4])))


def _link(row: Row) -> Link:
    entry = Entry(from_micros(row[1]), row[2], row[3], row[4], row[5], row[6], _DECODE(row[7]))
    return Link(row[0], entry, bytes(row[8]), bytes(row[9]))
