"""How a raw message is taken in: kept before it is read, then acted on at once, or in a flood in its turn."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.intake.act_on_message import Linkage
from goldentime.flows.intake.keep_together import KeepTogether
from goldentime.flows.intake.kept_messages import new_row, stored_answer
from goldentime.flows.intake.work_off import Turns
from goldentime.flows.positions.take_position_reports import PositionReports
from goldentime.flows.watching.control_video import SERVICE as VIDEO_CONTROL
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, RawMessage, Sender, check_sender
from goldentime.messages.kept import KeptMessage
from goldentime.messages.report import ENDING

BREATH = 0.02  # seconds between bites of the backlog
CALM_ARRIVALS = 4  # new messages within a breath beyond which the backlog only trickles
IN_TURN = Text(
    "접수했습니다. 신고가 몰려 급한 것부터 처리합니다.",
    "Accepted; many reports are coming in, and the most urgent are worked off first.",
)


class Intake:
    """Takes in the messages of every linkage; in a flood they are kept and answered first and worked off after."""

    def __init__(
        self,
        world: World,
        linkages: Mapping[str, Linkage],
        *,
        failed: Callable[[AgencyId, str, str], None] = lambda *_: None,
        repeated: Callable[[AgencyId, str], None] = lambda *_: None,
    ) -> None:
        """Know the linkages by name; `run` works off a flood.

        `failed` is told whose message was set aside, the problem's type code and the linkage; `repeated` who sent again
        over which linkage.
        """
        self._world = world
        self._linkages = linkages
        self._keeping = KeepTogether(world.store)
        self._turns = Turns(world, linkages, failed)
        self._positions = PositionReports(world)
        self._repeated = repeated
        self._told_at_once: dict[tuple[str, bool], Answer] = {}
        self._working = self._arrived = 0
        self._flooded = False  # from too many at once until the backlog is worked off
        self._wanted = asyncio.Event()
        self._wanted.set()  # at start whatever a crash left behind is worked off

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        """The answer for the sender, durable before it is returned; raises StorageFailed when nothing could be kept."""
        linkage = self._linkages[raw.linkage]
        moved = await self._positions.receive(linkage, raw, sender)
        if moved is not None:
            return moved
        self._working += 1
        try:
            self._flooded = self._flooded or self._working > self._world.rules.flood_backlog
            at_once = self._in_turn(raw.linkage, sandbox=sender.sandbox) if self._flooded else None
            told = at_once.body if at_once else None
            message = new_row(self._world, raw, sender, linkage.fingerprint(raw), provisional=told)
            earlier = await self._keeping.keep(message, raw)
            if earlier is not None:
                self._repeated(sender.agency, raw.linkage)
                return stored_answer(earlier)
            self._arrived += 1
            if at_once is not None and self._may_wait(linkage, message, raw, sender):
                return at_once
            return await self._turns.act(linkage, replace(message, provisional=None), raw, sender)
        except StorageFailed:
            self._wanted.set()  # if it was kept, it is acted on when storage is back
            raise
        finally:
            self._working -= 1
            if self._flooded and not self._working:
                self._wanted.set()  # also a flood of which nothing waits must be found to be over

    def _in_turn(self, linkage: str, *, sandbox: bool) -> Answer:
        """What a flood is told at once: the same words for all, so they are written once."""
        known = self._told_at_once.get((linkage, sandbox))
        if known is None:
            outcome = Outcome(OutcomeKind.UPDATED, text=IN_TURN, sandbox=sandbox)
            known = self._told_at_once[linkage, sandbox] = self._linkages[linkage].deliver(outcome)
        return known

    def _may_wait(self, linkage: Linkage, message: KeptMessage, raw: RawMessage, sender: Sender) -> bool:
        """Put the message in its turn; False for what ends, controls, or is refused: that is said at once."""
        try:
            report = linkage.parse(raw)
            check_sender(report, sender)
        except BadMessage:
            return False
        if report.state in ENDING or report.service == VIDEO_CONTROL:
            return False
        self._turns.add(message, report)
        self._wanted.set()
        return True

    async def run(self) -> None:
        """Work off what is kept but not yet acted on, the most urgent first; runs until cancelled."""
        while True:
            await self._wanted.wait()
            while await self.work_off(limit=1 if self._arrived > CALM_ARRIVALS else 50):
                self._arrived = 0
                await asyncio.sleep(BREATH)  # while more keep coming, keeping and answering them goes first
            self._wanted.clear()
            self._flooded = False

    async def work_off(self, limit: int = 50) -> int:
        """Act on up to `limit` kept messages, how many there were; raises StorageFailed, and nothing is lost."""
        return await self._turns.work_off(limit)
