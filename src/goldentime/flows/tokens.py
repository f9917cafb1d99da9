"""What a secret handed to someone once looks like, and what is kept of it."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from goldentime.core.ids import Randomness


def new_token(randomness: Randomness, prefix: str = "") -> str:
    """`prefix` and 43 letters holding 256 random bits."""
    return prefix + urlsafe_b64encode(randomness(32)).decode().rstrip("=")


def token_digest(token: str) -> bytes:
    """SHA-256 of the secret, the only thing kept; 256 random bits need no salt."""
    return sha256(token.encode()).digest()
