"""What we tell an agency at its own safety-net door: one login, the same bytes again, every answer with its meaning."""

import json
from collections.abc import Callable

import httpx
import pytest

from fakes.agency_line import a_message
from fakes.news import ARRIVED
from goldentime.adapters.callbacks.addresses import CallbackAddresses
from goldentime.adapters.callbacks.safety_net import HttpAddress, HttpCarrier
from goldentime.core.clock import SystemClock
from goldentime.core.errors import BadMessage
from goldentime.flows.outgoing.carrier import Silence
from goldentime.linkages.safety_net_http import SafetyNetHttp, SafetyNetSettings
from goldentime.messages.exchange import RawMessage
from goldentime.messages.news import Reply, Verdict

PARTS = {"body": b'{"ocrNbr":"20261123120000001"}'}


def said(result: str, type_code: str, words: str = "") -> httpx.Response:
    return httpx.Response(200, json={"result": result, "message": words, "type": type_code})


async def resolve(_host: str, _port: int) -> list[str]:
    return ["10.1.2.3"]


class Door:
    """An agency's door; `answers` are what it says to events, in turn."""

    def __init__(self, *answers: httpx.Response | Exception, login: httpx.Response | None = None) -> None:
        self.answers = list(answers)
        self.login = login
        self.came: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append(request)
        if request.url.path == "/api/getAuth.json":
            return self.login or said("0", "2000", f"session-{len(self.came)}")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def carrier(self, key: str = "our key", *, aria_key: str = "") -> HttpCarrier:
        address = HttpAddress("http://119.example:8090", key, aria_key=aria_key)
        addresses = CallbackAddresses((), resolve)
        transport = httpx.MockTransport(self)
        return HttpCarrier(address, SafetyNetHttp(), addresses, SystemClock(), transport=transport)


async def test_it_logs_in_once_and_carries_the_session_in_the_header() -> None:
    door = Door(said("0", "2000"), said("0", "2000"))
    carrier = door.carrier()
    replies = [await carrier.send(a_message(), PARTS) for _ in range(2)]
    assert replies == [Reply(Verdict.TAKEN, "2000")] * 2
    login, first, second = door.came
    assert json.loads(login.content)["body"] == {"apiKey": "our key"}
    assert [one.headers["x-scsns-secret"] for one in (first, second)] == ["session-1"] * 2
    assert str(first.url) == "http://10.1.2.3:8090/linkHttp/recvEvent.json"
    assert json.loads(first.content) == {"ocrNbr": "20261123120000001", "rrKey": "session-1"}
    assert first.content == second.content


async def test_a_session_that_ran_out_is_opened_anew_and_the_same_is_sent() -> None:
    door = Door(said("1", "4001"), said("0", "2000"))
    assert await door.carrier().send(a_message(), PARTS) == Reply(Verdict.TAKEN, "2000")
    assert [one.url.path[-12:] for one in door.came] == ["getAuth.json", "ecvEvent.json"[-12:]] * 2


async def test_it_is_sealed_with_the_agency_s_key_and_says_so_inside_and_in_the_headers() -> None:
    door = Door(said("0", "2000"))
    body = SafetyNetHttp().news(ARRIVED)
    assert body is not None
    await door.carrier(aria_key="우리 열쇠").send(a_message(), {"body": body})
    sent = door.came[-1]
    head = json.loads(sent.content)
    assert (head["encAt"], head["rrKey"], head["bodyLen"]) == ("Y", "session-1", str(len(head["body"])))
    assert sent.headers["x-scsns-encat"] == "Y"
    assert sent.headers["x-scsns-type"] == "sync"
    assert "순찰차" not in sent.content.decode()
    there = SafetyNetHttp(SafetyNetSettings(aria_key="우리 열쇠"))
    raw = RawMessage("safety_net_http", None, "application/json", {}, sent.content, ARRIVED.at)
    assert there.parse(raw).occurrence == ARRIVED.occurrence


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda: said("1", "4100", "이미 있음"), Reply(Verdict.EXISTS, "4100", "이미 있음")),
        (lambda: said("1", "4102", "형식"), Reply(Verdict.REFUSED, "4102", "형식")),
        (lambda: said("1", "5003"), Reply(Verdict.LATER, "5003")),
        (lambda: httpx.Response(502), Reply(Verdict.LATER, "HTTP 502")),
        (lambda: httpx.Response(200, text="<html>"), Silence(reached=True, why="bad_answer")),
        (lambda: httpx.ReadTimeout("slow"), Silence(reached=True, why="no_answer")),
        (lambda: httpx.ConnectError("down"), Silence(reached=False, why="unreachable")),
    ],
)
async def test_every_answer_has_its_meaning(
    answer: Callable[[], httpx.Response | Exception], told: Reply | Silence
) -> None:
    assert await Door(answer()).carrier().send(a_message(), PARTS) == told


async def test_a_refused_login_sends_nothing() -> None:
    for login in (said("1", "4001"), said("0", "2000", ""), httpx.Response(500)):
        door = Door(login=login)
        assert await door.carrier().send(a_message(), PARTS) == Silence(reached=False, why="login_refused")
        assert len(door.came) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"1", b'{"type": {"x": 1}}', b"\xff", b"[" * 100_000])
def test_what_is_no_answer_is_told_as_such(body: bytes) -> None:
    with pytest.raises(BadMessage):
        SafetyNetHttp().read_reply(body)
