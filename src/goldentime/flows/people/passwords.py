"""What the flows about passwords need of the outside: a hasher, and an end to the views of sessions that are over."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

EndViews = Callable[[Sequence[bytes]], Awaitable[None]]  # ends every open view of the sessions with these digests


class PasswordHasher(Protocol):
    """Hashes off the event loop."""

    async def hash(self, password: str) -> str:
        """The hash, with its own salt."""
        ...

    async def verify(self, hashed: str, password: str) -> bool:
        """Whether it is the password; with an empty `hashed` the same work, then False."""
        ...

    def is_outdated(self, hashed: str) -> bool:
        """Whether it should be made anew with today's costs."""
        ...
