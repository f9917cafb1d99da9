"""How raw messages' rows are stored and found; their bodies are in the vault."""

from collections.abc import Sequence

from sqlalchemy import bindparam as b

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.tables import message
from goldentime.core.ids import MessageId
from goldentime.messages.kept import KeptMessage, MessageState

_MESSAGES = Rowed(KeptMessage, message)
_ONE = _MESSAGES.select().where(message.c.id == b("id"))
_ANSWERED = (
    _MESSAGES.select()
    .where(message.c.digest == b("digest"), message.c.answer != b("nothing"), message.c.problem == b("nothing_wrong"))
    .order_by(message.c.received_at, message.c.id)
    .limit(1)
)
_PARTS = (
    _MESSAGES.select()
    .where(
        message.c.sender == b("sender"),
        message.c.occurrence == b("occurrence"),
        message.c.state == MessageState.PART.value,
    )
    .order_by(message.c.received_at, message.c.id)
)
_KEPT = (
    _MESSAGES.select()
    .where(message.c.state == MessageState.KEPT.value)
    .order_by(message.c.received_at, message.c.id)
    .limit(b("most"))
)
_NEWEST = _MESSAGES.select().order_by(message.c.id.desc()).limit(b("most"))  # ids sort by the time of reception
_NEWEST_BELOW = _NEWEST.where(message.c.id < b("before"))
_PUT = put(message)


class ReportReads:
    """The looks of `flows.ports.Reading` at kept messages."""

    look: Look

    def find_message(self, message: MessageId) -> KeptMessage | None:
        """By id."""
        row = self.look.one(_ONE, id=message)
        return None if row is None else _MESSAGES.value(row)

    def find_answered(self, digest: bytes) -> KeptMessage | None:
        """The same message, understood and answered; a refused one is read again, for its reason may be gone."""
        row = self.look.one(_ANSWERED, digest=digest, nothing=b"", nothing_wrong="")
        return None if row is None else _MESSAGES.value(row)

    def list_parts(self, sender: str, occurrence: str) -> Sequence[KeptMessage]:
        """Those waiting for their other parts, oldest first."""
        return [_MESSAGES.value(row) for row in self.look.rows(_PARTS, sender=sender, occurrence=occurrence)]

    def list_kept(self, *, limit: int = 1000) -> Sequence[KeptMessage]:
        """Those not read yet, oldest first."""
        return [_MESSAGES.value(row) for row in self.look.rows(_KEPT, most=limit)]

    def list_messages(self, *, before: str | None = None, limit: int = 100) -> Sequence[KeptMessage]:
        """Newest first, below that id when given."""
        given = {"most": limit} | ({} if before is None else {"before": before})
        return [_MESSAGES.value(row) for row in self.look.rows(_NEWEST_BELOW if before else _NEWEST, **given)]


class ReportWrites(ReportReads):
    """The writes of `flows.ports.Change` to kept messages."""

    draft: Draft

    def put_message(self, message: KeptMessage) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT, _MESSAGES.row(message))
