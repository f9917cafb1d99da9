"""What of a report is compared with others: its sort, and its address words and its caller's number as digests."""

import hashlib
import re
from dataclasses import dataclass

from goldentime.city.incidents.nature import Nature, nature_of
from goldentime.city.places.words import plain_words
from goldentime.messages.report import Report

CALLER_KEYS = ("APPLICANT_TELNO",)  # items that hold the caller's number
_NO_DIGITS = re.compile(r"\D")
_AREA = re.compile(r"[가-힣]{1,7}(?:도|시|군|구)")
_SHORTEST_NUMBER = 8  # digits; fewer are a room's extension, which many callers share
_SHARED = re.compile(r"(?:0(?:2|[3-6]\d)?)?1[568]\d{6}")  # representative numbers, 1588-0000: whoever rings through one
_FILLER = re.compile(r"\d*?(\d)\1{7}")  # 000-0000-0000, 010-0000-0000: typed where no number was known


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a report is compared; digests are salted with the city's own pepper."""

    nature: Nature
    words: frozenset[int]
    caller: str
    uncertain_metres: float = 0.0


def traits_of(pepper: bytes, report: Report, *, uncertain_metres: float) -> Traits:
    """The report's traits; pure, so that it is done before the transaction begins."""
    number = next((report.items[key] for key in CALLER_KEYS if report.items.get(key)), "")
    return Traits(
        nature=nature_of(report.detail_words, report.content, report.kind_name),
        words=digest_words(pepper, report.place_words),
        caller=digest_number(pepper, number),
        uncertain_metres=uncertain_metres,
    )


def digest_words(pepper: bytes, words: str) -> frozenset[int]:
    """The address words, each as a number nobody can read back without the pepper."""
    parts = telling_words(words)[:16]
    return frozenset(int.from_bytes(_digest(pepper, b"word", part, 6), "big") for part in parts)


def telling_words(words: str) -> list[str]:
    """What tells one address of a city from another: no province, city, district; a number with its road."""
    told: list[str] = []
    for part in plain_words(words).split():
        if _AREA.fullmatch(part):
            continue
        told.append(f"{told[-1]} {part}" if told and part[0].isdigit() else part)
    return told


def digest_number(pepper: bytes, number: str) -> str:
    """A caller's number as a digest, however it was written; "" for none and for one that is not a person's own."""
    digits = _NO_DIGITS.sub("", number)
    digits = "0" + digits[2:] if digits.startswith("82") else digits
    if len(digits) < _SHORTEST_NUMBER or _SHARED.fullmatch(digits) or _FILLER.fullmatch(digits):
        return ""
    return _digest(pepper, b"caller", digits, 12).hex()


def _digest(pepper: bytes, purpose: bytes, text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size, key=pepper[:64], person=purpose).digest()
