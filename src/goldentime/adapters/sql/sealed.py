"""How sealed items and their wrapped keys are stored, found, prolonged and destroyed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam as b
from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import to_micros
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.tables import vault_item, vault_key

_ITEM = (
    select(vault_key.c.wrapped, vault_item.c.sealed)
    .join(vault_item, vault_item.c.subject == vault_key.c.subject)
    .where(vault_key.c.subject == b("subject"), vault_item.c.name == b("name"))
)
_ITEMS = (
    select(vault_key.c.wrapped, vault_item.c.name, vault_item.c.sealed)
    .join(vault_item, vault_item.c.subject == vault_key.c.subject)
    .where(vault_key.c.subject == b("subject"), vault_item.c.name >= b("first"), vault_item.c.name <= b("last"))
    .order_by(vault_item.c.name)
)
_DUE = (
    select(vault_key.c.subject)
    .where(vault_key.c.ends_at <= b("at"))
    .order_by(vault_key.c.ends_at, vault_key.c.subject)
    .limit(b("most"))
)
_NEW_KEY = insert(vault_key)
_LATER = case((_NEW_KEY.excluded.ends_at > vault_key.c.ends_at, _NEW_KEY.excluded.ends_at), else_=vault_key.c.ends_at)
_KEY = _NEW_KEY.on_conflict_do_update(index_elements=["subject"], set_={"ends_at": _LATER}).returning(
    vault_key.c.wrapped
)
_PUT_ITEM = put(vault_item)
_DESTROY_KEY = delete(vault_key).where(vault_key.c.subject == b("subject"))
_DESTROY_ITEMS = delete(vault_item).where(vault_item.c.subject == b("subject"))


class SealedReads:
    """The looks of `flows.ports.Reading` into the vault."""

    look: Look

    def unseal(self, subject: str, name: str) -> bytes | None:
        """The plain bytes; None when never sealed or destroyed. Raises StorageFailed when they were altered."""
        row = self.look.one(_ITEM, subject=subject, name=name)
        if row is None:
            return None
        vault = self.look.vault
        return vault.unseal(vault.key(subject, bytes(row[0])), subject, name, bytes(row[1]))

    def list_sealed(self, subject: str, *, first: str, last: str) -> Sequence[tuple[str, bytes]]:
        """Names from first to last with what they hold, in order; raises StorageFailed when one was altered."""
        rows = self.look.rows(_ITEMS, subject=subject, first=first, last=last)
        if not rows:
            return []
        vault = self.look.vault
        key = vault.key(subject, bytes(rows[0][0]))
        return [(row[1], vault.unseal(key, subject, row[1], bytes(row[2]))) for row in rows]


class SealedWrites(SealedReads):
    """The writes of `flows.ports.Change` into the vault."""

    draft: Draft

    def seal(self, subject: str, name: str, plain: bytes, *, ends_at: datetime) -> None:
        """Keep it under the subject's key, made now when there is none; a later end prolongs all of the subject."""
        vault = self.draft.vault
        key, wrapped = vault.new_key(subject)
        row = self.draft.take(_KEY, subject=subject, wrapped=wrapped, ends_at=to_micros(ends_at))
        if row is not None and bytes(row[0]) != wrapped:
            key = vault.key(subject, bytes(row[0]))
        sealed = vault.seal(key, subject, name, plain)
        self.draft.write(_PUT_ITEM, {"subject": subject, "name": name, "sealed": sealed})

    def destroy(self, subject: str, at: datetime) -> bool:  # noqa: ARG002  (the flow puts the time on record)
        """Whether there was a key; it is gone, and what it sealed with it."""
        found = self.draft.run(_DESTROY_KEY, subject=subject) > 0
        self.draft.run(_DESTROY_ITEMS, subject=subject)
        self.draft.wipes = self.draft.wipes or found
        return found

    def list_due(self, at: datetime, *, limit: int = 100) -> Sequence[str]:
        """Subjects whose end has come, the longest overdue first."""
        return [row[0] for row in self.draft.rows(_DUE, at=to_micros(at), most=limit)]
