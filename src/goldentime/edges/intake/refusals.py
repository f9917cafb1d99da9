"""What becomes of refused messages: kept with their answers while there is room, beyond that counted on record."""

import asyncio
from dataclasses import dataclass, replace

import structlog

from goldentime.core.clock import monotonic
from goldentime.core.errors import StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.edges.intake.keeping import MINUTE, Allowance, Keeping
from goldentime.edges.intake.reception import Keeper
from goldentime.edges.intake.seldom import Seldom
from goldentime.messages.exchange import Answer, RawMessage, Sender

AGENCYS_REFUSED = Allowance(messages=600, bytes=8 << 20, bytes_in_all=32 << 20)
STRANGERS_REFUSED = Allowance(messages=60, bytes=256 << 10, bytes_in_all=1 << 20)  # at most 1.4 GB a day

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RefusalLimits:
    """How much is kept of what is refused; sizes in bytes."""

    agencys: Allowance = AGENCYS_REFUSED
    strangers: Allowance = STRANGERS_REFUSED
    told_after: float = MINUTE  # seconds until it is on record how many were not kept
    kept_bytes: int = 64 << 10  # how much is kept of a stranger's message


class Refusals:
    """The refused messages of one door."""

    def __init__(self, keeper: Keeper, limits: RefusalLimits) -> None:
        """Nothing has been refused yet."""
        self._keeper = keeper
        self._limits = limits
        self._agencys = Keeping(limits.agencys)
        self._strangers = Keeping(limits.strangers)
        self._telling: asyncio.Task[None] | None = None
        self._seldom = Seldom()

    async def keep(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer, remote: str) -> None:
        """Keep the message with its answer, or count it; a full disk is logged and changes nothing for the sender."""
        now = monotonic()
        if times := self._seldom.times(reason, now):
            _log.warning("message_refused", reason=reason, remote=remote, size=len(raw.body), times=times)
        if sender is None:
            raw = replace(raw, body=raw.body[: self._limits.kept_bytes])
            keeps = self._strangers.may_keep(remote, len(raw.body), now)
        else:
            keeps = self._agencys.may_keep(sender.agency, len(raw.body), now)
        if not keeps:
            self._telling = self._telling or asyncio.create_task(self._tell_unkept())
            return
        try:
            await self._keeper.keep_refused(raw, sender, reason=reason, answer=answer)
        except StorageFailed:
            if times := self._seldom.times("refused_message_not_kept", now):
                _log.exception("refused_message_not_kept", reason=reason, times=times)

    async def _tell_unkept(self) -> None:
        """A minute after the first one too many, put on record how many there were."""
        await asyncio.sleep(self._limits.told_after)
        self._telling = None
        strangers = self._strangers.take_unkept().total()
        counts = [(AgencyId(party), count) for party, count in self._agencys.take_unkept().items()]
        try:
            for agency, count in [*counts, *([(None, strangers)] if strangers else [])]:
                await self._keeper.note_unkept(agency, count)
        except StorageFailed:
            _log.exception("unkept_not_noted", agencies=dict(counts), strangers=strangers)
