"""What one row of an inventory says, or why it cannot be used."""

import re
from dataclasses import dataclass

from goldentime.city.cameras.direction import parse_direction
from goldentime.city.cameras.inventory import Site
from goldentime.core.ids import SiteId
from goldentime.core.text import Text
from goldentime.importers.cameras.layout import purpose_of
from goldentime.importers.columns import Columns
from goldentime.importers.coordinates import Area, Judged, judge
from goldentime.importers.report import RowNote
from goldentime.importers.table import Row

MOST_CAMERAS_OF_A_SITE = 500
_COUNT = re.compile(r"(\d+)(?:\.0+)?\s*대?")
_PREFIX = re.compile(r"^\S+(?:특별자치도|특별자치시|특별시|광역시|도)\s+(?:\S+시\s+)?")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A usable row; `key` is empty when the file has none, `site.id` is set later."""

    row: Row
    key: str
    site: Site
    judged: Judged

    @property
    def group(self) -> str:
        """What stays the same when a site without key moves: its address and purpose."""
        site = self.site
        return f"{re.sub(r'[^0-9A-Za-z가-힣-]', '', site.address or site.name)}|{site.purpose_words.replace(' ', '')}"


def read_row(row: Row, columns: Columns, area: Area, source: str) -> SiteRow | RowNote:
    """The site this row describes, or the note that sets it aside."""
    if row.is_empty():
        return RowNote(row.number, Text(ko="빈 행", en="empty row"), "empty_row")
    if len(row.cells) <= max(columns.at.values()) and any(
        columns.at.get(name, 0) >= len(row.cells) for name in ("lat", "lon", "cameras", "key")
    ):
        cells = len(row.cells)
        text = Text(ko=f"열이 {cells}개뿐인 잘린 행", en=f"cut row of {cells} columns only")
        return RowNote(row.number, text, "cut_row", _name(row, columns))
    judged = judge(columns.value(row, "lat"), columns.value(row, "lon"), area)
    if judged.place is None:
        return RowNote(row.number, judged.text or _unknown(), judged.code, _name(row, columns))
    count = _count(columns.value(row, "cameras"))
    if isinstance(count, Text):
        return RowNote(row.number, count, "bad_count", _name(row, columns))
    return SiteRow(row, columns.value(row, "key"), _site(row, columns, judged, count, source=source), judged)


def _unknown() -> Text:
    return Text(ko="좌표를 쓸 수 없음", en="unusable coordinates")


def _count(words: str) -> int | Text:
    if not words:
        return Text(ko="카메라대수가 비어 있음", en="number of cameras is empty")
    found = _COUNT.fullmatch(words)
    if not found:
        return Text(ko=f"카메라대수를 읽을 수 없음: {words}", en=f"number of cameras cannot be read: {words}")
    count = int(found[1])
    if count == 0:
        return Text(ko="카메라대수가 0", en="number of cameras is 0")
    if count > MOST_CAMERAS_OF_A_SITE:
        return Text(ko=f"카메라대수가 지나치게 많음: {count}", en=f"number of cameras is implausible: {count}")
    return count


def _name(row: Row, columns: Columns) -> str:
    spot = columns.value(row, "name") or columns.value(row, "spot")
    if spot:
        return spot
    address = columns.value(row, "lot_address") or columns.value(row, "road_address")
    return _PREFIX.sub("", address) or columns.value(row, "key")


def _site(row: Row, columns: Columns, judged: Judged, count: int, *, source: str) -> Site:
    road, lot, spot = (columns.value(row, name) for name in ("road_address", "lot_address", "spot"))
    direction = parse_direction(columns.value(row, "direction"))
    words = columns.value(row, "purpose")
    if judged.place is None:
        msg = "a site needs a place"
        raise ValueError(msg)
    return Site(
        id=SiteId(""),
        name=_name(row, columns),
        place=judged.place,
        cameras=count,
        purpose=purpose_of(words),
        purpose_words=words,
        address=road or lot or " ".join(w for w in (_dong(columns.value(row, "dong"), spot), spot) if w),
        lot_address=lot,
        bearing=direction.bearing,
        all_round=direction.all_round,
        megapixels=_megapixels(columns.value(row, "pixels")),
        retention_days=_whole(columns.value(row, "retention")),
        installed=columns.value(row, "installed"),
        operator=columns.value(row, "operator"),
        phone=columns.value(row, "phone"),
        flagged=judged.text.ko if judged.verdict == "flagged" and judged.text else "",
        source=source,
    )


def _dong(dong: str, spot: str) -> str:
    """The neighbourhood, unless the spot names it already."""
    return "" if dong and dong in spot else dong


def _megapixels(words: str) -> float | None:
    """카메라화소수 counts in 만 화소: 200 is two megapixels."""
    try:
        number = float(words.replace("만", "").replace("화소", ""))
    except ValueError:
        return None
    if number <= 0:
        return None
    return number / 100 if number < 100_000 else number / 1_000_000


def _whole(words: str) -> int | None:
    found = re.match(r"\d+", words)
    return int(found[0]) if found else None
