"""The interface log: found by what is known or by words in the bytes, read by few, and every look on record."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fakes.agency_line import AgencyLine, SpokenPlain, a_message
from fakes.blank_database import open_blank
from fakes.hall import POLICE, Hall, Pictures, furnish, seat
from goldentime.adapters.sql import SqlStore
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.edges.http.interface_log import as_text, without_keys
from goldentime.edges.wire.links import link_rows
from goldentime.flows.links.interface_log import BITE, InterfaceLog, RawLook
from goldentime.flows.outgoing.channel import Channel
from goldentime.messages.exchange import RawMessage, Sender
from goldentime.messages.news import Reply, Verdict

pytestmark = pytest.mark.slow  # each test has a whole platform of its own
SENDER = Sender(AgencyId(POLICE.id), frozenset({"P41"}))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    with open_blank(tmp_path / "data", clock=SystemClock()) as store:
        video = Pictures()
        platform = furnish(tmp_path / "data", store, video)
        platform.world.wires[AgencyId(POLICE.id)] = SpokenPlain()  # type: ignore[index]
        transport = httpx.ASGITransport(platform.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http:
            yield Hall(platform, store, video, http, seat(store))


async def heard(hall: Hall, occurrence: str, content: str = "폭행 신고", charset: str = "utf-8") -> None:
    body = {
        "sendCd": "P41", "svcTy": "EVENT", "evtId": "112UC001", "evtNm": "112", "evtGrad": "10", "ocrNbr": occurrence,
        "ocrSts": "10", "ocrLc": {"crdntX": "127.05", "crdntY": "37.25"}, "ocrEvtCn": content,
    }  # fmt: skip
    told = json.dumps(body, ensure_ascii=False).encode(charset)
    raw = RawMessage("safety_net_http", SENDER.agency, "application/json", {}, told, hall.platform.clock.now())
    await hall.platform.intake.receive(raw, SENDER)


async def search(hall: Hall, who: str = "admin", **asked: object) -> dict:
    answer = await hall.ask(who, "POST", "/api/interface-log/search", asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def audited(store: SqlStore, action: str) -> list[dict]:
    links = store.read_now(lambda look: look.list_audit(limit=1000))
    return [dict(link.entry.data) | {"actor": link.entry.actor} for link in links if link.entry.action == action]


async def test_what_came_in_and_what_goes_out_are_one_list_newest_first(hall: Hall) -> None:
    await heard(hall, "20261123120000001")
    incident = (await hall.ask("operator", "GET", "/api/incidents")).json()["items"][0]
    await hall.ask("operator", "POST", f"/api/incidents/{incident['id']}/take")
    page = await search(hall)
    assert [(row["direction"], row["state"]) for row in page["items"]] == [("out", "waiting"), ("in", "read")]
    assert {row["incident_number"] for row in page["items"]} == {incident["number"]}
    assert page["items"][1]["agency"]["ko"] == "경찰청 112"
    for asked in (
        {"direction": "out"}, {"state": "waiting"}, {"linkage": "spoken"}, {"direction": "out", "agency": POLICE.id},
    ):  # fmt: skip
        assert [row["id"] for row in (await search(hall, **asked))["items"]] == [page["items"][0]["id"]]
    assert len((await search(hall, incident=incident["number"][-4:]))["items"]) == 2
    assert len((await search(hall, occurrence="120000001"))["items"]) == 2
    assert (await search(hall, incident="9999"))["items"] == []


async def test_words_are_found_in_the_bytes_whatever_charset_they_came_in(hall: Hall) -> None:
    await heard(hall, "20261123120000001", "자전거 절도")
    await heard(hall, "20261123120000002", "자전거 사고", charset="cp949")
    await heard(hall, "20261123120000003", "화재")
    found = await search(hall, words="자전거", direction="in")
    assert [row["occurrence"][-1] for row in found["items"]] == ["2", "1"]
    (entry,) = audited(hall.store, "MessagesSearched")
    assert entry == {"scanned": 3, "found": 2, "actor": "acc-admin"}  # never the words: they may name a person


async def test_pages_go_on_where_the_last_one_ended_and_miss_none(hall: Hall) -> None:
    for number in range(7):
        await heard(hall, f"2026112312000000{number}")
    seen: list[str] = []
    before = None
    while True:
        page = await search(hall, limit=3, before=before)
        seen += [row["occurrence"][-1] for row in page["items"]]
        before = page["next"]
        if before is None:
            break
    assert seen == list("6543210")


async def test_raw_bytes_are_shown_field_by_field_and_the_look_is_on_record(hall: Hall) -> None:
    await heard(hall, "20261123120000001", "흉기를 든 사람")
    (row,) = (await search(hall))["items"]
    one = (await hall.ask("officer", "GET", f"/api/interface-log/{row['id']}")).json()
    assert "흉기를 든 사람" in base64.b64decode(one["body"]).decode()
    assert (one["charset"], one["understood"]) == ("utf-8", True)
    assert "ocrEvtCn" in {field["name"] for field in one["fields"]}
    assert json.loads(one["answer"])["type"] == "2000"
    assert audited(hall.store, "RawMessageRead") == [{"message": row["id"], "actor": "acc-officer"}]


@pytest.mark.parametrize("who", ["operator", "agency", "fire", "nobody"])
async def test_nobody_else_reads_the_log(hall: Hall, who: str) -> None:
    await heard(hall, "20261123120000001")
    (row,) = (await search(hall))["items"]
    for method, path in (
        ("POST", "/api/interface-log/search"),
        ("POST", "/api/interface-log/export"),
        ("GET", f"/api/interface-log/{row['id']}"),
        ("GET", "/api/linkages"),
        ("POST", f"/api/interface-log/{row['id']}/again"),
    ):
        answer = await hall.ask(who, method, path, {} if method == "POST" else None)
        assert answer.status_code in (401, 403), (path, answer.text)


async def test_the_officer_reads_but_does_not_move_what_waits(hall: Hall) -> None:
    for step in ("again", "give-up"):
        answer = await hall.ask("officer", "POST", f"/api/interface-log/out-x/{step}", {})
        assert answer.status_code == 403


async def test_an_export_holds_the_bytes_oldest_first_and_is_on_record(hall: Hall) -> None:
    await heard(hall, "20261123120000001", "첫째")
    await heard(hall, "20261123120000002", "둘째")
    answer = await hall.ask("admin", "POST", "/api/interface-log/export", {"direction": "in"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert ["첫째" in base64.b64decode(lines[0]["body"]).decode(), len(lines)] == [True, 2]
    assert audited(hall.store, "MessagesExported") == [{"messages": 2, "actor": "acc-admin"}]


async def test_an_export_holds_only_a_bite_of_the_messages_in_memory_and_leaves_out_what_is_gone(hall: Hall) -> None:
    for number in range(BITE * 2 + 1):
        await heard(hall, f"2026112312000{number:04d}")
    log = InterfaceLog(hall.platform.world)
    ids = [row["id"] for row in (await search(hall, direction="in"))["items"]]
    bites = [[one.row.id for one in bite] async for bite in log.bites(["msg-gone", *ids])]
    assert [len(bite) for bite in bites] == [BITE - 1, BITE, 2]
    assert [one for bite in bites for one in bite] == ids
    answer = await hall.ask("admin", "POST", "/api/interface-log/export", {"direction": "in"})
    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == ids[::-1]


async def test_what_waits_is_given_up_or_sent_again_by_hand_and_on_record(hall: Hall) -> None:
    await heard(hall, "20261123120000001")
    incident = (await hall.ask("operator", "GET", "/api/incidents")).json()["items"][0]
    await hall.ask("operator", "POST", f"/api/incidents/{incident['id']}/take")
    (row,) = (await search(hall, direction="out"))["items"]
    given_up = (await hall.ask("admin", "POST", f"/api/interface-log/{row['id']}/give-up", {})).json()
    assert (given_up["state"], given_up["problem"]) == ("given_up", "by_hand")
    assert (await hall.ask("admin", "POST", f"/api/interface-log/{row['id']}/give-up", {})).status_code == 409
    again = (await hall.ask("admin", "POST", f"/api/interface-log/{row['id']}/again", {})).json()
    assert (again["state"], again["tries"]) == ("waiting", 0)
    line = AgencyLine(verdict=lambda _: Reply(Verdict.TAKEN, "2000", "정상"))
    outbox = type(hall.platform.linking.outbox)(
        hall.platform.world, [Channel(AgencyId(POLICE.id), "wire", line)], hall.platform.links
    )
    await outbox.turn()
    assert [one["number"] for one in line.taken] == ["20261123120000001-1"]
    assert (await hall.ask("admin", "POST", f"/api/interface-log/{row['id']}/again", {})).status_code == 409
    one = (await hall.ask("admin", "GET", f"/api/interface-log/{row['id']}")).json()
    assert (one["state"], one["answer"]) == ("sent", "정상")
    assert len(audited(hall.store, "OutgoingGivenUp")) == len(audited(hall.store, "OutgoingSentAgain")) == 1


async def test_each_linkage_has_a_page_without_its_secrets(hall: Hall) -> None:
    (one,) = [
        each for each in (await hall.ask("admin", "GET", "/api/linkages")).json()["items"]
        if each["name"] == "safety_net_http"
    ]  # fmt: skip
    assert any(address.endswith("/linkHttp/recvEvent.json") for address in one["addresses"])
    assert "## English" in one["readme"]
    assert one["settings"]["aria_key"] == ""
    assert one["settings"]["max_body"] == 1 << 20


async def test_a_repeat_is_counted_and_an_unknown_message_is_none(hall: Hall) -> None:
    await heard(hall, "20261123120000001")
    await heard(hall, "20261123120000001")
    row = next(one for one in link_rows(hall.platform.links) if one["id"] == POLICE.id)
    assert row["lights"][0]["counts"]["repeats"] == 1
    assert (await hall.ask("admin", "GET", "/api/interface-log/msg-none")).status_code == 404


def test_keys_are_stars_and_what_is_no_letter_is_its_code() -> None:
    row = a_message()
    for body, shown in (
        (b'{"rrKey":"abcdefgh12345678","x":1}', b'{"rrKey":"****************","x":1}'),
        (b"rrKey=abcdefgh12345678&Body=%7B%22apiKey%22%3A%22secretsecret%22", None),
        (b'{"rrKey" : ""}', b'{"rrKey" : ""}'),
    ):
        masked = without_keys(RawLook(row, body), None).body
        assert masked is not None
        assert len(masked) == len(body)
        assert b"abcdefgh" not in masked
        assert b"secretsecret" not in masked
        assert shown in (None, masked)
    assert as_text("가\n".encode() + b"\xd1\xd0") == ("utf-8", "가\n⟨D1⟩⟨D0⟩")
    assert as_text("가나다 停電".encode("cp949")) == ("cp949", "가나다 停電")
    assert as_text(b"") == ("utf-8", "")
