"""Which attribute of a line of road means what, whoever drew it, and how its words are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldentime.city.roads.line import Access, Structure
from goldentime.core.text import Text
from goldentime.importers.columns import plain
from goldentime.importers.geojson import Feature
from goldentime.importers.roads.osm_tags import access_of, find_street, read_kmh, read_size

_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("UFID", "LINK_ID", "ROAD_ID", "RDS_MAN_NO", "OSM_ID", "도로ID", "링크ID", "관리번호", "ID"),
    "name": ("ROAD_NAME", "도로명", "RN", "NAME", "FULLNAME", "STREET", "명칭"),
    "road_no": ("ROAD_NO", "RDNU", "REF", "도로번호"),
    "oneway": ("ONEWAY", "ONE_WAY", "일방통행", "일방통행여부", "ONEWAY_YN"),
    "lanes": ("LANES", "LANE", "RDLN", "차로수", "차선수", "LANE_CNT", "LANE_CO"),
    "speed": ("MAX_SPD", "MAXSPEED", "SPEED_LIMIT", "SPEEDLIMIT", "제한속도", "최고제한속도", "SPEED"),
    "width": ("RVWD", "ROAD_BT", "WIDTH", "도로폭", "폭원", "폭", "ROAD_WIDTH"),
    "kind": ("ROAD_RANK", "HIGHWAY", "FCLASS", "도로등급", "도로구분", "도로종류", "ROAD_CLASS", "ROAD_TYPE", "CLASS"),
    "bridge": ("BRIDGE", "교량", "고가", "교량여부"),
    "tunnel": ("TUNNEL", "터널", "지하차도", "터널여부"),
    "level": ("LAYER", "Z_LEVEL", "ZLEVEL", "LEVEL", "높이단계"),
    "access": ("ACCESS", "통행제한"),
}
_GRADE = ("bridge", "tunnel", "level")  # a file that has one of these says which crossings are at grade
_RANKS: Mapping[str, str] = {
    "고속국도": "101",
    "고속도로": "101",
    "도시고속국도": "102",
    "도시고속도로": "102",
    "자동차전용도로": "102",
    "일반국도": "103",
    "국도": "103",
    "특별시도": "104",
    "광역시도": "104",
    "특별·광역시도": "104",
    "국가지원지방도": "105",
    "국지도": "105",
    "지방도": "106",
    "시도": "107",
    "군도": "107",
    "구도": "107",
    "시군도": "107",
    "시·군도": "107",
    **{str(code): str(code) for code in range(101, 109)},
}
_NOT_FOR_CARS = frozenset(
    {
        "footway",
        "steps",
        "cycleway",
        "path",
        "bridleway",
        "corridor",
        "elevator",
        "platform",
        "construction",
        "proposed",
    }
)
_YES = frozenset({"y", "yes", "true", "t", "1", "일방", "일방통행", "ft", "along", "예"})
_BACK = frozenset({"-1", "reverse", "tf", "r", "against", "역방향"})
_NO = frozenset({"", "n", "no", "false", "f", "0", "b", "both", "양방향", "양방", "아니오"})


def looks_like_roads(features: Sequence[Feature]) -> bool:
    """Whether lines say of themselves what only roads do; rivers and pipes have names and widths too."""
    at = Reader(features).columns
    return bool({"lanes", "oneway", "speed"} & at.keys()) or at.get("kind", "").upper() in {"HIGHWAY", "FCLASS"}


@dataclass(frozen=True, slots=True)
class LineWords:
    """What one line's attributes say; `level` tells which of two crossing lines is above."""

    key: str
    name: str
    road_no: str
    rank: str
    kind: str
    estimated_kmh: float | None
    max_kmh: float | None
    lanes: int | None  # of all directions together
    width_m: float | None
    access: Access
    structure: Structure
    level: int
    forward: bool
    backward: bool
    unclear: str = ""  # a oneway value nobody knows


class Reader:
    """Reads the lines of one file, whose columns and ways of writing oneway are looked at first."""

    def __init__(self, features: Sequence[Feature]) -> None:
        headers = {name: None for one in features for name in one.properties}
        by_plain = {plain(name): name for name in headers}
        self._at = {
            field: next((by_plain[plain(name)] for name in names if plain(name) in by_plain), None)
            for field, names in _NAMES.items()
        }
        values = {self._word(one, "oneway").lower() for one in features}
        # Geofabrik writes F along, T against and B both; everybody else's T and F are true and false
        self._geofabrik = "b" in values and bool(values & {"f", "t"})

    @property
    def tells_grade(self) -> bool:
        """Whether the file says what is a bridge or a tunnel."""
        return any(self._at[name] for name in _GRADE)

    @property
    def tells_direction(self) -> bool:
        """Whether the file says what is one-way."""
        return self._at["oneway"] is not None

    @property
    def columns(self) -> Mapping[str, str]:
        """Which column each field was read from."""
        return {field: name for field, name in self._at.items() if name is not None}

    def read(self, feature: Feature) -> LineWords | Text:
        """What the line says, or why no car drives there."""
        kind = self._word(feature, "kind")
        if kind in _NOT_FOR_CARS:
            return Text(f"차가 다니지 않는 길({kind})", f"not for cars ({kind})")
        tags = {"highway": kind, "access": self._word(feature, "access")}
        street = find_street({name: words for name, words in tags.items() if words})
        forward, backward, unclear = self._oneway(self._word(feature, "oneway").lower())
        lanes = read_size(self._word(feature, "lanes"))
        kmh = read_kmh(self._word(feature, "speed"))
        structure = self._structure(feature)
        return LineWords(
            key=self._word(feature, "id"),
            name=self._word(feature, "name"),
            road_no=self._word(feature, "road_no"),
            rank=street.rank if street else _RANKS.get(kind, ""),
            kind=kind,
            estimated_kmh=street.estimated_kmh if street else None,
            max_kmh=kmh,
            lanes=int(lanes) if lanes and lanes < 30 else None,
            width_m=read_size(self._word(feature, "width")),
            access=access_of({k: v for k, v in tags.items() if k == "access" and v}, kind),
            structure=structure,
            level=self._level(feature, structure),
            forward=forward,
            backward=backward,
            unclear=unclear,
        )

    def _word(self, feature: Feature, field: str) -> str:
        name = self._at[field]
        value = feature.properties.get(name) if name else None
        words = "" if value is None else str(value).strip()
        return "" if words in {"-", "None"} else words

    def _oneway(self, word: str) -> tuple[bool, bool, str]:
        """Whether it may be driven along and against, and the word when it means nothing known."""
        if self._geofabrik:
            word = {"f": "yes", "t": "-1"}.get(word, word)
        if word in _YES:
            return True, False, ""
        if word in _BACK:
            return False, True, ""
        return True, True, "" if word in _NO else word

    def _structure(self, feature: Feature) -> Structure:
        if self._says(feature, "tunnel"):
            return Structure.TUNNEL
        return Structure.BRIDGE if self._says(feature, "bridge") else Structure.GROUND

    def _says(self, feature: Feature, field: str) -> bool:
        return self._word(feature, field).lower() not in {*_NO, "building_passage"}

    def _level(self, feature: Feature, structure: Structure) -> int:
        try:
            level = int(float(self._word(feature, "level") or "0"))
        except (ValueError, OverflowError):
            level = 0
        return level or {Structure.BRIDGE: 1, Structure.TUNNEL: -1}.get(structure, 0)
