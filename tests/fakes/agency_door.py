"""The door of the agencies' systems over a reception that remembers, and how an agency knocks at it."""

import asyncio
import json
from datetime import UTC, datetime

import httpx
from starlette.applications import Starlette

from goldentime.core.errors import BadMessage
from goldentime.core.ids import AgencyId
from goldentime.edges.http.safety_net import IntakeLimits, safety_net_routes
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
