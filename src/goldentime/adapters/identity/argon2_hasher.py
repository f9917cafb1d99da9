"""How costly a password hash is (argon2id) and how many are made at once."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from goldentime.core.errors import TooManyTries
from goldentime.core.text import Text

T = TypeVar("T")

# OWASP's first choice of argon2id: 46 MiB, one pass, one lane; 55 to 60 ms of one core here.
MEMORY_KIB, PASSES, LANES = 47_104, 1, 1


class Argon2Hasher:
    """Fits flows.people.passwords.PasswordHasher; works in `workers` threads of its own, `waiting` at most in line."""

    def __init__(self, *, workers: int = 2, waiting: int = 100) -> None:
        self._argon2 = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="argon2")
        self._room = workers + waiting
        self._busy = 0
        self._decoy = self._argon2.hash(secrets.token_urlsafe(32))  # nobody knows what it is a hash of

    async def hash(self, password: str) -> str:
        """The encoded argon2id hash with its own salt; raises TooManyTries when too many wait."""
        return await self._run(lambda: self._argon2.hash(password))

    async def verify(self, hashed: str, password: str) -> bool:
        """Whether it is the password; with an empty `hashed` the same work, then False; raises TooManyTries."""
        return await self._run(lambda: self._fits(hashed or self._decoy, password)) and bool(hashed)

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made with other costs than today's."""
        return bool(hashed) and self._argon2.check_needs_rehash(hashed)

    def close(self) -> None:
        """Wait for the hashes under way and end the threads."""
        self._threads.shutdown()

    def _fits(self, hashed: str, password: str) -> bool:
        try:
            return self._argon2.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._busy >= self._room:
            busy = Text(
                "로그인이 몰려 있습니다. 잠시 뒤에 다시 해 주십시오.", "Too many are signing in; try again shortly."
            )
            raise TooManyTries(busy, retry_after=2.0)
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._busy -= 1
