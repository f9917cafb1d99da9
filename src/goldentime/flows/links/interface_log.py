"""Who may read the interface log (연계 로그), and that every look at bytes which may name people is on record."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.core.errors import NotFound
from goldentime.core.ids import IncidentId, MessageId, OutgoingId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.links.search_messages import LogPage, LogQuery, Row, search_messages, subject_of, time_of
from goldentime.flows.ports import Reading
from goldentime.flows.world import World
from goldentime.messages.exchange import RawMessage
from goldentime.messages.kept import KeptMessage

EXPORTED_AT_MOST = 1000
BITE = 8  # messages, each of up to a megabyte, read at a time


@dataclass(frozen=True, slots=True)
class RawLook:
    """One message with its bytes as they passed; `body` None when they have been destroyed."""

    row: Row
    body: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: bytes = b""  # ours to theirs, or theirs to ours

    def as_raw(self) -> RawMessage | None:
        """The message as a linkage reads it."""
        if self.body is None:
            return None
        kept = self.row if isinstance(self.row, KeptMessage) else None
        content_type = kept.content_type if kept else ""
        sender = kept.sender if kept else None
        return RawMessage(self.row.linkage, sender, content_type, self.headers, self.body, time_of(self.row))


@dataclass(frozen=True, slots=True)
class InterfaceLog:
    """The desk of whoever joins agencies to the city; every method raises Refused for another role."""

    world: World

    async def search(self, caller: Caller, query: LogQuery) -> LogPage:
        """One page; looking for words inside the bytes is on record, the words are not: they may name people."""
        must(caller.account.role, Act.READ_LOG)
        page = await self.world.store.read(partial(search_messages, query=query))
        if query.words:
            data = {"scanned": page.scanned, "found": len(page.items)}
            await self._note(caller, "MessagesSearched", data)
        return page

    async def look(self, caller: Caller, message: str) -> RawLook:
        """One message with its bytes; on record before it is shown. Raises NotFound."""
        must(caller.account.role, Act.READ_LOG)
        found = await self.world.store.read(partial(_look, message=message))
        incident = IncidentId(found.row.incident) if found.row.incident else None
        await self._note(caller, "RawMessageRead", {"message": message}, incident=incident)
        return found

    async def export(self, caller: Caller, query: LogQuery) -> Sequence[str]:
        """Which messages, up to a thousand, oldest first as a replay wants them, `bites` may read; on record."""
        must(caller.account.role, Act.READ_LOG)
        found: list[str] = []
        page = LogPage((), query.before, 0, 0)
        while len(found) < EXPORTED_AT_MOST:
            asked = replace(query, before=page.next, limit=100)
            page = await self.world.store.read(partial(search_messages, query=asked))
            found += [row.id for row in page.items]
            if page.next is None:
                break
        del found[EXPORTED_AT_MOST:]
        await self._note(caller, "MessagesExported", {"messages": len(found)})
        return found[::-1]

    async def bites(self, exported: Sequence[str]) -> AsyncGenerator[Sequence[RawLook], None]:
        """The messages with their bytes, a few at a time so that no more are in memory; the last bite may be empty.

        One that was destroyed with its row meanwhile is left out.
        """
        for first in range(0, max(1, len(exported)), BITE):
            bite = []
            for message in exported[first : first + BITE]:
                with suppress(NotFound):
                    bite.append(await self.world.store.read(partial(_look, message=message)))
            yield bite

    async def _note(
        self, caller: Caller, act: str, data: Mapping[str, str | int], *, incident: IncidentId | None = None
    ) -> None:
        entry = Entry(self.world.clock.now(), act, caller.account.id, incident=incident, data=data)
        await self.world.store.change(lambda tx: tx.audit(entry))


def _look(look: Reading, message: str) -> RawLook:
    row: Row | None = look.find_message(MessageId(message)) or look.find_outgoing(OutgoingId(message))
    if row is None:
        raise NotFound(Text("그런 전문이 없습니다.", "There is no such message."))
    subject = subject_of(row)
    headers = json.loads(look.unseal(subject, "headers") or b"{}")
    answer = row.answer if isinstance(row, KeptMessage) else look.unseal(subject, "answer") or b""
    return RawLook(row, look.unseal(subject, "body"), headers, answer)
