"""How a raw message is taken in: kept before it is read, then acted on at once, or in a flood in its turn."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.ids import AgencyId, MessageId
from goldentime.core.text import Text
from goldentime.flows.act_on_message import Acting, Linkage
from goldentime.flows.backlog import Backlog
from goldentime.flows.kept_messages import Waiting, find_waiting, keep_once, new_row, set_aside, stored_answer
from goldentime.flows.world import World
from goldentime.messages.exchange import OUR_TROUBLE, Answer, Outcome, OutcomeKind, Outgoing, RawMessage, Sender
from goldentime.messages.kept import KeptMessage
from goldentime.messages.report import ENDING

log = logging.getLogger("goldentime.intake")
BREATH = 0.02  # seconds between bites of the backlog
CALM_ARRIVALS = 4  # new messages within a breath beyond which the backlog only trickles
RECALLED = 5000  # messages read back at a time when a crash, or more than memory holds, left them in the store
RECALLED_AT_ONCE = 100  # between two breaths of the event loop
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
        post: Callable[[Outgoing], None] = lambda _: None,
        *,
        failed: Callable[[AgencyId, str], None] = lambda *_: None,
    ) -> None:
        """Know the linkages by name; `run` works off a flood, `post` sends callbacks without being waited for.

        `failed` is told whose message was set aside, and the problem's type code.
        """
        self._world = world
        self._linkages = linkages
        self._failed = failed
        self._acting = Acting(world, post)
        self._backlog = Backlog()
        self._told_at_once: dict[tuple[str, bool], Answer] = {}
        self._working = self._arrived = 0
        self._flooded = False  # from too many at once until the backlog is worked off
        self._wanted = asyncio.Event()
        self._wanted.set()  # at start whatever a crash left behind is worked off

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        """The answer for the sender, durable before it is returned; raises StorageFailed when nothing could be kept."""
        linkage = self._linkages[raw.linkage]
        self._working += 1
        try:
            self._flooded = self._flooded or self._working > self._world.rules.flood_backlog
            at_once = None
            message = new_row(self._world, raw, sender, linkage.fingerprint(raw))
            if self._flooded:
                at_once = self._in_turn(raw.linkage, sandbox=sender.sandbox)
                message = replace(message, provisional=at_once.body)
            earlier = await self._world.store.change(lambda tx: keep_once(tx, message, raw))
            if earlier is not None:
                return stored_answer(earlier)
            self._arrived += 1
            if at_once is not None and self._may_wait(linkage, message, raw):
                return at_once
            return await self._act(linkage, replace(message, provisional=None), raw, sender)
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

    def _may_wait(self, linkage: Linkage, message: KeptMessage, raw: RawMessage) -> bool:
        """Put the message in its turn; False for what ends something, or cannot be read: that is said at once."""
        try:
            report = linkage.parse(raw)
        except BadMessage:
            return False
        if report.state in ENDING:
            return False
        self._backlog.add(message, report)
        self._wanted.set()
        return True

    async def _act(self, linkage: Linkage, message: KeptMessage, raw: RawMessage, sender: Sender) -> Answer:
        try:
            return await self._acting.act(linkage, message, raw, sender)
        except StorageFailed:
            self._wanted.set()  # kept, but answered with a failure: it is acted on when storage is back
            raise
        except Exception as error:  # told to the sender by the edge; what they are told is kept here
            trouble = linkage.deliver(OUR_TROUBLE)
            await self._set_aside(message, trouble.type_code, error, answer=trouble)
            raise

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
        recalled = 0 if self._backlog else await self._recall()
        taken = self._backlog.take(limit)
        done = 0
        try:
            for job in await self._jobs([waiting.message for waiting in taken]):
                if job is not None:
                    await self._work_off(*job)
                done += 1
        except StorageFailed:
            self._backlog.put_back(taken[done:])
            raise
        return recalled + len(taken)

    async def _jobs(self, ids: Sequence[MessageId]) -> Sequence[Waiting | None]:
        """Each message with its bytes and its sender; None for one that somebody has acted on meanwhile."""
        return await self._world.store.read(lambda look: [find_waiting(look, one) for one in ids])

    async def _work_off(self, message: KeptMessage, raw: RawMessage | None, sender: Sender) -> None:
        linkage = self._linkages.get(message.linkage)
        if linkage is not None and raw is not None:
            try:
                await self._acting.act(linkage, message, raw, sender)
            except StorageFailed:
                raise
            except Exception as error:  # noqa: BLE001  outermost for one message: it must not hold up those behind it
                await self._set_aside(message, linkage.deliver(OUR_TROUBLE).type_code, error)
            return
        await self._set_aside(message, "linkage_not_loaded" if linkage is None else "destroyed", None)

    async def _set_aside(
        self, message: KeptMessage, problem: str, error: Exception | None, *, answer: Answer | None = None
    ) -> None:
        """Put it aside on record, in the log and on its link; an error's own words may name people and are left out."""
        at = self._world.clock.now()
        log.error("message %s set aside: %s at %s", message.id, problem, _where(error))
        await self._world.store.change(lambda tx: set_aside(tx, message, problem, at, answer=answer))
        if message.sender and not message.sandbox:
            self._failed(AgencyId(message.sender), problem)

    async def _recall(self) -> int:
        """Remember what waits in the store; how many were acted on at once because nobody can tell their turn."""
        kept = await self._world.store.read(lambda look: look.list_kept(limit=RECALLED))
        acted_on = 0
        for first in range(0, len(kept), RECALLED_AT_ONCE):
            ids = [message.id for message in kept[first : first + RECALLED_AT_ONCE]]
            for job in await self._jobs(ids):
                if job is not None and not self._remember(*job):
                    await self._work_off(*job)
                    acted_on += 1
        return acted_on

    def _remember(self, message: KeptMessage, raw: RawMessage | None, _sender: Sender) -> bool:
        linkage = self._linkages.get(message.linkage)
        if linkage is None or raw is None:
            return False
        try:
            report = linkage.parse(raw)
        except Exception:  # noqa: BLE001  outermost for one message: acting on it will say what is wrong
            return False
        self._backlog.add(message, report)
        return True


def _where(error: Exception | None) -> str:
    """The kind of error and the line of ours it came from."""
    if error is None:
        return "-"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else type(error).__name__
