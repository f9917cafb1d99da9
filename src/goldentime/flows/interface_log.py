"""Who may read the interface log (연계 로그), and that every look at bytes which may name people is on record."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.ids import AgencyId, IncidentId, MessageId, OutgoingId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change, Reading
from goldentime.flows.search_messages import LogPage, LogQuery, Row, search_messages, subject_of, time_of
from goldentime.flows.settle_outgoing import settle
from goldentime.flows.world import World
from goldentime.messages.exchange import RawMessage
from goldentime.messages.kept import KeptMessage
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState

EXPORTED_AT_MOST = 1000
BITE = 8  # messages, each of up to a megabyte, read at a time


class Sending(Protocol):
    """The outbox, as far as a person moves it."""

    def try_now(self, agency: AgencyId, lane: Lane) -> None:
        """Do not wait for the address to have rested."""
        ...


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
    outbox: Sending

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

    async def send_again(self, caller: Caller, message: str) -> OutgoingMessage:
        """Let a message wait again, or wait no longer; raises NotFound, or Conflict when the other side has it."""
        must(caller.account.role, Act.ADMINISTER)

        def decide(tx: Change) -> OutgoingMessage:
            row = _get_outgoing(tx, message)
            if row.state is OutgoingState.SENT:
                raise Conflict(Text("상대가 이미 받은 전문입니다.", "The other side has this message already."))
            now = self.world.clock.now()
            again = replace(row, state=OutgoingState.WAITING, next_at=now, settled_at=None, problem="")
            tx.put_outgoing(replace(again, tries=0))
            tx.audit(_entry(now, "OutgoingSentAgain", caller, row))
            return again

        again = await self.world.store.change(decide)
        self.outbox.try_now(again.agency, again.lane)
        return again

    async def give_up(self, caller: Caller, message: str) -> OutgoingMessage:
        """Send it no more, so that those behind it pass; raises NotFound, or Conflict when it does not wait."""
        must(caller.account.role, Act.ADMINISTER)

        def decide(tx: Change) -> OutgoingMessage:
            row = _get_outgoing(tx, message)
            if row.state is not OutgoingState.WAITING:
                raise Conflict(Text("기다리고 있는 전문이 아닙니다.", "This message does not wait."))
            now = self.world.clock.now()
            settle(tx, row, OutgoingState.GIVEN_UP, now, problem="by_hand")
            tx.audit(_entry(now, "OutgoingGivenUp", caller, row))
            return _get_outgoing(tx, message)

        return await self.world.store.change(decide)

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


def _get_outgoing(tx: Change, message: str) -> OutgoingMessage:
    row = tx.find_outgoing(OutgoingId(message))
    if row is None:
        raise NotFound(Text("그런 전문이 없습니다.", "There is no such message."))
    return row


def _entry(now: datetime, act: str, caller: Caller, row: OutgoingMessage) -> Entry:
    incident = IncidentId(row.incident) if row.incident else None
    return Entry(now, act, caller.account.id, row.agency, incident, data={"message": row.id})
