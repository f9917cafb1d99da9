"""The whole platform over a real store, with remembered video, and someone of every role already signed in."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from fakes.small_city import csv_of, geojson, square, standard_csv, standard_row
from fakes.video import RememberedVideo
from goldentime import wiring
from goldentime.adapters.sql import SqlStore
from goldentime.city.incidents.incident import Incident
from goldentime.city.people.account import Account, Role, Session
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AccountId, AgencyId, UnitId, ViewId
from goldentime.core.place import LonLat
from goldentime.flows.tokens import token_digest
from goldentime.flows.watching.duty import start_duty
from goldentime.from_settings import put_agencies
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile
from goldentime.settings import AgencySettings, Settings, Web
from goldentime.wiring import Platform

POLICE = AgencySettings(
    id="agency-112",
    name_ko="경찰청 112",
    name_en="Police 112",
    services=("112_video",),
    senders=("P41",),
    origins=("https://112.example",),
)
FIRE = AgencySettings(id="agency-119", name_ko="소방 119", name_en="Fire 119", services=("119_dispatch",))
PEOPLE = {
    "operator": (Role.OPERATOR, None),
    "agency": (Role.AGENCY, POLICE.id),
    "fire": (Role.AGENCY, FIRE.id),
    "officer": (Role.PRIVACY_OFFICER, None),
    "admin": (Role.ADMIN, None),
    "crew": (Role.CREW, POLICE.id),  # of the patrol car P1
}
CAR = Unit(UnitId("P1"), AgencyId(POLICE.id), "순찰1호", UnitKind.PATROL, LonLat(127.051, 37.25), beat="나루")
ENGINE = Unit(UnitId("E1"), AgencyId(FIRE.id), "나루펌프1", UnitKind.ENGINE, LonLat(127.052, 37.25))
OURS = {"X-Goldentime": "1"}
SCENE = {"lon": 127.05, "lat": 37.25}


@dataclass
class Pictures(RememberedVideo):
    """What the media process offers beside, remembered too."""

    port: int = 18443
    stills: list[ViewId] = field(default_factory=list)

    async def snapshot(self, view_id: ViewId, *, width: int = 0) -> bytes:
        self.stills.append(view_id)
        return b"\xff\xd8 a still"

    async def shrink(self, still: bytes, *, width: int) -> bytes:
        self._must_be_up()
        return still + f" of {width}".encode()

    async def hls_playlist(self, view_id: ViewId) -> str:
        return f"#EXTM3U {view_id}"

    async def hls_segment(self, view_id: ViewId, name: str) -> bytes:
        return name.encode()


@dataclass
class Hall:
    """The application, its store, its video and a way to ask as someone."""

    platform: Platform
    store: SqlStore
    video: Pictures
    http: httpx.AsyncClient
    headers: dict[str, dict[str, str]]

    async def ask(self, who: str, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """The answer to a request of our own page by that person."""
        given = {**self.headers.get(who, {}), **(OURS if method != "GET" else {}), **headers}
        return await self.http.request(method, path, json=json, headers=given)

    async def opened(self) -> dict[str, Any]:
        """An incident opened by hand at the scene."""
        answer = await self.ask("operator", "POST", "/api/incidents", {**SCENE, "title": "쓰러진 사람"})
        assert answer.status_code == 201, answer.text
        return answer.json()


def furnish(folder: Path, store: SqlStore, video: Pictures, *, web: Web | None = None) -> Platform:
    """A platform whose city has eight working cameras around the scene."""
    clock, importer = SystemClock(), Importer(store.city(), SystemClock())
    importer.boundary(SourceFile("b.geojson", geojson(square(SIG_KOR_NM="새벌시"))))
    rows = [standard_row(f"K{n}", lat=f"{37.2493 + n * 0.0002:.4f}", lon="127.0502", cameras="1") for n in range(8)]
    importer.cameras(SourceFile("c.csv", standard_csv(*rows)))
    streams = [(f"K{n}", "1", f"rtsp://operator:hunter2@10.0.0.{n + 1}/s") for n in range(8)]
    importer.streams(SourceFile("s.csv", csv_of(("관리번호", "카메라번호", "영상주소"), *streams)))
    settings = Settings(data=folder, agencies=(POLICE, FIRE), web=web or Web())
    store.change_now(lambda tx: put_agencies(settings, tx))
    store.change_now(lambda tx: [tx.put_unit(unit) for unit in (CAR, ENGINE)])
    made = wiring.MediaProcess
    wiring.MediaProcess = lambda *_, **__: video  # type: ignore[assignment,misc]  the one part that is a child process
    try:
        platform = Platform(settings, store)
    finally:
        wiring.MediaProcess = made
    platform.links.agencies = store.read_now(lambda look: look.list_agencies())
    assert len(platform.known.index) == 8
    assert clock.now() is not None
    return platform


def seat(store: SqlStore) -> dict[str, dict[str, str]]:
    """The headers by which each person is known, `viewer` and `nobody` among them."""
    return dict(_seated(store)) | {"nobody": {}}


def _seated(store: SqlStore) -> Iterator[tuple[str, dict[str, str]]]:
    now = SystemClock().now()
    for name, (role, agency) in PEOPLE.items():
        token = secrets.token_urlsafe(16)
        unit = CAR.id if role is Role.CREW else None
        account = Account(
            AccountId(f"acc-{name}"), name, name.title(), role, AgencyId(agency) if agency else None, unit=unit
        )
        until = now + timedelta(hours=1)
        session = Session(token_digest(token), account.id, account.display_name, now, until, account.agency)

        def settle(tx: Any, account: Account = account, session: Session = session) -> None:
            tx.put_account(account)
            tx.put_session(session)
            if account.role is Role.OPERATOR:
                start_duty(tx, session, now)

        store.change_now(settle)
        yield name, {"Cookie": f"goldentime_session={token}"}


def seat_viewer(store: SqlStore, incident: Incident) -> dict[str, str]:
    """The headers of someone of the police who came by a code for this incident."""
    now, token = SystemClock().now(), secrets.token_urlsafe(16)
    until = now + timedelta(hours=1)
    session = Session(
        token_digest(token), AccountId("acc-agency"), "박순경", now, until, AgencyId(POLICE.id), incident.id, "viewer"
    )
    store.change_now(lambda tx: tx.put_session(session))
    return {"Authorization": f"Bearer {token}"}


async def shared(hall: Hall) -> dict[str, Any]:
    """An incident opened by hand and shared with the police."""
    incident = await hall.opened()
    answer = await hall.ask("operator", "POST", f"/api/incidents/{incident['id']}/share", {"agency_id": "agency-112"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def looked(hall: Hall, who: str, incident: dict[str, Any]) -> dict[str, Any]:
    """A view that person opened of the incident's first camera."""
    body = {"camera_id": incident["cameras"][0]["camera_id"], "incident_id": incident["id"]}
    answer = await hall.ask(who, "POST", "/api/views", body)
    assert answer.status_code == 201, answer.text
    return answer.json()
