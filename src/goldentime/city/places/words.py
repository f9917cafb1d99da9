"""How a Korean address in free words is taken apart: neighbourhood and lot, road and building number."""

import re
from dataclasses import dataclass

_BRACKETS = re.compile(r"[(\[（][^)\]）]*[)\]）]")
_SPACES = re.compile(r"\s+")
_LOT = re.compile(
    r"(?P<dong>[가-힣]+\d*(?:동|리)|[가-힣]+(?:로)?\d+가)\s*(?P<hill>산)?\s*(?P<main>\d+)(?:\s*-\s*(?P<sub>\d+))?"
)
_ROAD = re.compile(
    r"(?P<road>[가-힣][가-힣\d]*?(?:대로|로|길)(?:\d+(?:번)?(?:가|나|다|라)?길)?)(?P<number>\s*\d+(?:-\d+)?)?(?!\d*번길|\d*가)"
)
_BRANCH = re.compile(r"(?P<parent>.+(?:대로|로))(?P<number>\d+)번(?:가|나|다|라)?길$")
_AREA = re.compile(r"[가-힣]+\d*(?:동|읍|면|(?<!거)리)(?![가-힣])|[가-힣]+로?\d+가(?![가-힣])")
_CITY = re.compile(r"(?:^|\s)(?P<city>[가-힣]{1,4}[시군])(?=\s+[가-힣]+\d*(?:구|동|읍|면|가|대로|로|길)(?:\s|\d))")
_DIGITS_OF_DONG = re.compile(r"(?<=[가-힣])(?:제)?\d+(?=동$)")


@dataclass(frozen=True, slots=True)
class Lot:
    """지번: `main` and `sub` of the lot, `hill` for 산; `sub` 0 when there is none."""

    dong: str
    main: int
    sub: int = 0
    hill: bool = False


@dataclass(frozen=True, slots=True)
class Building:
    """도로명주소: the road and its building number; `number` None when only the road is named."""

    road: str
    number: int | None = None
    sub: int = 0


@dataclass(frozen=True, slots=True)
class AddressWords:
    """What an address in words may mean; every part may be missing."""

    plain: str
    lots: tuple[Lot, ...] = ()
    buildings: tuple[Building, ...] = ()
    areas: tuple[str, ...] = ()


def plain_words(words: str) -> str:
    """The words with single spaces, without 번지 and brackets; a side street joined to its road."""
    text = _SPACES.sub(" ", _BRACKETS.sub(" ", words)).strip()
    text = re.sub(r"(?<=\d)\s*번지", "", text)
    text = re.sub(r"(?<=\d)\s*-\s*(?=\d)", "-", text)
    return re.sub(r"(?<=[로길])\s+(?=\d+(?:번)?(?:가|나|다|라)?길)", "", text)


def city_of(words: str) -> str:
    """The city or county an address begins with, such as 수원시; empty when it names none."""
    found = _CITY.search(plain_words(words))
    return found["city"] if found else ""


def plain_name(words: str) -> str:
    """A name without spaces, signs and case, for comparing."""
    return re.sub(r"[^0-9a-z가-힣]", "", words.lower())


def plain_dong(dong: str) -> str:
    """A neighbourhood without the number of its offices: 매탄3동 is 매탄동."""
    return _DIGITS_OF_DONG.sub("", dong)


def branch_of(road: str) -> tuple[str, int]:
    """The road a side street leaves and at which building number; an empty name when it is no side street."""
    found = _BRANCH.match(road)
    return (found["parent"], int(found["number"])) if found else ("", 0)


def read_address(words: str) -> AddressWords:
    """The parts that the words name, in their order."""
    text = plain_words(words)
    lots = tuple(
        Lot(plain_dong(m["dong"]), int(m["main"]), int(m["sub"] or 0), bool(m["hill"])) for m in _LOT.finditer(text)
    )
    without_lots = _LOT.sub(" ", text)
    buildings = tuple(_building(m["road"], m["number"] or "") for m in _ROAD.finditer(without_lots))
    areas = tuple(dict.fromkeys(plain_dong(m[0]) for m in _AREA.finditer(text)))
    return AddressWords(text, lots, buildings, areas)


def _building(road: str, number: str) -> Building:
    main, _, sub = number.strip().partition("-")
    return Building(road, int(main) if main else None, int(sub) if sub else 0)
