"""How a raw message is taken in: kept before it is read, acted on in one transaction, its answer kept with it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from goldentime.city.grants.grant import Ending
from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.text import Text
from goldentime.flows.choose_cameras import follow_choice
from goldentime.flows.close_incident import cut, release_streams
from goldentime.flows.kept_messages import answered, new_row, seal, sender_of, stored_answer, unseal
from goldentime.flows.open_incident import Heard, Scene, hear, survey
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, Outgoing, RawMessage, Sender, check_sender
from goldentime.messages.kept import KeptMessage, MessageState
from goldentime.messages.report import ENDING, Report, join_parts

BREATH = 0.02  # seconds between bites of the backlog
CALM_ARRIVALS = 4  # new messages within a breath beyond which the backlog only trickles


class Linkage(Protocol):
    """What a linkage can do for this flow: read its own bytes and word its own answers."""

    @property
    def name(self) -> str: ...

    def parse(self, raw: RawMessage) -> Report: ...

    def deliver(self, outcome: Outcome) -> Answer: ...

    def deliver_error(self, error: BadMessage) -> Answer: ...

    def fingerprint(self, raw: RawMessage) -> bytes: ...

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None: ...


class Intake:
    """Takes in the messages of every linkage; in a flood they are kept and answered first and worked off after."""

    def __init__(
        self, world: World, linkages: Mapping[str, Linkage], post: Callable[[Outgoing], None] = lambda _: None
    ) -> None:
        """Know the linkages by name; `run` works off a flood, `post` sends callbacks without being waited for."""
        self._post = post
        self._world = world
        self._linkages = linkages
        self._working = self._arrived = 0
        self._flooded = False  # from too many at once until the backlog is worked off
        self._backlog = asyncio.Event()
        self._backlog.set()  # at start whatever a crash left behind is worked off

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        """The answer for the sender, durable before it is returned; raises StorageFailed when nothing could be kept."""
        linkage = self._linkages[raw.linkage]
        message = new_row(self._world, raw, sender, linkage.fingerprint(raw))

        def keep(tx: Change) -> KeptMessage | None:
            earlier = tx.find_answered(message.digest)
            if earlier is None:
                tx.put_message(message)
                seal(tx, message, raw)
            return earlier

        earlier = await self._world.store.change(keep)
        if earlier is not None:
            return stored_answer(earlier)
        self._arrived += 1
        self._flooded = self._flooded or self._working >= self._world.rules.flood_backlog
        if self._flooded and not self._is_ending(linkage, raw):
            self._backlog.set()
            text = Text(
                "접수했습니다. 신고가 몰려 순서대로 처리합니다.",
                "Accepted; many reports are coming in and are worked off in order.",
            )
            return linkage.deliver(Outcome(OutcomeKind.UPDATED, text=text, sandbox=sender.sandbox))
        self._working += 1
        try:
            return await self._act(linkage, message, raw, sender)
        finally:
            self._working -= 1

    def _is_ending(self, linkage: Linkage, raw: RawMessage) -> bool:
        """Whether it closes something: even in a flood what must stop being seen stops now."""
        try:
            return linkage.parse(raw).state in ENDING
        except BadMessage:
            return True  # refused at once, with its reason

    async def keep_refused(self, raw: RawMessage, reason: str) -> None:
        """Keep a message whose sender is not known or not heeded; it is never acted on."""
        message = replace(
            new_row(self._world, raw, None, raw.body),
            state=MessageState.REFUSED,
            problem=reason,
            ends_at=raw.received_at + self._world.rules.refused_kept,
        )

        def keep(tx: Change) -> None:
            tx.put_message(message)
            seal(tx, message, raw)

        await self._world.store.change(keep)

    async def run(self) -> None:
        """Work off what is kept but not yet read, oldest first; runs until cancelled."""
        while True:
            await self._backlog.wait()
            self._backlog.clear()
            while await self.work_off(limit=1 if self._arrived > CALM_ARRIVALS else 50):
                self._arrived = 0
                await asyncio.sleep(BREATH)  # while more keep coming, keeping and answering them goes first
            self._flooded = False

    async def work_off(self, limit: int = 50) -> int:
        """Act on up to `limit` kept messages, how many there were; raises StorageFailed, and nothing is lost."""
        kept = await self._world.store.read(lambda look: self._waiting(look, limit))
        for message, raw, sender in kept:
            linkage = self._linkages.get(message.linkage)
            if linkage is None or raw is None:
                await self._set_aside(message, "linkage_not_loaded")
                continue
            try:
                await self._act(linkage, message, raw, sender)
            except StorageFailed:
                raise
            except Exception:  # noqa: BLE001  outermost for one message: it must not hold up those behind it
                await self._set_aside(message, "5000")
        return len(kept)

    async def _set_aside(self, message: KeptMessage, problem: str) -> None:
        bad = replace(message, state=MessageState.BAD, problem=problem)
        await self._world.store.change(lambda tx: tx.put_message(bad))

    async def _act(self, linkage: Linkage, message: KeptMessage, raw: RawMessage, sender: Sender) -> Answer:
        try:
            report = linkage.parse(raw)
            check_sender(report, sender)
        except BadMessage as error:
            answer = linkage.deliver_error(error)
            problem = error.type_code
            await self._world.store.change(lambda tx: tx.put_message(answered(message, answer, problem=problem)))
            return answer
        whole = report.part[1] == 1
        scene = survey(self._world, report, sender.agency, sandbox=sender.sandbox) if whole else None

        def decide(tx: Change) -> tuple[Heard, Answer]:
            done = self._find_done(tx, message)
            if done is not None:  # worked off meanwhile, or the same message twice in one flood
                return Heard(None, Outcome(OutcomeKind.REPEATED)), done
            ready = scene or self._join(tx, linkage, message, report, sender)
            if isinstance(ready, Outcome):
                return Heard(None, ready), linkage.deliver(ready)
            heard = hear(self._world, tx, ready)
            answer = linkage.deliver(heard.outcome)
            incident = heard.incident.id if heard.incident else None
            tx.put_message(answered(message, answer, occurrence=report.occurrence, incident=incident))
            return heard, answer

        heard, answer = await self._world.store.change(decide)
        await self._follow(heard)
        if report.callback and not sender.sandbox and heard.incident is not None:
            await self._call_back(linkage, report, heard.outcome, sender)
        return answer

    def _find_done(self, tx: Change, message: KeptMessage) -> Answer | None:
        now = tx.find_message(message.id)
        if now is not None and now.state is not MessageState.KEPT:
            return stored_answer(now)
        earlier = tx.find_answered(message.digest)
        if earlier is None:
            return None
        answer = stored_answer(earlier)
        tx.put_message(answered(message, answer, occurrence=earlier.occurrence, incident=earlier.incident))
        return answer

    async def _call_back(self, linkage: Linkage, report: Report, outcome: Outcome, sender: Sender) -> None:
        agency = await self._world.store.read(lambda look: look.find_agency(sender.agency))
        outgoing = linkage.callback(report, outcome, agency.origins if agency else frozenset())
        if outgoing is not None:
            self._post(outgoing)

    def _join(
        self, tx: Change, linkage: Linkage, message: KeptMessage, report: Report, sender: Sender
    ) -> Scene | Outcome:
        """The scene of the whole report when this was the last missing part, else that this part is kept."""
        total = report.part[1]
        kind = "sandbox" if sender.sandbox else "real"
        key = f"{kind}/{report.sender}/{report.occurrence}/{report.state.value}/{total}"
        together = {report.part[0]: report}
        others = tx.list_parts(message.sender, key)
        for other in others:
            raw = unseal(tx, other)
            if raw is not None:
                part = linkage.parse(raw)
                together.setdefault(part.part[0], part)
        if len(together) < total:
            outcome = Outcome(OutcomeKind.PART_KEPT, parts=(len(together), total))
            row = answered(message, linkage.deliver(outcome))
            tx.put_message(replace(row, state=MessageState.PART, occurrence=key))
            return outcome
        for other in others:
            tx.put_message(replace(other, state=MessageState.READ))
        return survey(self._world, join_parts(list(together.values())), sender.agency, sandbox=sender.sandbox)

    async def _follow(self, heard: Heard) -> None:
        """What the world outside must do after the decision is durable."""
        if heard.incident is None:
            return
        await cut(self._world, heard.to_kick, Ending.INCIDENT_CLOSED)
        if heard.closed:
            await release_streams(self._world, heard.incident.id)
        await follow_choice(self._world, heard.incident, heard.chosen)

    def _waiting(self, look: Reading, limit: int) -> list[tuple[KeptMessage, RawMessage | None, Sender]]:
        return [(m, unseal(look, m), sender_of(look, m)) for m in look.list_kept(limit=limit)]
