"""What importing a list of streams would change, decided without touching anything."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldentime.city.cameras.inventory import Site, camera_id
from goldentime.city.cameras.streams import Policy, Stream, Transport
from goldentime.city.places.words import plain_name
from goldentime.core.ids import CameraId, SiteId
from goldentime.core.text import Text
from goldentime.importers.cameras.compare import keyed_id
from goldentime.importers.columns import ColumnMapping, Columns, Field, recognise
from goldentime.importers.errors import BadFile
from goldentime.importers.report import Report, RowNote
from goldentime.importers.source import counts_of_change
from goldentime.importers.streams.address import StreamAddress, read_address
from goldentime.importers.table import Row, Table, read_table

FIELDS = (
    Field(
        "site",
        Text(ko="개소 관리번호", en="site key"),
        ("관리번호", "개소관리번호", "개소번호", "개소", "site_id", "site key", "site", "시설관리번호", "key"),
    ),
    Field(
        "spot",
        Text(ko="설치장소", en="address of the site"),
        ("소재지지번주소", "소재지도로명주소", "설치장소", "설치위치", "주소", "address"),
    ),
    Field(
        "number",
        Text(ko="카메라번호", en="camera number"),
        ("카메라번호", "카메라순번", "카메라", "채널번호", "채널", "camera number", "camera", "channel", "ch"),
    ),
    Field(
        "url",
        Text(ko="영상 주소", en="stream address"),
        (
            "영상주소",
            "RTSP주소",
            "RTSP URL",
            "RTSP",
            "스트림주소",
            "메인스트림",
            "주스트림",
            "url",
            "stream url",
            "stream",
        ),
        required=True,
        check=lambda values: any("://" in value for value in values),
        by_values=lambda values: all(v.lower().startswith(("rtsp://", "rtsps://")) for v in values),
    ),
    Field("user", Text(ko="계정", en="user"), ("계정", "아이디", "사용자", "username", "user", "login", "id")),
    Field("password", Text(ko="비밀번호", en="password"), ("비밀번호", "암호", "패스워드", "password", "passwd", "pw")),
    Field("transport", Text(ko="전송방식", en="transport"), ("전송방식", "전송", "프로토콜", "transport", "protocol")),
    Field("policy", Text(ko="연결정책", en="policy"), ("연결정책", "정책", "policy", "연결방식")),
    Field(
        "substream",
        Text(ko="보조 영상 주소", en="substream address"),
        ("보조영상주소", "보조스트림", "서브스트림", "부스트림", "substream", "substream url", "sub stream"),
    ),
)
_TRANSPORTS = {"": Transport.TCP, "tcp": Transport.TCP, "udp": Transport.UDP}
_POLICIES = {
    "": Policy.ON_DEMAND,
    "on_demand": Policy.ON_DEMAND,
    "ondemand": Policy.ON_DEMAND,
    "요청시": Policy.ON_DEMAND,
    "필요시": Policy.ON_DEMAND,
    "always": Policy.ALWAYS,
    "상시": Policy.ALWAYS,
    "항상": Policy.ALWAYS,
}


@dataclass(frozen=True, slots=True)
class StreamsPlan:
    """What to write, and what to tell; the report holds no address and no secret."""

    put: tuple[Stream, ...]
    removed: tuple[CameraId, ...]
    report: Report


class _Sites:
    """The city's sites, by key and, where just one has it, by address."""

    def __init__(self, sites: Mapping[SiteId, Site]) -> None:
        self._sites = sites
        self._spots: dict[str, set[SiteId]] = defaultdict(set)
        for site in sites.values():
            for words in (site.name, site.address, site.lot_address):
                self._spots[plain_name(words)].add(site.id)

    def find(self, key: str, spot: str) -> Site | Text:
        if key:
            site = self._sites.get(keyed_id(key)) or self._sites.get(SiteId(key))
            return site or Text(ko=f"관리번호 {key}인 개소가 없음", en=f"no site has the key {key}")
        found = self._spots.get(plain_name(spot), set()) if spot else set()
        if len(found) == 1:
            return self._sites[next(iter(found))]
        if found:
            text = f"'{spot}'에 개소가 {len(found)}곳", f"{len(found)} sites stand at '{spot}'"
            return Text(ko=text[0], en=text[1])
        return Text(ko="어느 개소인지 알 수 없음", en="it does not say which site")


def plan_streams(
    data: bytes,
    file_name: str,
    sites: Mapping[SiteId, Site],
    known: Mapping[CameraId, Stream],
    *,
    mapping: ColumnMapping | None = None,
    replace_all: bool = False,
) -> StreamsPlan:
    """The plan for one list; with `replace_all`, streams that it does not name are forgotten.

    Raises BadFile when nothing of it can be used.
    """
    table = read_table(data, file_name)
    columns = recognise(table, FIELDS, mapping)
    if not (columns.has("site") or columns.has("spot")):
        raise BadFile(
            Text(ko="개소 관리번호나 설치장소 열이 없습니다.", en="There is no column for the site's key or address.")
        )
    streams, aside = _read_rows(table, columns, _Sites(sites))
    if not streams:
        first = aside[0].reason if aside else Text(ko="행이 없음", en="no rows")
        raise BadFile(
            Text(ko=f"쓸 수 있는 행이 없습니다. 첫 이유: {first.ko}", en=f"No row can be used. The first: {first.en}")
        )
    put = tuple(s for s in streams.values() if known.get(s.camera_id) != s)
    gone = known.keys() - streams.keys()
    removed = tuple(sorted(gone)) if replace_all else ()
    counts = {"streams": len(streams), **counts_of_change(known, streams), "removed": len(removed)}
    report = Report(
        what="streams",
        file_name=file_name,
        rows_read=len(table.rows),
        kept=len(streams),
        set_aside=tuple(aside),
        counts=counts,
        encoding=table.encoding,
        columns={name: table.header[index] for name, index in columns.at.items()},
        notes=tuple(_notes(columns, len(gone) if not replace_all else 0)),
    )
    return StreamsPlan(put, removed, report)


def _read_rows(table: Table, columns: Columns, sites: _Sites) -> tuple[dict[CameraId, Stream], list[RowNote]]:
    streams: dict[CameraId, Stream] = {}
    rows: dict[CameraId, int] = {}
    numbers: dict[SiteId, int] = defaultdict(int)
    aside = []
    for row in table.rows:
        read = _read(row, columns, sites, numbers)
        if isinstance(read, Stream) and read.camera_id in streams:
            earlier = rows[read.camera_id]
            read = Text(ko=f"{earlier}행과 같은 카메라", en=f"the same camera as in row {earlier}")
        if isinstance(read, Text):
            aside.append(RowNote(row.number, read, "unusable_stream", columns.value(row, "site")))
        else:
            streams[read.camera_id] = read
            rows[read.camera_id] = row.number
    return streams, aside


def _read(row: Row, columns: Columns, sites: _Sites, numbers: dict[SiteId, int]) -> Stream | Text:
    if row.is_empty():
        return Text(ko="빈 행", en="empty row")
    site = sites.find(columns.value(row, "site"), columns.value(row, "spot"))
    if isinstance(site, Text):
        return site
    number = _number(row, columns, site, numbers)
    return number if isinstance(number, Text) else _stream(row, columns, camera_id(site.id, number))


def _stream(row: Row, columns: Columns, camera: CameraId) -> Stream | Text:
    main = _address(row, columns, "url")
    sub = _address(row, columns, "substream") if columns.value(row, "substream") else None
    for refused in (main, sub):
        if isinstance(refused, Text):
            return refused
    transport = _TRANSPORTS.get(columns.value(row, "transport").lower())
    policy = _POLICIES.get(columns.value(row, "policy").lower())
    if transport is None or policy is None or not isinstance(main, StreamAddress):
        return Text(ko="전송방식(tcp, udp)이나 연결정책을 알 수 없음", en="unknown transport (tcp, udp) or policy")
    return Stream(
        camera_id=camera,
        url=main.url,
        username=columns.value(row, "user") or main.username,
        password=columns.value(row, "password") or main.password,
        transport=transport,
        policy=policy,
        substream_url=sub.url if isinstance(sub, StreamAddress) else "",
    )


def _number(row: Row, columns: Columns, site: Site, numbers: dict[SiteId, int]) -> int | Text:
    if columns.has("number"):
        words = columns.value(row, "number").removesuffix("번")
        if not words.isdecimal():
            return Text(ko="카메라번호가 없거나 숫자가 아님", en="the camera number is missing or not a number")
        number = int(words)
    else:
        numbers[site.id] += 1
        number = numbers[site.id]
    if not 1 <= number <= site.cameras:
        return Text(
            ko=f"카메라번호 {number}: 이 개소의 카메라는 {site.cameras}대",
            en=f"camera {number}: the site has {site.cameras}",
        )
    return number


def _address(row: Row, columns: Columns, name: str) -> StreamAddress | Text:
    """The main or substream address; a login in the URL must not contradict the columns, or the main address's."""
    read = read_address(columns.value(row, name))
    if isinstance(read, Text):
        return Text(ko=f"보조: {read.ko}", en=f"substream: {read.en}") if name == "substream" else read
    main = read_address(columns.value(row, "url"))
    for told, inside, of_main in (
        (columns.value(row, "user"), read.username, "" if isinstance(main, Text) else main.username),
        (columns.value(row, "password"), read.password, "" if isinstance(main, Text) else main.password),
    ):
        if inside and (told or of_main or (inside if name == "url" else "")) != inside:
            return Text(ko="영상 주소들과 열의 계정이 서로 다름", en="the addresses and columns disagree on the login")
    return read


def _notes(columns: Columns, left: int) -> Sequence[Text]:
    notes = []
    if not columns.has("number"):
        notes.append(
            Text(
                ko="카메라번호 열이 없어 개소마다 적힌 순서대로 1번부터 매겼습니다.",
                en="There is no camera number: each site's rows were numbered from 1 in their order.",
            )
        )
    if left:
        notes.append(
            Text(
                ko=f"이 목록에 없는 기존 영상 {left}개는 그대로 두었습니다(--replace로 지움).",
                en=f"{left} known streams that are not in this list stay (--replace forgets them).",
            )
        )
    return notes
