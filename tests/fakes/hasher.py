"""A hasher that costs nothing and counts its work."""


class PlainHasher:
    """Fits flows.passwords.PasswordHasher; `verified` is how many comparisons were made."""

    def __init__(self) -> None:
        self.verified = 0

    async def hash(self, password: str) -> str:
        """Readable, so that tests see what was kept."""
        return f"hash of {password}"

    async def verify(self, hashed: str, password: str) -> bool:
        """Whether it is the password."""
        self.verified += 1
        return hashed == f"hash of {password}"

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made with the costs of old."""
        return hashed.startswith("old ")
