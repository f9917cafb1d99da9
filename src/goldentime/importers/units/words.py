"""Which words of a unit list mean which kind, capability and width; a city's own words stay as they are."""

import re
from collections.abc import Sequence
from dataclasses import replace

from goldentime.city.agencies.agency import Agency
from goldentime.city.units.unit import UnitKind
from goldentime.core.text import Text
from goldentime.importers.cameras.layout import LATITUDE, LONGITUDE
from goldentime.importers.columns import Field, has_words

FIELDS = (
    Field(
        "code",
        Text(ko="단말·차량 번호", en="unit code"),
        (
            "유닛ID",
            "단말번호",
            "단말ID",
            "AVL번호",
            "차량관리번호",
            "차량번호",
            "unit_id",
            "unit",
            "UNIT_ID",
            "관리번호",
        ),
    ),
    Field(
        "call_sign",
        Text(ko="호출명", en="call sign"),
        ("호출명", "호출부호", "출동대명", "차량명", "출동대", "call_sign", "callsign", "차량호칭", "차량번호"),
        required=True,
        example="",
    ),
    Field(
        "kind",
        Text(ko="차종", en="kind"),
        ("차종", "차량종류", "차량구분", "출동대종류", "차종명", "kind", "type", "종류", "구분"),
        required=True,
        check=has_words,
        example="순찰차",
    ),
    Field(
        "agency",
        Text(ko="기관", en="agency"),
        ("기관", "기관ID", "소속기관", "기관명", "agency", "agency_id"),
        required=True,
        example="agency-112",
    ),
    Field(
        "station",
        Text(ko="소속 관서", en="station"),
        ("소속관서", "소속센터", "안전센터", "지구대", "차고지", "배치관서", "소속", "station", "센터명"),
    ),
    replace(LATITUDE, required=False),
    replace(LONGITUDE, required=False),
    Field(
        "address", Text(ko="주소", en="address"), ("차고지주소", "도로명주소", "소재지도로명주소", "주소", "address")
    ),
    Field(
        "capabilities",
        Text(ko="장비·기능", en="capabilities"),
        ("장비", "기능", "적재장비", "특수장비", "능력", "capabilities", "capability"),
    ),
    Field("beat", Text(ko="담당구역", en="beat"), ("담당구역", "순찰구역", "관할구역", "관할", "beat")),
    Field(
        "width", Text(ko="차폭", en="width"), ("차폭", "전폭", "차폭(m)", "차폭m", "차폭mm", "width", "width_m", "폭")
    ),
)

_KINDS: tuple[tuple[UnitKind, tuple[str, ...]], ...] = (  # the first whose word occurs
    (UnitKind.PATROL, ("순찰", "patrol", "교통순찰", "경찰차")),
    (UnitKind.COMMAND, ("지휘", "command")),
    (UnitKind.AMBULANCE, ("구급", "ambulance")),
    (UnitKind.LADDER, ("사다리", "굴절", "고가", "ladder")),
    (UnitKind.RESCUE, ("구조", "rescue")),
    (UnitKind.ENGINE, ("펌프", "물탱크", "탱크차", "화학", "소방차", "engine", "pump", "tank")),
)
_CAPABILITIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("water_rescue", ("수난", "water rescue", "water_rescue")),
    ("water", ("물탱크", "탱크", "water", "tank")),
    ("foam", ("폼", "포소화", "foam")),
    ("chemical", ("화학", "유해", "hazmat", "chemical")),
    ("als", ("특별구급", "전문구급", "als")),
    ("aed", ("aed", "제세동", "심장충격")),
    ("high_rise", ("고층", "high-rise", "high_rise", "고가사다리")),
    ("narrow", ("소형", "골목", "경형", "narrow")),
)
_SPLIT = re.compile(r"[,/·;|、]+")
_NUMBER = re.compile(r"\d{1,5}(?:\.\d{1,4})?")
NARROWEST, WIDEST = 1.0, 4.0  # metres; anything else is a slip or another unit


def fields_for(agencies: Sequence[Agency]) -> tuple[Field, ...]:
    """The fields, with the first of the city's own agencies as the one a mapping file to start from proposes."""
    if not agencies:
        return FIELDS
    return tuple(replace(one, example=agencies[0].id) if one.name == "agency" else one for one in FIELDS)


def kind_of(words: str) -> UnitKind | None:
    """The kind the words name; None when they name none we know."""
    plain = words.lower()
    return next((kind for kind, names in _KINDS if any(name in plain for name in names)), None)


def capabilities_of(words: str, kind_words: str) -> frozenset[str]:
    """What the unit can do: known things by their own names, others in the city's words, and what its kind says."""
    found = set()
    for part in filter(None, (one.strip() for one in _SPLIT.split(words))):
        found.add(_known(part) or part)
    by_kind = _known(kind_words)
    return frozenset(found | ({by_kind} if by_kind else set()))


def width_of(words: str) -> float | None:
    """Metres, from metres or millimetres; None for what is no width of a vehicle."""
    plain = words.lower().replace("mm", "").replace("m", "").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    number = float(plain)
    metres = number / 1000 if number > 100 else number
    return metres if NARROWEST <= metres <= WIDEST else None


def _known(words: str) -> str | None:
    plain = words.lower()
    return next((name for name, known in _CAPABILITIES if any(one in plain for one in known)), None)
