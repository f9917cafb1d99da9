"""Randomness a test can foretell."""

import hashlib
from itertools import count

from goldentime.core.ids import Randomness


def counted_randomness(seed: str = "chance") -> Randomness:
    """A source that never repeats within a test and is the same in every run."""
    numbers = count()

    def random_bytes(size: int) -> bytes:
        return hashlib.shake_256(f"{seed}/{next(numbers)}".encode()).digest(size)

    return random_bytes
