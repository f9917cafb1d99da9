"""In which characters a message is written: as declared, else the first of the site's charsets that fits."""

import codecs
from collections.abc import Sequence

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text

_KOREAN = {
    "euc-kr",
    "euckr",
    "euc_kr",
    "ks_c_5601-1987",
    "ksc5601",
    "ks_c_5601",
    "ms949",
    "windows-949",
    "x-windows-949",
}
_ALLOWED = {"utf-8", "cp949", "ascii"}


def python_charset(name: str) -> str | None:
    """Our name of a declared charset, or None when messages may not be written in it."""
    lowered = name.strip().strip("\"'").lower()
    if lowered in _KOREAN:
        return "cp949"  # a superset of EUC-KR, and what senders that say EUC-KR write
    try:
        found = codecs.lookup(lowered).name
    except LookupError:
        return None
    return found if found in _ALLOWED else None


def decode_text(body: bytes, declared: str | None, fallbacks: Sequence[str] = ("utf-8", "cp949")) -> str:
    """The text without a byte-order mark; raises BadMessage 4000 when it does not fit the charset."""
    if declared:
        charset = python_charset(declared)
        if charset is None:
            raise _charset_error(
                f"문자셋 {declared[:40]!r}은(는) 받지 않습니다. UTF-8 또는 CP949로 보내 주십시오.",
                f"The charset {declared[:40]!r} is not accepted. Send UTF-8 or CP949.",
            )
        text = _try(body, charset)
        if text is not None:
            return text
        hint = next((other for other in fallbacks if other != charset and _try(body, other) is not None), None)
        raise _charset_error(
            f"본문이 선언된 문자셋 {declared}과(와) 다릅니다." + (f" {hint.upper()}로는 읽힙니다." if hint else ""),
            f"The body is not in the declared charset {declared}." + (f" It reads as {hint.upper()}." if hint else ""),
        )
    for charset in fallbacks:
        text = _try(body, charset)
        if text is not None:
            return text
    tried = ", ".join(charset.upper() for charset in fallbacks)
    raise _charset_error(f"본문의 문자셋을 알 수 없습니다({tried} 아님).", f"The body is in none of {tried}.")


def _try(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _charset_error(ko: str, en: str) -> BadMessage:
    return BadMessage(Text(ko, en), type_code="4000", field="charset")
