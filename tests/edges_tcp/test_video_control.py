"""Video control between users, from the wire to the operator and back; a lock ends others' views."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from edges_tcp.conftest import Line, message
from fakes.hall import CAR, ENGINE, FIRE, POLICE, Hall
from goldentime.city.people.account import Account, Role, Session
from goldentime.city.units.unit import Unit
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AccountId, AgencyId
from goldentime.edges.tcp.door import Door
from goldentime.edges.tcp.listening import listening_from
from goldentime.edges.tcp.server import TcpServer
from goldentime.flows.incidents.number_incident import own_occurrence
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.intake.reception import Reception
from goldentime.flows.outgoing.outbox import subject_of
from goldentime.flows.tokens import token_digest
from goldentime.linkages import fixed_head_tcp, safety_net_tcp
from goldentime.sim.agencies.receiver import read_frame

pytestmark = pytest.mark.socket
AT = {FIRE.id: "127.0.0.1", POLICE.id: "127.0.0.2"}
SYSTEM = {FIRE.id: "119", POLICE.id: "112"}


class Scene:
    """A fire that 119 reported over its wire, a police that can call too, and an operator before the console."""

    def __init__(self, hall: Hall, port: int) -> None:
        self.hall, self.port, self.linkage = hall, port, fixed_head_tcp.open_linkage({})
        self.lines: dict[str, Line] = {}
        self.asked = 0
        self.incident = self.number = ""

    async def line(self, agency: str) -> Line:
        if agency not in self.lines:
            reached = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(AT[agency], 0))
            self.lines[agency] = Line(self.linkage, *reached)
        return self.lines[agency]

    async def control(self, agency: str, code: str, number: str, cameras: str = "", *, state: str = "10") -> Any:
        self.asked += 1
        at = f"202611230900{self.asked:02d}"
        body = f"{code}\x1e{number}\x1e{cameras}\x1e{at}\x1egg1;".encode()
        line = await self.line(agency)
        line.writer.write(f"10{state}{at}{SYSTEM[agency]}UCP{at}{len(body):010d}".encode() + body)
        return await line.answer()

    async def detail(self) -> dict[str, Any]:
        return (await self.hall.ask("operator", "GET", f"/api/incidents/{self.incident}")).json()

    async def answer(self, request: str, verdict: str) -> httpx.Response:
        path = f"/api/incidents/{self.incident}/video-requests/{request}/{verdict}"
        return await self.hall.ask("operator", "POST", path)

    async def watch(self, who: str, camera: str) -> httpx.Response:
        return await self.hall.ask(who, "POST", "/api/views", {"camera_id": camera, "incident_id": self.incident})

    def told(self, agency: str) -> list[list[str]]:
        """The fields of what waits to go out to the agency about a look it asked for."""

        def ask(look: Any) -> list[list[str]]:
            found = [one for one in look.list_outgoing() if (one.agency, one.topic) == (agency, "video")]
            return [look.unseal(subject_of(one.id), "body")[48:-1].decode().split("\x1e") for one in found]

        return self.hall.store.read_now(ask)


@pytest_asyncio.fixture
async def scene(hall: Hall) -> AsyncIterator[Scene]:
    platform = hall.platform
    linkage = fixed_head_tcp.open_linkage({})
    for one in (FIRE, POLICE):
        platform.world.wires[AgencyId(one.id)] = linkage  # type: ignore[index]
    named = hall.store.read_now(lambda look: look.find_agency(AgencyId(POLICE.id)))
    assert named is not None
    hall.store.change_now(lambda tx: tx.put_agency(replace(named, senders=frozenset({"112"}))))
    intake = Intake(platform.world, {linkage.name: linkage})
    reception = Reception(platform.world, platform.door, intake, platform.links)
    peers = [{"agency": one, "addresses": [AT[one]], "codes": [SYSTEM[one]]} for one in AT]
    listening = listening_from({"peers": peers})
    server = TcpServer(Door(linkage, reception, listening, SystemClock()), listening)
    await server.start()
    made = Scene(hall, server.port)
    sent = message(linkage, 1).replace(b"127.0169", b"127.0500").replace(b"37.2776", b"37.2500")
    assert await (await made.line(FIRE.id)).ask(sent) == "2000"
    (incident,) = hall.store.read_now(lambda look: look.list_incidents(open_only=True))
    made.incident, made.number = incident.id, incident.number
    yield made
    for line in made.lines.values():
        line.writer.close()
    await server.stop()


OWN = "20261123000000001"  # how 119 numbered it


async def test_a_look_asked_for_opens_nothing_until_an_operator_approves_and_the_answer_goes_back(scene: Scene) -> None:
    camera = (await scene.detail())["cameras"][0]["camera_id"]
    heard = await scene.control(POLICE.id, "CCTVPREV", scene.number, camera)
    assert (heard.code, "관제센터에 올렸습니다" in heard.words) == ("2000", True)
    assert (await scene.watch("agency", camera)).status_code == 403
    page = await scene.detail()
    (asked,) = page["video_requests"]
    assert (asked["agency"]["id"], asked["control"], asked["cameras"]) == (POLICE.id, "CCTVPREV", 1)
    assert "VideoAsked" in [row["kind"] for row in page["timeline"]]
    again = await scene.control(POLICE.id, "CCTVPREV", scene.number, camera)
    assert "이미 요청" in again.words
    assert (await scene.answer(asked["id"], "approve")).json()["state"] == "approved"
    assert (await scene.watch("agency", camera)).status_code == 201
    ((kind, number, named, result, words, *_),) = scene.told(POLICE.id)
    assert (kind, number, named, result) == ("CCTVPREV", scene.number, camera, "Y")
    assert "1대" in words
    assert (await scene.detail())["video_requests"] == []
    assert (await scene.answer(asked["id"], "refuse")).status_code == 409


async def test_an_answer_by_our_number_is_one_that_the_safety_net_takes_too(scene: Scene) -> None:
    net = safety_net_tcp.open_linkage({})
    scene.hall.platform.world.wires[AgencyId(POLICE.id)] = net  # type: ignore[index]
    await scene.control(POLICE.id, "CCTVPREV", scene.number)
    (asked,) = (await scene.detail())["video_requests"]
    await scene.answer(asked["id"], "approve")

    def sent(look: Any) -> list[bytes]:
        return [look.unseal(subject_of(one.id), "body") for one in look.list_outgoing() if one.topic == "video"]

    (frame,) = scene.hall.store.read_now(sent)
    _, body = read_frame(frame)
    (incident,) = scene.hall.store.read_now(lambda look: look.list_incidents(open_only=True))
    assert scene.number.startswith("GO-"), "what people call it is no occurrence number"
    assert body["ocrNbr"] == own_occurrence(incident)


async def test_a_refusal_is_on_record_and_told_without_a_word_of_the_incident(scene: Scene) -> None:
    await scene.control(POLICE.id, "CCTVSHER", scene.number)
    (asked,) = (await scene.detail())["video_requests"]
    assert (await scene.answer(asked["id"], "refuse")).json()["state"] == "refused"
    page = await scene.detail()
    assert "VideoRefused" in [row["kind"] for row in page["timeline"]]
    assert [grant["agency"]["id"] for grant in page["grants"]] == [FIRE.id]
    ((kind, _, _, result, words, *rest),) = scene.told(POLICE.id)
    assert (kind, result) == ("CCTVSHER", "N")
    assert "승인하지 않았습니다" in words
    assert "팔달문" not in " ".join(rest)


async def test_who_may_look_already_is_told_so_at_once(scene: Scene) -> None:
    heard = await scene.control(FIRE.id, "CCTVPREV", OWN)
    assert (heard.code, heard.words) == ("2000", "이미 열람하실 수 있습니다.")
    assert (await scene.detail())["video_requests"] == []


async def test_a_locked_camera_ends_the_others_views_and_opens_for_its_agency_alone(
    scene: Scene,
) -> None:
    camera = (await scene.detail())["cameras"][0]["camera_id"]
    seen = await scene.watch("operator", camera)
    theirs = await scene.watch("fire", camera)
    assert (seen.status_code, theirs.status_code) == (201, 201)
    heard = await scene.control(FIRE.id, "CCTVLOCK", OWN, camera)
    assert (heard.code, "1건을 끝냈습니다" in heard.words) == ("2000", True)
    page = await scene.detail()
    assert [view["id"] for view in page["views"]] == [theirs.json()["view_id"]]
    assert [lock["camera_id"] for lock in page["camera_locks"]] == [camera]
    refused = await scene.watch("operator", camera)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "camera_locked")
    assert (await scene.watch("fire", camera)).status_code == 201
    path = f"/api/cameras/{camera}/unlock"
    assert (await scene.hall.ask("operator", "POST", path, {"reason": ""})).status_code == 422
    assert (await scene.hall.ask("fire", "POST", path, {"reason": "그냥"})).status_code == 403
    assert (await scene.hall.ask("admin", "POST", path, {"reason": "현장 정리됨"})).status_code == 200
    assert (await scene.watch("operator", camera)).status_code == 201
    assert (await scene.hall.ask("operator", "POST", path, {"reason": "다시"})).status_code == 404


async def test_a_lock_leaves_its_agency_s_crew_looking_and_sends_the_other_s_away(scene: Scene) -> None:
    camera = (await scene.detail())["cameras"][0]["camera_id"]
    scene.hall.headers["fire-crew"] = seat_crew_of(ENGINE, scene.hall)
    await scene.hall.ask("operator", "POST", f"/api/incidents/{scene.incident}/share", {"agency_id": POLICE.id})
    order = {"incident_id": scene.incident, "units": [ENGINE.id, CAR.id]}
    assert (await scene.hall.ask("operator", "POST", "/api/orders", order)).status_code == 201
    theirs, others = await scene.watch("fire-crew", camera), await scene.watch("crew", camera)
    assert (theirs.status_code, others.status_code) == (201, 201)
    heard = await scene.control(FIRE.id, "CCTVLOCK", OWN, camera)
    assert (heard.code, "1건을 끝냈습니다" in heard.words) == ("2000", True)
    assert [view["id"] for view in (await scene.detail())["views"]] == [theirs.json()["view_id"]]
    assert (await scene.watch("fire-crew", camera)).status_code == 201
    refused = await scene.watch("crew", camera)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "camera_locked")


def seat_crew_of(unit: Unit, hall: Hall) -> dict[str, str]:
    """The headers of that unit's crew."""
    token, now = secrets.token_urlsafe(16), SystemClock().now()
    account = Account(AccountId(f"acc-{unit.id}"), unit.id, unit.call_sign, Role.CREW, unit.agency, unit=unit.id)
    digest, until = token_digest(token), now + timedelta(hours=1)
    session = Session(digest, account.id, account.display_name, now, until, unit.agency)
    hall.store.change_now(lambda tx: (tx.put_account(account), tx.put_session(session)))
    return {"Cookie": f"goldentime_session={token}"}


async def test_its_own_agency_frees_it_with_an_end_and_so_does_the_incidents_end(scene: Scene) -> None:
    first, second = [one["camera_id"] for one in (await scene.detail())["cameras"]][:2]
    assert (await scene.control(FIRE.id, "CCTVLOCK", OWN, f"{first},{second}")).code == "2000"
    assert (await scene.control(FIRE.id, "CCTVLOCK", OWN, first, state="91")).code == "2000"
    assert [one["camera_id"] for one in (await scene.detail())["camera_locks"]] == [second]
    path = f"/api/incidents/{scene.incident}/close"
    assert (await scene.hall.ask("operator", "POST", path, {"disposition": "handled"})).status_code == 200
    assert (await scene.detail())["camera_locks"] == []


async def test_what_is_unknown_or_not_theirs_is_refused_clearly(scene: Scene) -> None:
    camera = (await scene.detail())["cameras"][0]["camera_id"]
    for agency, code, number, cameras, expected in (
        (POLICE.id, "CCTVPREV", "20991231000000001", "", "4102"),
        (FIRE.id, "CCTVPREV", OWN, "no-such-camera", "4102"),
        (FIRE.id, "CCTVLOCK", OWN, "", "4101"),
        (POLICE.id, "CCTVLOCK", scene.number, camera, "4001"),
        (FIRE.id, "CCTVLOCK", OWN, "no-such-camera", "4102"),
    ):
        heard = await scene.control(agency, code, number, cameras)
        assert heard.code == expected, (code, heard)
    page = await scene.detail()
    assert (page["video_requests"], page["camera_locks"]) == ([], [])
    assert (await scene.control(FIRE.id, "CCTVLOCK", OWN, camera, state="91")).code == "4102", "it is not locked"
