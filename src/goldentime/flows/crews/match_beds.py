"""Which of the city's emergency rooms the bed service speaks of: told by code, phone or name, never guessed."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from goldentime.city.places.place import Place, PlaceId
from goldentime.messages.beds import Beds

_CODE_COLUMNS = ("hpid", "HPID", "기관ID", "기관코드")
_LEGAL_BODY = re.compile(r"^(?:의료법인|재단법인|학교법인|사단법인|사회복지법인|\((?:의|재|학|사|복)\))")
_FOUNDATION = re.compile(r"^.{1,12}?(?:의료재단|의료원재단|학원)(?=.{2,}(?:병원|의료원|센터)$)")
_NO_LETTER = re.compile(r"[^0-9a-z가-힣]")
_LOCAL = re.compile(r"^0(2|[3-6]\d)")  # an area; 1588, 070 and mobile numbers tell none
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matched:
    """The beds by the city's own place; `rooms_without` and `beds_without` found no partner, or more than one."""

    beds: Mapping[PlaceId, Beds]
    rooms_without: tuple[Place, ...]
    beds_without: tuple[Beds, ...]


def match_beds(rooms: Sequence[Place], told: Sequence[Beds]) -> Matched:
    """Join them one to one; what fits several on either side fits none."""
    found: dict[PlaceId, Beds] = {}
    left_rooms, left_beds = list(rooms), list(told)
    for of_room, of_beds in (
        (_code_of, lambda beds: beds.code),
        (lambda room: plain_phone(room.phone), lambda beds: plain_phone(beds.phone)),
        (lambda room: plain_name(room.name), lambda beds: plain_name(beds.name)),
    ):
        by_room, by_beds = _single(left_rooms, of_room), _single(left_beds, of_beds)
        for key in by_room.keys() & by_beds.keys():
            if _may_be_one(by_room[key], by_beds[key]):
                found[by_room[key].id] = by_beds[key]
        taken = {beds.code for beds in found.values()}
        left_rooms = [one for one in left_rooms if one.id not in found]
        left_beds = [one for one in left_beds if one.code not in taken]
    return Matched(found, tuple(left_rooms), tuple(left_beds))


def plain_name(name: str) -> str:
    """The hospital's name as everybody writes it: without spaces, signs and the legal body that runs it."""
    close = re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).lower()
    bare = _LEGAL_BODY.sub("", close)
    if bare != close:
        bare = _FOUNDATION.sub("", bare)
    return _NO_LETTER.sub("", bare)


def plain_phone(phone: str) -> str:
    """The digits as dialled within the country; empty for what is no number."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone).split("~", maxsplit=1)[0])
    if digits.startswith("82"):
        digits = "0" + digits[2:].removeprefix("0")
    return digits if 8 <= len(digits) <= 12 else ""


def _code_of(room: Place) -> str:
    return next((room.extra[name] for name in _CODE_COLUMNS if room.extra.get(name)), "")


def _single(some: Iterable[T], key_of: Callable[[T], str]) -> dict[str, T]:
    """Those whose key is their own; several with one key are told by none."""
    by_key: dict[str, list[T]] = {}
    for one in some:
        by_key.setdefault(key_of(one), []).append(one)
    return {key: ones[0] for key, ones in by_key.items() if key and len(ones) == 1}


def _may_be_one(room: Place, beds: Beds) -> bool:
    """Not when their phones are of different areas: every province has a hospital called 제일병원."""
    here, there = _LOCAL.match(plain_phone(room.phone)), _LOCAL.match(plain_phone(beds.phone))
    return here is None or there is None or here[0] == there[0]
