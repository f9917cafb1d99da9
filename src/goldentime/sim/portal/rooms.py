"""What the simulated bed service answers: rooms by province and city, each with what its hospital typed in last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from xml.sax.saxutils import escape

from goldentime.core.clock import KST
from goldentime.sim.portal.said import Answer, Refused

PATH = "/B552657/ErmctInfoInqireService/getEmrrmRltmUsefulSckbdInfoInqire"
TYPED_EVERY = 600.0  # seconds between a hospital's entries


@dataclass(frozen=True, slots=True)
class SimRoom:
    """One emergency room; `beds` in all, `behind` how long ago its hospital stopped typing in."""

    code: str
    name: str
    phone: str
    address: str
    beds: int = 20
    free: int | None = None
    behind: timedelta = timedelta()


def answer(rooms: Sequence[SimRoom], asked: Mapping[str, str], now: datetime) -> Answer:
    """The rooms of the province and city asked for; an error of the service in its own XML."""
    try:
        page, size = _page(asked)
    except Refused as no:
        return _xml(f"<resultCode>{no.number}</resultCode><resultMsg>{no.message}</resultMsg>", "")
    wanted = [one for one in rooms if _is_in(one.address, asked.get("STAGE1", ""), asked.get("STAGE2", ""))]
    items = "".join(_item(one, now) for one in wanted[(page - 1) * size : page * size])
    body = (
        f"<body><items>{items}</items><numOfRows>{size}</numOfRows><pageNo>{page}</pageNo>"
        f"<totalCount>{len(wanted)}</totalCount></body>"
    )
    return _xml("<resultCode>00</resultCode><resultMsg>NORMAL SERVICE.</resultMsg>", body)


def _page(asked: Mapping[str, str]) -> tuple[int, int]:
    page, size = asked.get("pageNo", "1"), asked.get("numOfRows", "10")
    if not (page.isdigit() and size.isdigit() and 0 < int(page) <= 9999 and 0 < int(size) <= 9999):
        raise Refused("10", "INVALID_REQUEST_PARAMETER_ERROR")
    return int(page), int(size)


def _is_in(address: str, province: str, city: str) -> bool:
    words = address.split()
    return (not province or words[:1] == [province]) and (not city or " ".join(words[1:]).startswith(city))


def _item(room: SimRoom, now: datetime) -> str:
    entry = int((now - room.behind).timestamp() // TYPED_EVERY)
    typed = datetime.fromtimestamp(entry * TYPED_EVERY, KST)
    chance = Random(f"{room.code} {entry}")  # noqa: S311  beds, not secrets
    free = chance.randint(-2, max(1, room.beds // 2)) if room.free is None else room.free
    fields = {
        "dutyName": escape(room.name),
        "dutyTel3": escape(room.phone),
        "hpid": room.code,
        "hvamyn": "Y",
        "hvctayn": "Y",
        "hvec": str(free),
        "hvicc": str(chance.randint(0, 6)),
        "hvidate": f"{typed:%Y%m%d%H%M%S}",
        "hvoc": str(chance.randint(0, 4)),
        "hvventiayn": "Y" if room.beds >= 15 else "N",
        "phpid": room.code,
    }
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"


def _xml(header: str, body: str) -> Answer:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    whole = f"{head}<response><header>{header}</header>{body}</response>"
    return Answer(whole.encode(), "application/xml;charset=UTF-8")
