"""What an agency's system meets at our door, through the real routes and the real linkage, without a network."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
import structlog
from starlette.applications import Starlette

from goldentime.core.errors import BadMessage, StorageFailed
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.http import safety_net
from goldentime.edges.http.safety_net import IntakeLimits, safety_net_routes
from goldentime.edges.intake.keeping import Allowance
from goldentime.edges.intake.seldom import Seldom
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.messages.exchange import (
    Answer,
    CameraSeen,
    Outcome,
    OutcomeKind,
    RawMessage,
    Sender,
    check_sender,
)

API_KEY = "api-key-of-the-police"
POLICE = Sender(AgencyId("agency-112"), frozenset({"P4100000112"}))


class StandingClock:
    def now(self) -> datetime:
        return datetime(2025, 11, 4, 12, 30, tzinfo=UTC)


class FakeReception:
    """Keeps everything in lists; fails when told to."""

    def __init__(self):
        self.linkage = SafetyNetHttp()
        self.sessions = {}
        self.received: list[tuple[RawMessage, Sender]] = []
        self.refused: list[tuple[RawMessage, str]] = []
        self.told: list[tuple[Sender | None, bytes]] = []  # beside each refused message
        self.unkept: list[tuple[AgencyId | None, int]] = []
        self.noted = asyncio.Event()
        self.failure: Exception | None = None

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:
        if api_key != API_KEY:
            return None
        key = f"session-{len(self.sessions) + 1}"
        self.sessions[key] = POLICE
        return key

    async def sender(self, session_key: str) -> Sender | None:
        return self.sessions.get(session_key)

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        if self.failure is not None:
            raise self.failure
        self.received.append((raw, sender))
        try:
            check_sender(self.linkage.parse(raw), sender)
        except BadMessage as wrong:
            return self.linkage.deliver_error(wrong)
        return self.linkage.deliver(Outcome(OutcomeKind.OPENED, (CameraSeen("팔달문 1", 87.2),)))

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        self.refused.append((raw, reason))
        self.told.append((sender, answer.body))

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        self.unkept.append((agency, count))
        self.noted.set()


@pytest.fixture
def reception() -> FakeReception:
    return FakeReception()


def client_of(reception, **limits) -> httpx.AsyncClient:
    app = Starlette(
        routes=safety_net_routes(reception, clock=StandingClock(), limits=IntakeLimits(**limits)),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://city.test")


def a_report(**body) -> dict:
    return {
        "svcTy": "EVENT",
        "sendCd": "P4100000112",
        "rcvCd": "B4111000000",
        "sysCd": "112",
        "reqDate": "20251104213012",
        "body": {
            "evtId": "112UC001",
            "ocrNbr": "20251104212958417",
            "ocrSts": "10",
            "ocrLc": {"crdntX": "127.016912", "crdntY": "37.277613"},
            "ocrPlc": "팔달문시장",
            **body,
        },
    }


async def log_in(client, key=API_KEY) -> dict:
    return (await client.post("/api/getAuth.json", json={"svcTy": "AUTH", "body": {"apiKey": key}})).json()


async def send(client, content, session="session-1", path="/linkHttp/recvEvent.json", **headers) -> dict:
    content = json.dumps(content).encode() if isinstance(content, dict) else content
    headers = {"content-type": "application/json", **headers}
    if session:
        headers["x-scsns-secret"] = session
    answer = await client.post(path, content=content, headers=headers)
    assert answer.status_code == 200
    assert set(answer.json()) == {"startTag", "endTag", "finishTag", "result", "message", "type"}
    return answer.json()


async def test_an_agency_logs_in_and_its_report_is_answered_with_the_open_cameras(reception):
    async with client_of(reception) as client:
        session = await log_in(client)
        assert (session["result"], session["type"]) == ("0", "2000")
        answer = await send(client, a_report(), session["message"])
    assert (answer["result"], answer["type"]) == ("0", "2000")
    assert "팔달문 1 (87 m)" in answer["message"]
    raw, sender = reception.received[0]
    assert sender == POLICE
    assert raw.sender == "agency-112"
    assert "x-scsns-secret" not in raw.headers


@pytest.mark.parametrize("path", ["/api/getAuth.json", "/auth.json"])
async def test_both_login_addresses_work(reception, path):
    async with client_of(reception) as client:
        answer = await client.post(path, json={"apiKey": API_KEY})
    assert answer.json()["message"] == "session-1"


async def test_the_session_key_may_come_as_rr_key(reception):
    async with client_of(reception) as client:
        await log_in(client)
        report = {**a_report(), "rrKey": "session-1"}
        answer = await send(client, report, session=None, path="/api/reqEvent.json")
    assert answer["type"] == "2000"


async def test_an_rr_key_that_is_not_the_session_s_is_told_to_log_in_again_and_kept(reception):
    async with client_of(reception) as client:
        session = (await log_in(client))["message"]
        for inside, code in ((session, "2000"), ("", "2000"), ("yesterday's", "4001")):
            answer = await send(client, {**a_report(), "rrKey": inside}, session)
            assert answer["type"] == code, inside
    ((raw, reason),) = reception.refused
    assert (reason, raw.sender) == ("unknown_sender", "agency-112")
    assert b"yesterday" in raw.body
    assert len(reception.received) == 2


async def test_a_wrong_api_key_opens_no_session(reception):
    async with client_of(reception) as client:
        answer = await log_in(client, "guess")
    assert (answer["result"], answer["type"]) == ("1", "4001")
    assert not reception.sessions


async def test_a_login_without_a_key_is_told_what_is_missing(reception):
    async with client_of(reception) as client:
        answer = await client.post("/auth.json", json={"body": {}})
    assert answer.json()["type"] == "4101"
    assert "apiKey" in answer.json()["message"]


@pytest.mark.parametrize("session", [None, "session-of-yesterday"])
async def test_a_message_of_an_unknown_sender_is_refused_and_still_kept(reception, session):
    async with client_of(reception) as client:
        answer = await send(client, a_report(), session)
    assert (answer["result"], answer["type"]) == ("1", "4001")
    assert not reception.received
    [(raw, reason)] = reception.refused
    assert reason == "unknown_sender"
    assert b"20251104212958417" in raw.body


async def test_strangers_cannot_fill_the_disk_and_what_was_too_much_is_counted(reception):
    allowance = Allowance(messages=5, bytes=1 << 20, bytes_in_all=1 << 20)
    async with client_of(reception, strangers_refused=allowance, unkept_told_after=0.05) as client:
        for _ in range(40):
            assert (await send(client, a_report(), None))["type"] == "4001"
        async with asyncio.timeout(5):
            await reception.noted.wait()
    assert len(reception.refused) == 5
    assert reception.unkept == [(None, 35)]


async def test_of_strangers_together_only_so_many_bytes_are_kept_and_of_one_message_its_beginning(reception):
    allowance = Allowance(messages=100, bytes=1 << 20, bytes_in_all=150_000)
    async with client_of(reception, strangers_refused=allowance) as client:
        for _ in range(9):
            await send(client, a_report(ocrEvtCn="x" * 200_000), None)
    assert [len(raw.body) for raw, _ in reception.refused] == [64 << 10, 64 << 10]


async def test_whatever_is_refused_is_kept_with_the_very_answer_it_got(reception):
    async with client_of(reception, reports_per_second=1) as client:
        await log_in(client)
        headers = {"content-type": "application/json", "x-scsns-secret": "session-1"}

        async def asked(content, **more):
            given = {**headers, **more}
            return (await client.post("/linkHttp/recvEvent.json", content=content, headers=given)).content

        report = json.dumps(a_report()).encode()
        answers = [await asked(b" " * ((1 << 20) + 1)), await asked(report, **{"x-scsns-secret": "yesterday"})]
        while json.loads(answer := await asked(report))["type"] != "4209":
            pass
    assert [reason for _, reason in reception.refused] == ["oversized", "unknown_sender", "too_many"]
    assert [sender for sender, _ in reception.told] == [POLICE, None, POLICE]
    assert [told for _, told in reception.told] == [*answers, answer]
    assert reception.refused[-1][0].body == report


async def test_a_sender_code_of_another_agency_is_refused_in_words(reception):
    async with client_of(reception) as client:
        await log_in(client)
        answer = await send(client, {**a_report(), "sendCd": "P4100000119"})
    assert answer["type"] == "4001"
    assert "P4100000119" in answer["message"]


async def test_an_oversized_message_is_refused_and_the_next_one_works(reception):
    async with client_of(reception) as client:
        await log_in(client)
        answer = await send(client, a_report(ocrEvtCn="가" * (1 << 20)))
        assert (answer["result"], answer["type"]) == ("1", "4000")
        assert (await send(client, a_report()))["type"] == "2000"
    [(raw, reason)] = reception.refused
    assert reason == "oversized"
    assert len(raw.body) == 64 << 10


async def test_strangers_together_hold_only_so_much_memory_and_known_senders_pass_meanwhile(reception):
    letting_go, arrived = asyncio.Event(), asyncio.Semaphore(0)

    async def holding() -> AsyncIterator[bytes]:
        yield b"x" * 5000
        arrived.release()
        await letting_go.wait()

    async with client_of(reception, strangers_bytes=12_000) as client:
        await log_in(client)
        held = [asyncio.create_task(send(client, holding(), "nobody")) for _ in range(3)]
        for _ in held:
            await arrived.acquire()
        assert (await send(client, a_report(), "nobody"))["type"] == "4209"
        assert (await send(client, a_report()))["type"] == "2000"
        letting_go.set()
        assert {(await task)["type"] for task in held} == {"4001"}
        assert (await send(client, a_report(), "nobody"))["type"] == "4001"


async def test_a_body_that_dribbles_in_is_given_up_and_what_came_is_kept(reception):
    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"svcTy":'
        await asyncio.Event().wait()

    async with client_of(reception, body_seconds=0.05) as client:
        await log_in(client)
        answer = await send(client, slowly())
        assert answer["type"] == "4000"
        assert (await send(client, a_report()))["type"] == "2000"
    assert [(raw.body, reason) for raw, reason in reception.refused] == [(b'{"svcTy":', "slow_body")]


@pytest.mark.parametrize(
    ("content", "type_code"),
    [
        (json.dumps(a_report()).encode()[:-9], "4000"),
        (b'{"body":' + b"[" * 100_000, "4000"),
        (json.dumps(a_report(ocrPlc="수원"), ensure_ascii=False).encode("utf-16"), "4000"),
        (b"", "4000"),
        (json.dumps(a_report(ocrSts="99")).encode(), "4102"),
    ],
    ids=["truncated", "nested", "utf-16", "empty", "state"],
)
async def test_a_broken_message_reaches_the_reception_gets_its_code_and_the_next_one_works(
    reception, content, type_code
):
    async with client_of(reception) as client:
        await log_in(client)
        assert (await send(client, content))["type"] == type_code
        assert (await send(client, a_report()))["type"] == "2000"
    assert reception.received[0][0].body == content


async def test_ten_thousand_items_are_taken_and_one_more_is_refused(reception):
    async with client_of(reception) as client:
        await log_in(client)
        items = [{"key": "K", "val": str(n)} for n in range(10_000)]
        assert (await send(client, a_report(ocrEvtItem=items)))["type"] == "2000"
        assert (await send(client, a_report(ocrEvtItem=[*items, items[0]])))["type"] == "4000"
        assert (await send(client, a_report()))["type"] == "2000"


async def test_a_flood_beyond_the_limit_is_told_to_come_again_and_others_pass(reception):
    fire = Sender(AgencyId("agency-119"))
    async with client_of(reception, reports_per_second=1) as client:  # so few that a slow machine cannot keep below it
        await log_in(client)
        codes = [(await send(client, a_report()))["type"] for _ in range(20)]
        reception.sessions["fire"] = fire
        assert (await send(client, a_report(), "fire"))["type"] == "2000"
    assert codes[:2] == ["2000"] * 2
    assert "4209" in codes


async def test_a_flood_of_trials_costs_the_agencys_true_reports_nothing(reception):
    async with client_of(reception, reports_per_second=10, trials_per_second=2) as client:
        await log_in(client)
        reception.sessions["trial"] = Sender(POLICE.agency, POLICE.codes, sandbox=True)
        trials = [(await send(client, a_report(), "trial"))["type"] for _ in range(20)]
        reports = [(await send(client, a_report()))["type"] for _ in range(20)]
    assert (trials[:4], trials[-1]) == (["2000"] * 4, "4209")
    assert reports == ["2000"] * 20


async def test_too_many_logins_of_one_address_are_slowed(reception):
    async with client_of(reception, logins_per_second=1) as client:
        codes = [(await log_in(client, "guess"))["type"] for _ in range(6)]
    assert codes[0] == "4001"
    assert codes[-1] == "4209"


@pytest.mark.parametrize(
    ("failure", "type_code"),
    [(StorageFailed(Text("디스크 가득 참", "disk full")), "5003"), (RuntimeError("a bug"), "5000")],
    ids=["storage", "bug"],
)
async def test_our_own_trouble_tells_the_agency_to_send_again(reception, failure, type_code):
    async with client_of(reception) as client:
        await log_in(client)
        reception.failure = failure
        answer = await send(client, a_report())
        assert (answer["result"], answer["type"]) == ("1", type_code)
        assert "disk" not in answer["message"]
        reception.failure = None
        assert (await send(client, a_report()))["type"] == "2000"


async def test_a_full_disk_is_logged_once_and_told_to_every_sender(reception, monkeypatch):
    monkeypatch.setattr(safety_net, "_SELDOM", Seldom())
    reception.failure = StorageFailed(Text("디스크 가득 참", "disk full"))
    async with client_of(reception) as client:
        await log_in(client)
        with structlog.testing.capture_logs() as lines:
            codes = [(await send(client, a_report()))["type"] for _ in range(30)]
    assert codes == ["5003"] * 30
    assert [(line["event"], line["times"]) for line in lines] == [("message_not_accepted", 1)]
