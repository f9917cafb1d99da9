"""What a linkage can do besides when its wire is a stream of bytes: cut it, let senders in, answer and be answered."""

from datetime import datetime
from typing import Protocol, TypeGuard

from goldentime.core.text import Text
from goldentime.linkage_kit.framing import Framer
from goldentime.linkage_kit.linkage import Linkage
from goldentime.messages.exchange import Answer
from goldentime.messages.news import Reply


class StreamLinkage(Linkage, Protocol):
    """A linkage over TCP; still no network, no clock and no storage of its own."""

    def framer(self) -> Framer:
        """A framer for one connection; it finds messages and answers alike."""
        ...

    def read_login(self, frame: bytes) -> str | None:
        """The API key when the frame is a login, None when it is none; raises BadMessage for a login without one."""
        ...

    def find_session(self, frame: bytes) -> str | None:
        """The session key inside a message, None when there is none or the wire has none; never raises."""
        ...

    def deliver_session(self, session_key: str) -> Answer:
        """The answer to a login that opened a session."""
        ...

    def deliver_problem(self, type_code: str, text: Text) -> Answer:
        """A refusal that is not the message's fault: unknown sender, flood, our own trouble."""
        ...

    def reply(self, frame: bytes, answer: Answer, at: datetime) -> bytes:
        """The answer to this frame as it goes on the wire at that time; never raises, whatever the frame is."""
        ...

    def write_login(self, api_key: str, at: datetime) -> bytes:
        """The login that opens a connection of ours to the other side."""
        ...

    def finished(self, written: bytes, session: str, aria_key: str) -> bytes:
        """A message as it goes out, under the login's session key, and sealed when there is a key.

        Raises ValueError for one whose layout is not that of our own.
        """
        ...

    def read_reply(self, frame: bytes) -> Reply:
        """What the other side answered us; raises BadMessage. A login's answer has the session key as its words."""
        ...


def is_stream(linkage: Linkage) -> TypeGuard[StreamLinkage]:
    """Whether the linkage speaks over a stream, and so may have a TCP door."""
    return hasattr(linkage, "framer")
