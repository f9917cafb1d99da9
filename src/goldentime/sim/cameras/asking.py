"""Whom a simulated camera lets in: RFC 7616 Digest, checked as strictly as a camera does."""

import hashlib
import re
import secrets

_PAIR = re.compile(r'([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
REALM = "goldentime simulated camera"


class DigestGate:
    """One connection's nonce; without a password everyone may in."""

    def __init__(self, username: str, password: str, *, algorithm: str = "MD5") -> None:
        self._username, self._password = username, password
        self._algorithm = algorithm
        self._nonce = secrets.token_hex(16)
        self._count = 0

    def challenge(self) -> str:
        """The WWW-Authenticate header's value."""
        return f'Digest realm="{REALM}", nonce="{self._nonce}", qop="auth", algorithm={self._algorithm}'

    def may_enter(self, header: str | None, method: str, uri: str) -> bool:
        """Whether the Authorization header answers this connection's nonce, not used before, for this request."""
        if not self._password:
            return True
        if header is None or not header.startswith("Digest "):
            return False
        found = {name: quoted or bare for name, quoted, bare in _PAIR.findall(header[7:])}
        count = int(found.get("nc", "0"), 16)
        if found.get("nonce") != self._nonce or found.get("uri") != uri or found.get("qop") != "auth":
            return False
        if count <= self._count or found.get("username") != self._username:
            return False
        secret = self._hash(f"{self._username}:{REALM}:{self._password}")
        action = self._hash(f"{method}:{uri}")
        middle = f"{self._nonce}:{found['nc']}:{found.get('cnonce', '')}:auth"
        right = self._hash(f"{secret}:{middle}:{action}")
        if not secrets.compare_digest(right, found.get("response", "")):
            return False
        self._count = count
        return True

    def _hash(self, text: str) -> str:
        if self._algorithm == "SHA-256":
            return hashlib.sha256(text.encode()).hexdigest()
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
