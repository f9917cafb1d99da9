"""How personal data and camera secrets are kept unreadable: one key per subject, wrapped by the city's master key."""

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from goldentime.core.errors import StorageFailed
from goldentime.core.text import Text

KEY_BYTES = 32
_NONCE = 12
ENVIRONMENT_NAME = "GOLDENTIME_MASTER_KEY"


class Vault:
    """Seals with AES-256-GCM; what was sealed for one subject and name opens for no other."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._wrapping = AESGCM(_derived(master, b"goldentime wrapping"))
        self._streams = AESGCM(_derived(master, b"goldentime streams"))
        self._heads = _derived(master, b"goldentime audit head")
        self.check = hmac.digest(_derived(master, b"goldentime check"), b"goldentime", "sha256")

    def new_key(self, subject: str) -> tuple[AESGCM, bytes]:
        """A fresh data key and its wrapped form, which alone may be stored."""
        key = secrets.token_bytes(KEY_BYTES)
        return AESGCM(key), _seal(self._wrapping, key, subject.encode())

    def key(self, subject: str, wrapped: bytes) -> AESGCM:
        """The data key; raises StorageFailed when it was tampered with."""
        return AESGCM(_open(self._wrapping, wrapped, subject.encode()))

    def seal(self, key: AESGCM, subject: str, name: str, plain: bytes) -> bytes:
        """Nonce and ciphertext, bound to subject and name."""
        return _seal(key, plain, f"{subject}\0{name}".encode())

    def unseal(self, key: AESGCM, subject: str, name: str, sealed: bytes) -> bytes:
        """What was sealed; raises StorageFailed when it was tampered with or moved."""
        return _open(key, sealed, f"{subject}\0{name}".encode())

    def seal_stream(self, camera: str, plain: bytes) -> bytes:
        """A camera's address and password, bound to the camera."""
        return _seal(self._streams, plain, camera.encode())

    def unseal_stream(self, camera: str, sealed: bytes) -> bytes:
        """What `seal_stream` sealed; raises StorageFailed when it was tampered with or moved."""
        return _open(self._streams, sealed, camera.encode())

    def secret(self, purpose: str) -> bytes:
        """32 bytes for another purpose, such as salting digests; always the same under one master key."""
        return _derived(self._master, f"goldentime {purpose}".encode())

    def vouch(self, position: int, digest: bytes) -> bytes:
        """A code over the chain's head that nobody makes without the master key."""
        return hmac.digest(self._heads, position.to_bytes(8, "big") + digest, "sha256")


def get_master_key(data: Path, given: str | None = None, environment: Mapping[str, str] = os.environ) -> bytes:
    """The key given or in the environment (hex or base64), else in DIR/keys/master.key, made at the first open.

    Raises StorageFailed when it cannot be read or is not 32 bytes.
    """
    if words := (given or environment.get(ENVIRONMENT_NAME, "")).strip():
        return _decoded(words)
    path = data / "keys" / "master.key"
    try:
        if not path.exists():
            _make(path)
        return _decoded(path.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError) as problem:
        raise StorageFailed(
            Text("마스터 키 파일을 읽거나 만들 수 없습니다.", "The master key file cannot be read or made.")
        ) from problem


def _make(path: Path) -> None:
    """Write a new key whole or not at all, readable by its owner only; another process may win."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"master.key.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike rename, this never replaces a key that is in use
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _decoded(words: str) -> bytes:
    try:
        key = bytes.fromhex(words) if len(words) == 2 * KEY_BYTES else base64.b64decode(words, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise StorageFailed(
            Text(
                "마스터 키는 32바이트(16진수 64자 또는 base64)여야 합니다.",
                "The master key must be 32 bytes, as 64 hex digits or base64.",
            )
        )
    return key


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master)


def _seal(key: AESGCM, plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, plain, bound_to)


def _open(key: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
    except (InvalidTag, ValueError) as problem:
        raise StorageFailed(
            Text(
                "암호화된 자료가 변조되었거나 키가 다릅니다.",
                "Sealed data was altered, or the master key is another one.",
            )
        ) from problem
