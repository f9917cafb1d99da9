"""Reports of real agencies walk the whole way in: door, linkage, flows and a durable store; only video is left out."""

import json
import secrets
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from goldentime.adapters.sql import SqlStore, open_store
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId, MessageId
from goldentime.flows.people.manage_keys import issue_key
from goldentime.from_settings import put_agencies
from goldentime.settings import AgencySettings, Settings
from goldentime.wiring import Platform

pytestmark = pytest.mark.slow

POLICE = AgencySettings(
    id="agency-112",
    name_ko="경기남부경찰청 112",
    name_en="Southern Gyeonggi Police 112",
    services=("112_video",),
    senders=("P4100000112",),
)
NUMBER = "20251104212958417"


@dataclass(slots=True)
class Walk:
    http: httpx.AsyncClient
    store: SqlStore
    session: str
    folder: Path

    async def send(self, content, **headers) -> dict[str, str]:
        content = json.dumps(content).encode() if isinstance(content, dict) else content
        given = {"content-type": "application/json", "x-scsns-secret": self.session, **headers}
        answer = await self.http.post("/linkHttp/recvEvent.json", content=content, headers=given)
        assert answer.status_code == 200
        return answer.json()

    async def kept(self) -> list[tuple[bytes | None, bytes, str, bytes]]:
        """Every message on record: its bytes, what was answered, and why it was refused or is bad."""
        with sqlite3.connect(self.folder / "goldentime.db") as database:
            ids = [MessageId(row[0]) for row in database.execute("select id from message order by received_at, id")]

        def ask(look):
            rows = [look.find_message(one) for one in ids]
            return [(look.unseal(f"message/{row.id}", "body"), row.answer, row.problem, row.digest) for row in rows]

        return await self.store.read(ask)

    async def states(self) -> list[str]:
        known = await self.store.read(lambda look: [*look.list_incidents(open_only=False, limit=100)])
        return [incident.state.value for incident in known]


def a_report(number=NUMBER, state="10", **body) -> dict:
    place = {"crdntX": "127.016912", "crdntY": "37.277613"}
    inside = {"evtId": "112UC001", "ocrNbr": number, "ocrSts": state, "ocrLc": place, **body}
    return {"sendCd": "P4100000112", "sysCd": "112", "reqDate": "20251104213012", "body": inside}


@pytest_asyncio.fixture
async def walk(tmp_path) -> AsyncIterator[Walk]:
    settings = Settings(data=tmp_path, agencies=(POLICE,))
    clock = SystemClock()
    with open_store(tmp_path, clock=clock) as store:
        await store.change(lambda tx: put_agencies(settings, tx))
        key = await issue_key(store, clock, secrets.token_bytes, AgencyId(POLICE.id), sandbox=False)
        transport = httpx.ASGITransport(Platform(settings, store).app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            login = await http.post("/api/getAuth.json", json={"body": {"apiKey": key.secret}})
            assert login.json()["type"] == "2000"
            yield Walk(http, store, login.json()["message"], tmp_path)


async def test_a_robbery_is_opened_updated_and_ended_and_a_late_beginning_opens_nothing(walk):
    for state, known in (("10", ["open"]), ("40", ["open"]), ("91", ["closed"])):
        assert (await walk.send(a_report(state=state, ocrEvtCn=state)))["type"] == "2000"
        assert await walk.states() == known
    late = await walk.send(a_report(ocrEvtCn="늦게 도착"))
    assert late["result"] == "0"
    assert await walk.states() == ["closed"]


async def test_whatever_comes_is_kept_with_the_very_bytes_its_sender_got(walk):
    good, bad, stranger = (json.dumps(a_report(n)).encode() for n in (NUMBER, "12", NUMBER))
    got = []
    for content, session in ((good, walk.session), (bad, walk.session), (b"{{{", walk.session), (stranger, "nobody")):
        headers = {"content-type": "application/json", "x-scsns-secret": session}
        answer = await walk.http.post("/linkHttp/recvEvent.json", content=content, headers=headers)
        got.append((content, answer.content, answer.json()["type"]))
    kept = await walk.kept()
    assert [(body, answer) for body, answer, _, _ in kept] == [(content, told) for content, told, _ in got]
    assert [problem for _, _, problem, _ in kept] == ["", "4102", "4000", "unknown_sender"]
    assert [told for _, _, told in got] == ["2000", "4102", "4000", "4001"]
    assert len({digest for *_, digest in kept}) == 4


async def test_the_same_message_again_gets_its_stored_answer(walk):
    first = await walk.send(a_report())
    assert await walk.send(a_report()) == first
    assert await walk.states() == ["open"]


async def test_a_change_without_a_beginning_opens_and_an_end_without_one_stays_closed(walk):
    await walk.send(a_report(state="40"))
    assert await walk.states() == ["open"]
    assert (await walk.send(a_report("20251104212958999", state="91")))["result"] == "0"
    assert sorted(await walk.states()) in (["open"], ["closed", "open"])


async def test_two_parts_in_the_wrong_order_become_one_incident(walk):
    second = {**a_report(ocrEvtCn="장안문."), "apSeq": {"apCurrent": "2", "apTotal": "2"}}
    first = {**a_report(ocrEvtCn="도주 경로: 팔달문, "), "apSeq": {"apCurrent": "1", "apTotal": "2"}}
    assert "2건 중 1건" in (await walk.send(second))["message"]
    assert await walk.states() == []
    assert (await walk.send(first))["type"] == "2000"
    assert await walk.states() == ["open"]


async def test_a_code_the_key_may_not_use_opens_nothing(walk):
    assert (await walk.send({**a_report(), "sendCd": "P4100000119"}))["type"] == "4001"
    assert await walk.states() == []


async def test_head_fields_may_come_by_http_headers_alone(walk):
    headers = {"x-scsns-sendcd": "P4100000112", "x-scsns-syscd": "112"}
    assert (await walk.send({"body": a_report()["body"]}, **headers))["type"] == "2000"
    assert await walk.states() == ["open"]


@pytest.mark.parametrize(
    ("content", "type_code"),
    [
        (json.dumps(a_report()).encode()[:-5], "4000"),
        (b'{"body":' + b"[" * 100_000, "4000"),
        (b'{"body":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "4000"),
        (json.dumps(a_report(ocrEvtItem=[{"key": "K", "val": "v"}] * 10_001)).encode(), "4000"),
        (json.dumps(a_report(ocrPlc="수원역"), ensure_ascii=False).encode("utf-16"), "4000"),
        (b"x" * (2 << 20), "4000"),
        (json.dumps({"sendCd": "P4100000112", "body": {"evtId": "112UC001", "ocrNbr": NUMBER}}).encode(), "4101"),
        (json.dumps(a_report(state="77")).encode(), "4102"),
    ],
    ids=["truncated", "open bomb", "closed bomb", "10,001 items", "utf-16", "oversized", "no state", "unknown state"],
)
async def test_a_broken_message_gets_its_code_opens_nothing_and_the_next_one_works(walk, content, type_code):
    answer = await walk.send(content)
    assert (answer["result"], answer["type"]) == ("1", type_code)
    assert await walk.states() == []
    assert (await walk.send(a_report()))["type"] == "2000"
    assert await walk.states() == ["open"]


async def test_ten_thousand_items_open_an_incident(walk):
    items = [{"key": "K", "val": str(n)} for n in range(10_000)]
    assert (await walk.send(a_report(ocrEvtItem=items)))["type"] == "2000"
    assert await walk.states() == ["open"]
