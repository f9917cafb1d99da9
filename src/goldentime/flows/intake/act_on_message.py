"""How one kept message is acted on: read, decided in one transaction with its answer, then followed outside."""

from dataclasses import dataclass
from typing import Protocol

from goldentime.city.grants.grant import Ending
from goldentime.core.errors import BadMessage
from goldentime.flows.incidents.choose_cameras import follow_choice
from goldentime.flows.incidents.open_incident import Heard, hear
from goldentime.flows.incidents.open_streams import release_streams
from goldentime.flows.intake.answer_report import Scene, survey
from goldentime.flows.intake.gather_parts import gather_parts
from goldentime.flows.intake.kept_messages import answered, stored_answer
from goldentime.flows.outgoing.outbox import Callback, put_callback
from goldentime.flows.ports import Change
from goldentime.flows.positions.take_position_reports import SERVICE as POSITION
from goldentime.flows.positions.take_position_reports import take_report
from goldentime.flows.watching.control_video import SERVICE as VIDEO_CONTROL
from goldentime.flows.watching.control_video import Controlled, control_video
from goldentime.flows.watching.end_views import cut
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, Outgoing, RawMessage, Sender, check_sender
from goldentime.messages.kept import KeptMessage, MessageState
from goldentime.messages.report import Report


class Linkage(Protocol):
    """What a linkage can do for these flows: read its own bytes and word its own answers."""

    @property
    def name(self) -> str: ...

    def parse(self, raw: RawMessage) -> Report: ...

    def deliver(self, outcome: Outcome) -> Answer: ...

    def deliver_error(self, error: BadMessage) -> Answer: ...

    def fingerprint(self, raw: RawMessage) -> bytes: ...

    def may_be_position(self, raw: RawMessage) -> bool: ...

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None: ...


@dataclass(frozen=True, slots=True)
class Acting:
    """Acts on kept messages; what their senders are told besides the answer waits in the outbox."""

    world: World

    async def act(self, linkage: Linkage, message: KeptMessage, raw: RawMessage, sender: Sender) -> Answer:
        """The answer, durable with what was decided; raises StorageFailed when neither could be kept."""
        try:
            report = linkage.parse(raw)
            check_sender(report, sender)
            if report.service == POSITION:
                return await self._move(message, linkage.deliver(take_report(self.world, report, sender)))
            if report.service == VIDEO_CONTROL:
                return await self._control(linkage, message, report, sender)
        except BadMessage as error:
            answer, problem = linkage.deliver_error(error), error.type_code
            await self.world.store.change(lambda tx: tx.put_message(answered(message, answer, problem=problem)))
            return answer
        whole = report.part[1] == 1
        scene = self._survey(report, sender, message) if whole else None

        def decide(tx: Change) -> tuple[Heard, Answer]:
            done = _find_done(tx, message)
            if done is not None:  # worked off meanwhile, or the same message twice in one flood
                return Heard(None, Outcome(OutcomeKind.REPEATED)), done
            gathered = report if scene is not None else gather_parts(tx, linkage, message, report, sender)
            if isinstance(gathered, Outcome):
                return Heard(None, gathered), linkage.deliver(gathered)
            heard = hear(self.world, tx, scene or self._survey(gathered, sender, message))
            answer = linkage.deliver(heard.outcome)
            incident = heard.incident.id if heard.incident else None
            tx.put_message(answered(message, answer, occurrence=report.occurrence, incident=incident))
            if report.callback and not sender.sandbox and heard.incident is not None:
                self._call_back(tx, linkage, report, sender, heard)
            return heard, answer

        heard, answer = await self.world.store.change(decide)
        await self._follow(heard)
        return answer

    async def _control(self, linkage: Linkage, message: KeptMessage, report: Report, sender: Sender) -> Answer:
        """Video control between users: it opens no incident; raises BadMessage for what cannot be done."""

        def decide(tx: Change) -> tuple[Controlled, Answer]:
            done = _find_done(tx, message)
            if done is not None:
                return Controlled(Outcome(OutcomeKind.REPEATED)), done
            controlled = control_video(self.world, tx, report, sender.agency, sandbox=sender.sandbox)
            answer, incident = linkage.deliver(controlled.outcome), controlled.incident
            about = incident.id if incident else None
            tx.put_message(answered(message, answer, occurrence=report.occurrence, incident=about))
            return controlled, answer

        controlled, answer = await self.world.store.change(decide)
        await cut(self.world, controlled.to_kick, Ending.LOCKED)
        return answer

    async def _move(self, message: KeptMessage, answer: Answer) -> Answer:
        """A position that could not be told before it was kept: it opens nothing."""
        await self.world.store.change(lambda tx: tx.put_message(answered(message, answer)))
        return answer

    def _survey(self, report: Report, sender: Sender, message: KeptMessage) -> Scene:
        received = message.received_at
        return survey(self.world, report, sender.agency, sandbox=sender.sandbox, received_at=received)

    async def _follow(self, heard: Heard) -> None:
        """What the world outside must do after the decision is durable."""
        if heard.incident is None:
            return
        await cut(self.world, heard.to_kick, Ending.INCIDENT_CLOSED)
        if heard.closed:
            await release_streams(self.world, heard.incident.id)
        await follow_choice(self.world, heard.incident, heard.chosen)

    def _call_back(self, tx: Change, linkage: Linkage, report: Report, sender: Sender, heard: Heard) -> None:
        """Put our answer for the address the sender named, when its agency may be called there."""
        agency = tx.find_agency(sender.agency)
        answer = linkage.callback(report, heard.outcome, agency.origins if agency else frozenset())
        if answer is not None and heard.incident is not None:
            put_callback(
                tx, self.world, Callback(sender.agency, heard.incident, linkage.name, report.occurrence, answer)
            )


def _find_done(tx: Change, message: KeptMessage) -> Answer | None:
    """What was answered to this message already, or to the same one before; the row says so then."""
    now = tx.find_message(message.id)
    if now is not None and now.state is not MessageState.KEPT:
        return stored_answer(now)
    earlier = tx.find_answered(message.digest)
    if earlier is None:
        return None
    answer = stored_answer(earlier)
    tx.put_message(answered(message, answer, occurrence=earlier.occurrence, incident=earlier.incident))
    return answer
