"""How many safety-net reports a second the door takes on one core, against a bare ASGI route with the same body."""

import asyncio
import json
import multiprocessing as mp
import socket
import statistics
import time
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette

from bench.ending import BenchFailed, die_with_parent
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.edges.http.safety_net import IntakeLimits, safety_net_routes
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.messages.exchange import Answer, CameraSeen, Outcome, OutcomeKind, RawMessage, Sender

CONNECTIONS, SECONDS, ROUNDS = 16, 3.0, 3


class Reading:
    """A reception that reads every report and answers it, without storage."""

    def __init__(self) -> None:
        self._linkage = SafetyNetHttp()
        cameras = tuple(CameraSeen(f"팔달문 {n}", 40.0 * n) for n in range(1, 5))
        self._outcome = Outcome(OutcomeKind.OPENED, cameras)

    async def login(self, api_key: str, remote: str) -> str | None:  # noqa: ARG002  (the door calls it by these names)
        return "session"

    async def sender(self, session_key: str) -> Sender | None:  # noqa: ARG002  (the same)
        return Sender(AgencyId("a"))

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:  # noqa: ARG002  (the same)
        self._linkage.parse(raw)
        return self._linkage.deliver(self._outcome)

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        pass

    async def note_unkept(self, agency: AgencyId | None, count: int) -> None:
        pass


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Reads the body, answers a constant."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


def serve(which: str, listening: socket.socket) -> None:
    die_with_parent()
    app: Any = bare
    if which == "door":
        limits = IntakeLimits(reports_per_second=1e9)
        app = Starlette(routes=safety_net_routes(Reading(), clock=SystemClock(), limits=limits))
    config = uvicorn.Config(app, log_level="error", access_log=False, loop="uvloop", http="httptools", lifespan="off")
    uvloop.run(uvicorn.Server(config).serve([listening]))


def request() -> bytes:
    body = {
        "evtId": "112UC001", "evtNm": "112 긴급영상", "evtGrad": "10", "ocrNbr": "20251104212958417", "ocrSts": "10",
        "ocrLc": {"crdntX": "127.016912", "crdntY": "37.277613", "crdntZ": "0"}, "ocrPlc": "팔달문시장 남측 출입구",
        "ocrEvtCn": "흉기로 위협 후 도주. 검은 점퍼, 남문로터리 방향.", "ocrEvtTime": "20251104212958",
        "ocrEvtSts": {"ocrEvtStsCd": "10", "ocrEvtStsDtl": ""}, "ocrEvtStsUsr": {"ocrEvtUsrNm": "정해든"},
        "ocrEvtItem": [{"key": "APPLICANT_NM", "val": "한빛나"}, {"key": "APPLICANT_TELNO", "val": "010-0000-1187"}],
        "ocrEvtDtl": {"ocrEvtDtlCd": "R01", "ocrEvtDtlCdDtl": "강도"},
    }  # fmt: skip
    head = {"svcTy": "EVENT", "sendCd": "P4100000112", "rcvCd": "B4111000000", "sysCd": "112", "encAt": "N"}
    head |= {"reqDate": "20251104213012", "apSeq": {"apCurrent": "1", "apTotal": "1"}}  # type: ignore[dict-item]
    content = json.dumps({**head, "body": body}, ensure_ascii=False).encode()
    lines = (
        "POST /linkHttp/recvEvent.json HTTP/1.1\r\nHost: city\r\nContent-Type: application/json; charset=UTF-8\r\n"
        f"X-Scsns-Secret: session\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return lines.encode() + content


class Asker(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it is answered; cheap, to leave the core to the server."""

    def __init__(self, content: bytes) -> None:
        self.content, self.answered, self.good = content, 0, True

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.content)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"HTTP/"):
            self.good = self.good and data.startswith(b"HTTP/1.1 200")
        if data.endswith(b"}"):  # head and body may come apart
            self.answered += 1
            self.transport.write(self.content)


async def ask(port: int) -> float:
    loop, content = asyncio.get_running_loop(), request()
    askers = [Asker(content) for _ in range(CONNECTIONS)]
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.sleep(0.3)
    before, started = sum(asker.answered for asker in askers), time.perf_counter()
    await asyncio.sleep(SECONDS)
    rate = (sum(asker.answered for asker in askers) - before) / (time.perf_counter() - started)
    for asker in askers:
        asker.transport.close()
    if not all(asker.good for asker in askers):
        raise BenchFailed("a report was not answered with 200")
    return rate


def measure(which: str) -> float:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else no TCP_NODELAY
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    server = mp.get_context("fork").Process(target=serve, args=(which, listening), daemon=True)
    server.start()
    try:
        return asyncio.run(ask(listening.getsockname()[1]))
    finally:
        server.kill()
        server.join()
        listening.close()


def parse_microseconds() -> float:
    linkage = SafetyNetHttp()
    content = request().split(b"\r\n\r\n", 1)[1]
    raw = RawMessage("safety_net_http", None, "application/json", {}, content, SystemClock().now())
    started = time.perf_counter()
    for _ in range(5000):
        linkage.parse(raw)
    return (time.perf_counter() - started) / 5000 * 1e6


def rows() -> list[dict[str, Any]]:
    """Medians of rounds taken in turn; the server has a process of its own, the asker the other core."""
    rounds = [(measure("door"), measure("bare")) for _ in range(ROUNDS)]
    door, rival = (statistics.median(column) for column in zip(*rounds, strict=True))
    parsed = parse_microseconds()
    return [
        {
            "what": "safety-net reports read and answered a second, one core, no storage",
            "value": round(door), "unit": "1/s", "rival": f"bare ASGI route {rival:.0f}/s",
            "ratio": round(door / rival, 2), "reach": ">= 3000", "met": door >= 3000,
        },
        {
            "what": "reading one report", "value": round(parsed, 1), "unit": "us", "rival": "",
            "ratio": None, "reach": "", "met": True,
        },
    ]  # fmt: skip


if __name__ == "__main__":
    for row in rows():
        print(row)
