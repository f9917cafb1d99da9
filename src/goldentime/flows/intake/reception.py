"""What an agency meets at the door: it is let in, its message taken in, and the link's health noted."""

from goldentime.core.ids import AgencyId
from goldentime.flows.intake.admit_agency import AgencyDoor
from goldentime.flows.intake.keep_refused import keep_refused, note_unkept
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, RawMessage, Sender


class Reception:
    """What a linkage's routes are handed."""

    def __init__(self, world: World, door: AgencyDoor, intake: Intake, links: LinkHealth) -> None:
        """Join the three."""
        self._world, self._door, self._intake, self._links = world, door, intake, links

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:  # noqa: ARG002  remote: rate limit
        """A session key, or None; `linkage` is the door that was knocked at."""
        session = await self._door.login(api_key)
        sender = await self._door.sender(session) if session else None
        if sender is not None and not sender.sandbox:
            self._links.note_login(sender.agency, linkage=linkage)
        return session

    async def sender(self, session_key: str) -> Sender | None:
        """Who it is, or None."""
        return await self._door.sender(session_key)

    async def neighbour(self, agency: AgencyId, codes: frozenset[str]) -> Sender | None:
        """An agency that comes from its own address, or None."""
        return await self._door.neighbour(agency, codes)

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        """The answer to one message."""
        answer = await self._intake.receive(raw, sender)
        if not sender.sandbox:
            self._links.note(sender.agency, ok=answer.ok, detail=answer.type_code, linkage=raw.linkage)
        return answer

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        """Keep what was turned away, and in which words."""
        await keep_refused(self._world, raw, sender, reason=reason, answer=answer)

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        """Put on record how many were turned away beyond what is kept."""
        await note_unkept(self._world, agency, count)
