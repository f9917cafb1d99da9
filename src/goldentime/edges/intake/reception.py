"""What the platform does with whoever and whatever comes to a door of the agencies."""

from typing import Protocol

from goldentime.core.ids import AgencyId
from goldentime.messages.exchange import Answer, RawMessage, Sender


class Keeper(Protocol):
    """Keeps what is turned away."""

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        """Keep a message nobody may act on, with its answer; `reason` is a stable code such as unknown_sender."""
        ...

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        """Put on record how many of an agency's, or of strangers', refused messages were too many to keep."""
        ...


class Reception(Keeper, Protocol):
    """Lets senders in and takes their messages."""

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:
        """A session key, or None for a key that opens nothing; `linkage` is the one whose door it is."""
        ...

    async def sender(self, session_key: str) -> Sender | None:
        """Who holds the session, or None when it is unknown or over."""
        ...

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        """Keep, read and act on the message; raises StorageFailed when it could not be kept."""
        ...
