"""What one answer of 응급실 실시간 가용병상정보 says of each emergency room's beds."""

from xml.etree.ElementTree import Element

from goldentime.linkage_kit.data_portal import NO_DATA, bad, check_result, read_xml, refused, word
from goldentime.linkage_kit.values import read_stamp
from goldentime.messages.beds import BedReport, Beds

MOST_BEDS = 2000  # more, or as many too few, is no count of beds
_YES = {"Y": True, "Y1": True, "1": True, "N": False, "N1": False, "0": False}


def parse(body: bytes) -> BedReport:
    """The rooms told; raises BadMessage, with type code 03 when there is none."""
    root = read_xml(body)
    header = root.find("header")
    if root.tag != "response" or header is None:
        raise bad("응답에 header가 없습니다.", "The answer has no header.", field="header")
    check_result(word(header, "resultCode"), word(header, "resultMsg"))
    newest: dict[str, Beds] = {}
    for room in map(_room, root.iterfind("body/items/item")):
        if room is not None and _is_newer(room, newest.get(room.code)):
            newest[room.code] = room
    if not newest:
        raise refused(NO_DATA, "")
    count = root.find("body")
    listed = _count(count, "totalCount") if count is not None else None
    return BedReport(tuple(newest.values()), max(len(newest), listed or 0))


def _room(item: Element) -> Beds | None:
    """One room; None for a row that does not say which."""
    code, name = word(item, "hpid"), word(item, "dutyName")
    if not code or not name:
        return None
    return Beds(
        code=code,
        name=name,
        phone=word(item, "dutyTel3"),
        at=read_stamp(word(item, "hvidate")),
        emergency=_count(item, "hvec"),
        operating=_count(item, "hvoc"),
        intensive=_count(item, "hvicc"),
        ct=_YES.get(word(item, "hvctayn")),
        ventilator=_YES.get(word(item, "hvventiayn")),
        ambulance=_YES.get(word(item, "hvamyn")),
    )


def _is_newer(room: Beds, known: Beds | None) -> bool:
    if known is None or known.at is None:
        return True
    return room.at is not None and room.at > known.at


def _count(item: Element, name: str) -> int | None:
    digits = word(item, name)
    unsigned = digits.removeprefix("-")
    if not (unsigned.isascii() and unsigned.isdigit() and len(unsigned) <= 6):
        return None
    number = int(digits)
    return number if abs(number) <= MOST_BEDS or name == "totalCount" else None
