"""How a body with encAt=Y is opened: ARIA-256 block by block with ANSI X9.23 padding, weak as it is."""

import base64
import binascii
import re
from functools import lru_cache

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text
from goldentime.linkage_kit.safety_net.aria import BLOCK, Aria256

REMEMBERED = 64  # bodies opened last; a message is read more than once until it is acted on
_HEX = re.compile(r"[0-9A-Fa-f]+")


def pad_x923(data: bytes, size: int) -> bytes:
    """Zeros and, in the last byte, how many were added, up to a multiple of `size`; always at least one byte."""
    missing = size - len(data) % size
    return data + bytes(missing - 1) + bytes([missing])


def key_bytes(key_text: str) -> bytes:
    """The 32 key bytes of a site's key text; raises ValueError when it is longer."""
    raw = key_text.encode()
    if len(raw) > 32:
        msg = f"the key text has {len(raw)} bytes; 32 at most"
        raise ValueError(msg)
    return raw if len(raw) == 32 else pad_x923(raw, 32)


@lru_cache(maxsize=REMEMBERED)
def _opened(sealed: bytes, key_text: str) -> bytes:
    """The blocks decrypted, once however often the message is read."""
    return _cipher(key_text).decrypt(sealed)


@lru_cache(maxsize=4)
def _cipher(key_text: str) -> Aria256:
    return Aria256(key_bytes(key_text))


def seal(data: bytes, key_text: str) -> str:
    """The data encrypted, in base64, as a sender writes it."""
    return base64.b64encode(_cipher(key_text).encrypt(pad_x923(data, BLOCK))).decode()


def unseal(text: str, key_text: str, max_bytes: int) -> bytes:
    """The data behind base64 or hexadecimal text; raises BadMessage 4000."""
    if len(text) > max_bytes * 2:
        raise _sealed_error(
            f"암호화 본문이 {max_bytes}바이트를 넘습니다.", f"The encrypted body is over {max_bytes} bytes."
        )
    try:
        sealed = bytes.fromhex(text) if _HEX.fullmatch(text) else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise _not_whole() from None
    return unseal_bytes(sealed, key_text, max_bytes)


def unseal_bytes(sealed: bytes, key_text: str, max_bytes: int) -> bytes:
    """The data behind the encrypted bytes themselves; raises BadMessage 4000."""
    if not key_text:
        raise _sealed_error(
            "암호화 본문(encAt=Y)은 이 연계에 설정되어 있지 않습니다.",
            "Encrypted bodies (encAt=Y) are not configured for this linkage.",
        )
    if len(sealed) > max_bytes or not sealed:
        raise _sealed_error("암호화 본문의 크기가 맞지 않습니다.", "The encrypted body has the wrong size.")
    if len(sealed) % BLOCK:
        raise _not_whole()
    opened = _opened(sealed, key_text)
    count = opened[-1]
    if not 1 <= count <= BLOCK or any(opened[-count:-1]):
        raise _sealed_error("암호를 풀 수 없습니다. 키를 확인해 주십시오.", "It cannot be decrypted; check the key.")
    return opened[:-count]


def _not_whole() -> BadMessage:
    return _sealed_error(
        "암호화 본문이 base64 또는 16진수의 온전한 블록이 아닙니다.",
        "The encrypted body is not whole blocks in base64 or hexadecimal.",
    )


def _sealed_error(ko: str, en: str) -> BadMessage:
    return BadMessage(Text(ko, en), type_code="4000", field="encAt")
