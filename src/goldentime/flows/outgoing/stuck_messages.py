"""How a person moves a message of ours that is stuck: sent again, or given up so that those behind it pass."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.ids import AgencyId, IncidentId, OutgoingId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.outgoing.settle_outgoing import settle
from goldentime.flows.ports import Change
from goldentime.flows.world import World
from goldentime.messages.outgoing import Lane, OutgoingMessage, OutgoingState


class Sending(Protocol):
    """The outbox, as far as a person moves it."""

    def try_now(self, agency: AgencyId, lane: Lane) -> None:
        """Do not wait for the address to have rested."""
        ...


@dataclass(frozen=True, slots=True)
class StuckMessages:
    """The administrator's desk for what waits for an agency; every method raises Refused for another role."""

    world: World
    outbox: Sending

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


def _get_outgoing(tx: Change, message: str) -> OutgoingMessage:
    row = tx.find_outgoing(OutgoingId(message))
    if row is None:
        raise NotFound(Text("그런 전문이 없습니다.", "There is no such message."))
    return row


def _entry(now: datetime, act: str, caller: Caller, row: OutgoingMessage) -> Entry:
    incident = IncidentId(row.incident) if row.incident else None
    return Entry(now, act, caller.account.id, row.agency, incident, data={"message": row.id})
