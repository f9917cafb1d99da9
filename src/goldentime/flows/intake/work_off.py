"""How kept messages are acted on: one at once, many in their turn, and what cannot be acted on is set aside."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence

from goldentime.core.errors import StorageFailed
from goldentime.core.ids import AgencyId, MessageId
from goldentime.flows.intake.act_on_message import Acting, Linkage
from goldentime.flows.intake.backlog import Backlog
from goldentime.flows.intake.kept_messages import Waiting, find_waiting, set_aside
from goldentime.flows.world import World
from goldentime.messages.exchange import OUR_TROUBLE, Answer, RawMessage, Sender
from goldentime.messages.kept import KeptMessage
from goldentime.messages.report import Report

log = logging.getLogger("goldentime.intake")
RECALLED = 5000  # messages read back at a time when a crash, or more than memory holds, left them in the store
RECALLED_AT_ONCE = 100  # between two breaths of the event loop


class Turns:
    """Acts on messages that the store has kept; whatever goes wrong with one holds up no other."""

    def __init__(
        self,
        world: World,
        linkages: Mapping[str, Linkage],
        failed: Callable[[AgencyId, str, str], None],
    ) -> None:
        """Nothing waits yet; what a crash left in the store is recalled when nothing else does."""
        self._world = world
        self._linkages = linkages
        self._failed = failed
        self._acting = Acting(world)
        self._backlog = Backlog()

    def add(self, message: KeptMessage, report: Report) -> None:
        """Let the message wait for its turn."""
        self._backlog.add(message, report)

    async def act(self, linkage: Linkage, message: KeptMessage, raw: RawMessage, sender: Sender) -> Answer:
        """The answer, at once; raises what went wrong: StorageFailed leaves it kept, anything else sets it aside."""
        try:
            return await self._acting.act(linkage, message, raw, sender)
        except StorageFailed:
            raise
        except Exception as error:  # told to the sender by the edge; what they are told is kept here
            trouble = linkage.deliver(OUR_TROUBLE)
            await self._set_aside(message, trouble.type_code, error, answer=trouble)
            raise

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
            self._failed(AgencyId(message.sender), problem, message.linkage)

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
