"""How a camera's challenge (RFC 7617 Basic, RFC 7616 Digest) is answered."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_PAIR = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_HASHES: dict[str, Callable[[bytes], str]] = {
    # MD5 is what cameras ask for; it protects a password on a closed network, no more
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


@dataclass(frozen=True, slots=True)
class Challenge:
    """One WWW-Authenticate header, its parameter names in lower case."""

    scheme: str
    parameters: dict[str, str]

    @property
    def algorithm(self) -> str:
        """The digest's hash in capitals, without `-SESS`."""
        return self.parameters.get("algorithm", "MD5").upper().removesuffix("-SESS")


@dataclass(slots=True)
class Credentials:
    """A user's name and password, and how often the present nonce was used."""

    username: str = field(repr=False)
    password: str = field(repr=False)
    _nonce: str = field(default="", repr=False)
    _uses: int = 0

    def count(self, nonce: str) -> int:
        """How often this nonce has been used, this time included."""
        self._uses = self._uses + 1 if nonce == self._nonce else 1
        self._nonce = nonce
        return self._uses


def parse_challenge(header: str) -> Challenge:
    """The challenge; unknown parameters are kept, malformed ones left out."""
    scheme, _, rest = header.strip().partition(" ")
    parameters = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(rest[:2048])}
    return Challenge(scheme.lower(), parameters)


def find_strongest(headers: Sequence[str]) -> Challenge | None:
    """SHA-256 before MD5 before Basic; None when none is understood."""
    best: tuple[int, Challenge] | None = None
    for challenge in map(parse_challenge, headers[:8]):
        rank = 0
        if challenge.scheme == "digest" and challenge.algorithm in _HASHES and "nonce" in challenge.parameters:
            rank = 3 if challenge.algorithm == "SHA-256" else 2
        elif challenge.scheme == "basic":
            rank = 1
        if rank and (best is None or rank > best[0]):
            best = (rank, challenge)
    return best[1] if best else None


def answer(challenge: Challenge, credentials: Credentials, *, method: str, uri: str, cnonce: str) -> str:
    """The Authorization header's value."""
    if challenge.scheme == "basic":
        pair = f"{credentials.username}:{credentials.password}".encode()
        return "Basic " + b64encode(pair).decode()
    digest = _HASHES[challenge.algorithm]
    parameters = challenge.parameters
    realm, nonce = parameters.get("realm", ""), parameters["nonce"]
    secret = digest(f"{credentials.username}:{realm}:{credentials.password}".encode())
    if parameters.get("algorithm", "").upper().endswith("-SESS"):
        secret = digest(f"{secret}:{nonce}:{cnonce}".encode())
    action = digest(f"{method}:{uri}".encode())
    fields = [("username", credentials.username), ("realm", realm), ("nonce", nonce), ("uri", uri)]
    bare: list[tuple[str, str]] = []
    if "auth" in [value.strip() for value in parameters.get("qop", "").split(",")]:
        count = f"{credentials.count(nonce):08x}"
        fields.append(("response", digest(f"{secret}:{nonce}:{count}:{cnonce}:auth:{action}".encode())))
        fields.append(("cnonce", cnonce))
        bare = [("qop", "auth"), ("nc", count)]
    else:
        fields.append(("response", digest(f"{secret}:{nonce}:{action}".encode())))
    if "opaque" in parameters:
        fields.append(("opaque", parameters["opaque"]))
    if "algorithm" in parameters:
        bare.append(("algorithm", parameters["algorithm"]))
    quoted = [f'{name}="{_escape(value)}"' for name, value in fields]
    return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare)])


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
