"""How a city's own run cards are read from TOML: every card whole, or none of them and a word on the first fault."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goldentime.city.units.run_cards import CASUALTIES, RunCard, Want
from goldentime.core.text import Text
from goldentime.importers.errors import BadFile

_LISTS = ("services", "kinds", "severities", "words")
_KEYS = frozenset({"id", "name_ko", "name_en", "wants", "source", "casualties", *_LISTS})
_SEVERITIES = frozenset({"critical", "warning", "caution", "notice"})


def read_run_cards(path: Path) -> tuple[RunCard, ...]:
    """The cards of the file, in its order; raises BadFile naming the card at fault."""
    try:
        tree = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as broken:
        raise BadFile(
            Text(f"편성 기준 파일을 읽을 수 없습니다: {path}", f"The run cards cannot be read: {path}")
        ) from broken
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise BadFile(
            Text(f"편성 기준 파일이 TOML이 아닙니다: {broken}", f"The run cards are not TOML: {broken}")
        ) from broken
    found = tree.pop("card", [])
    if tree or not isinstance(found, list) or not found:
        raise BadFile(
            Text(
                "편성 기준 파일에는 [[card]]만, 하나 이상 쓸 수 있습니다.",
                "Run cards are [[card]] tables, one or more.",
            )
        )
    cards = tuple(_card(number, one) for number, one in enumerate(found, 1))
    seen: set[str] = set()
    for number, card in enumerate(cards, 1):
        if card.id in seen:
            raise _fault(number, "같은 id가 또 있습니다", f"the id {card.id} comes twice")
        seen.add(card.id)
    return cards


def _card(number: int, given: object) -> RunCard:
    if not isinstance(given, dict):
        raise _fault(number, "표가 아닙니다", "is no table")
    unknown = given.keys() - _KEYS
    if unknown:
        names = ", ".join(sorted(unknown))
        raise _fault(number, f"모르는 항목: {names}", f"unknown keys: {names}")
    name, lists = _words(number, given, "id"), {key: _list(number, given, key) for key in _LISTS}
    strange = set(lists["severities"]) - _SEVERITIES
    if strange:
        known = ", ".join(sorted(_SEVERITIES))
        raise _fault(number, f"severities에 쓸 수 있는 값: {known}", f"severities may be: {known}")
    shown = str(given.get("name_ko") or name)
    try:
        return RunCard(
            id=name,
            name=Text(shown, str(given.get("name_en") or shown)),
            wants=_wants(number, given),
            services=frozenset(lists["services"]),
            kinds=frozenset(lists["kinds"]),
            severities=frozenset(lists["severities"]),
            words=lists["words"],
            source=str(given.get("source") or ""),
            casualties=_casualties(number, given, default=name in CASUALTIES),
        )
    except ValueError as wrong:
        raise _fault(number, f"wants가 잘못되었습니다: {wrong}", f"wants: {wrong}") from wrong


def _casualties(number: int, given: Mapping[str, Any], *, default: bool) -> bool:
    value = given.get("casualties", default)
    if not isinstance(value, bool):
        raise _fault(number, "casualties는 true나 false입니다", "casualties is true or false")
    return value


def _wants(number: int, given: Mapping[str, Any]) -> tuple[Want, ...]:
    wants = given.get("wants")
    if not isinstance(wants, dict) or not all(type(count) is int for count in wants.values()):
        raise _fault(number, "wants는 { engine = 2 } 꼴입니다", "wants look like { engine = 2 }")
    return tuple(Want(capability, count) for capability, count in wants.items())


def _words(number: int, given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _fault(number, f"{key}이(가) 없습니다", f"{key} is missing")
    return value.strip()


def _list(number: int, given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _fault(number, f'{key}은(는) ["..."] 꼴입니다', f'{key} look like ["..."]')
    return tuple(value)


def _fault(number: int, ko: str, en: str) -> BadFile:
    return BadFile(Text(f"{number}번째 편성 기준: {ko}", f"run card {number}: {en}"))
