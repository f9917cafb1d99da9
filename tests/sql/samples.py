"""One of everything that is stored, with every field filled, and the scarcest that is allowed."""

from datetime import datetime, timedelta
from itertools import count

from goldentime.city.agencies.agency import Agency, AgencyKey
from goldentime.city.audit.chain import Entry
from goldentime.city.cameras.choose import Facing, Pick, Score
from goldentime.city.cameras.groups import Group
from goldentime.city.cameras.inventory import Camera, Purpose, Site, Status, camera_id
from goldentime.city.cameras.streams import Policy, Stream, Transport
from goldentime.city.grants.grant import Ending, Grant, View
from goldentime.city.incidents.incident import Disposition, Incident, Service, Severity, State
from goldentime.city.people.account import Account, Role, Session
from goldentime.city.people.code import OneTimeCode
from goldentime.city.units.unit import Unit, UnitKind, UnitOrder, UnitState
from goldentime.core.clock import KST
from goldentime.core.fact import Fact
from goldentime.core.ids import (
    AccountId,
    AgencyId,
    CameraId,
    GrantId,
    IncidentId,
    MessageId,
    OrderId,
    SiteId,
    UnitId,
    ViewId,
)
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.messages.kept import KeptMessage, MessageState

NOW = datetime(2026, 5, 1, 9, 30, 15, 123456, tzinfo=KST)
LATER = NOW + timedelta(hours=1)
_numbers = count(1)


def incident(name: str = "inc-1", *, at: datetime = NOW, state: State = State.OPEN) -> Incident:
    return Incident(
        IncidentId(name),
        "0501-0001",
        Service.VIDEO_112,
        "112UC001",
        "112 긴급영상",
        Severity.CRITICAL,
        state,
        at,
        at,
        at,
    )


def full_incident() -> Incident:
    return Incident(
        id=IncidentId("inc-full"),
        number="GT-0501-0002",
        service=Service.DISPATCH_119,
        kind="119UC001",
        title="화재 '큰불' \\ \"따옴표\" 😀",
        severity=Severity.WARNING,
        state=State.CLOSED,
        opened_at=NOW,
        occurred_at=NOW - timedelta(microseconds=1),
        updated_at=LATER,
        version=7,
        place=LonLat(127.02861234567891, 37.26360000000001),
        estimated="주소에서 추정",
        radius=1200.5,
        agency=AgencyId("119-suwon"),
        owner=AccountId("acc-kim"),
        acknowledged_at=NOW,
        acknowledged_by=AccountId("acc-lee"),
        closed_at=LATER,
        disposition=Disposition.HANDED_OVER,
        sender_state="91",
        reports=3,
        drill=True,
        sandbox=True,
        scene=LonLat(127.0288, 37.2638),
        told_place=LonLat(127.0291, 37.2634),
        placed_by=AccountId("acc-kim"),
    )


def message(name: str | None = None, *, state: MessageState = MessageState.KEPT, **more: object) -> KeptMessage:
    number = next(_numbers)
    fields: dict[str, object] = {
        "id": MessageId(name or f"msg-{number:06d}"),
        "linkage": "safety_net_http",
        "sender": "112-suwon",
        "content_type": "application/json",
        "digest": number.to_bytes(32, "big"),
        "size": 812,
        "received_at": NOW,
        "ends_at": LATER,
        "state": state,
    }
    return KeptMessage(**(fields | more))  # type: ignore[arg-type]


def full_message() -> KeptMessage:
    return message(
        state=MessageState.READ,
        occurrence="OCR-2026-1",
        incident=IncidentId("inc-full"),
        answer=b'{"typeCode": "2000"}\x00\xff',
        answer_type="application/json; charset=utf-8",
        provisional=b"accepted\x00",
        problem="4101",
        sandbox=True,
    )


def grant(name: str = "gra-1", **more: object) -> Grant:
    fields: dict[str, object] = {
        "id": GrantId(name),
        "agency": AgencyId("112-suwon"),
        "person": None,
        "purpose": Text("상황 대응", "Response"),
        "legal_basis": Text("개인정보 보호법 제18조", "PIPA art. 18"),
        "incident": IncidentId("inc-1"),
        "cameras": frozenset({CameraId("b-1"), CameraId("a-2")}),
        "starts_at": NOW,
        "expires_at": LATER,
    }
    return Grant(**(fields | more))  # type: ignore[arg-type]


def duty_grant() -> Grant:
    return grant(
        "gra-duty",
        agency=None,
        person=AccountId("acc-kim"),
        incident=None,
        cameras=None,
        ended_at=LATER,
        ending=Ending.SIGNED_OUT,
    )


def view(name: str = "vie-1", **more: object) -> View:
    fields: dict[str, object] = {
        "id": ViewId(name),
        "grant": GrantId("gra-1"),
        "camera": CameraId("a-2"),
        "account": AccountId("acc-kim"),
        "person": "김순경",
        "agency": AgencyId("112-suwon"),
        "incident": IncidentId("inc-1"),
        "session": b"\x00session",
        "opened_at": NOW,
        "expires_at": LATER,
    }
    return View(**(fields | more))  # type: ignore[arg-type]


def account(name: str = "kim", **more: object) -> Account:
    fields: dict[str, object] = {
        "id": AccountId(f"acc-{name}"),
        "name": name,
        "display_name": "김관제",
        "role": Role.OPERATOR,
    }
    return Account(**(fields | more))  # type: ignore[arg-type]


def full_account() -> Account:
    return account(
        "lee",
        role=Role.AGENCY,
        agency=AgencyId("112-suwon"),
        password="$argon2id$v=19$...",
        language="en",
        must_change_password=True,
        disabled=True,
    )


def session(digest: bytes = b"s1", who: str = "acc-kim", **more: object) -> Session:
    return Session(digest, AccountId(who), "김관제", NOW, LATER, **more)  # type: ignore[arg-type]


def code(digest: bytes = b"c1") -> OneTimeCode:
    return OneTimeCode(digest, AgencyId("112-suwon"), IncidentId("inc-1"), "박경위", NOW, LATER, AccountId("acc-park"))


def agency() -> Agency:
    return Agency(
        AgencyId("112-suwon"),
        Text("수원중부경찰서 112", "Suwon 112"),
        frozenset({"P4800000000", "112"}),
        frozenset({"112_video"}),
        origins=frozenset({"https://112.example"}),
    )


def key(digest: bytes = b"k1", **more: object) -> AgencyKey:
    return AgencyKey(f"key-{digest.hex()}", AgencyId("112-suwon"), digest, sandbox=True, valid_from=NOW, **more)  # type: ignore[arg-type]


def site(name: str = "S1", cameras: int = 2, **more: object) -> Site:
    return Site(SiteId(name), "효원로 사거리", LonLat(127.0286, 37.2636), cameras, Purpose.CRIME, **more)  # type: ignore[arg-type]


def full_site() -> Site:
    return site(
        "S-full",
        3,
        purpose_words="생활방범",
        address="경기도 수원시 팔달구 효원로 1",
        lot_address="인계동 1111",
        bearing=123.4,
        all_round=True,
        megapixels=2.1,
        retention_days=30,
        installed="2019-03",
        operator="수원시청",
        phone="031-000-0000",
        flagged="경계 밖 120 m",
        source="cameras:child",
    )


def camera(name: str = "S1", number: int = 1, **more: object) -> Camera:
    which = SiteId(name)
    return Camera(camera_id(which, number), which, number, LonLat(127.0286, 37.2636), Purpose.CHILD, **more)  # type: ignore[arg-type]


def full_camera() -> Camera:
    return camera(
        "S9", 4, status=Status.FAILED, bearing=271.25, field=45.5, reach=80.0, megapixels=4.2, aimed_by_hand=True
    )


def stream(camera: str = "S1-1", **more: object) -> Stream:
    return Stream(CameraId(camera), "rtsp://10.0.0.5/one", "admin", "p@ss:word", **more)  # type: ignore[arg-type]


def full_stream() -> Stream:
    return stream("S1-2", transport=Transport.UDP, policy=Policy.ALWAYS, substream_url="rtsp://10.0.0.5/two")


def group(name: str = "grp-1", who: str = "acc-kim") -> Group:
    return Group(name, AccountId(who), "역 앞", (CameraId("b-1"), CameraId("a-1")), 15)


def pick(name: str, rank: int) -> Pick:
    return Pick(
        CameraId(name),
        SiteId(name.rpartition("-")[0]),
        rank,
        87.25,
        312.5,
        Facing.UNKNOWN,
        Status.WORKING,
        Score(1.5, 0.5, 0.25, 0.25, 0.5, 1.0, 0.9),
        (Text("거리 87 m", "87 m away"), Text("방향 미상", "direction unknown")),
    )


def fact(kind: str = "IncidentOpened", subject: str = "inc-1") -> Fact:
    return Fact(kind, subject, NOW, {"by": None, "cameras": 4, "radius": 500.25, "drill": False, "이름": "값\x00"})


def entry(action: str = "ViewOpened", **data: object) -> Entry:
    return Entry(NOW, action, "acc-kim", "112-suwon", "inc-1", "a-2", data)  # type: ignore[arg-type]


def unit(name: str = "E-1", **more: object) -> Unit:
    fields: dict[str, object] = {"id": UnitId(name), "agency": AgencyId("119-suwon"), "call_sign": "매탄펌프1"}
    return Unit(**(fields | {"kind": UnitKind.ENGINE, "station": LonLat(127.05, 37.26)} | more))  # type: ignore[arg-type]


def full_unit() -> Unit:
    return unit(
        "E-full '1' 호",
        capabilities=frozenset({"water", "foam"}),
        station_name="매탄119안전센터",
        beat="매탄3동",
        width_m=2.5,
        state=UnitState.ON_SCENE,
        state_at=NOW,
        state_by="arrival",
        incident=IncidentId("inc-1"),
        order=OrderId("ord-1"),
        asked_at=LATER,
        stayed_at=NOW,
        orders=7,
        orders_on="20260501",
        version=12,
        removed_at=LATER,
    )


def order(name: str = "ord-1", **more: object) -> UnitOrder:
    fields: dict[str, object] = {"id": OrderId(name), "number": "GO-0501-0001-1", "incident": IncidentId("inc-1")}
    fields |= {"agency": AgencyId("119-suwon"), "units": (UnitId("E-1"), UnitId("L-1")), "by": "acc-kim", "at": NOW}
    return UnitOrder(**(fields | more))  # type: ignore[arg-type]
