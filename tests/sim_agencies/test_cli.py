"""What one sees who starts a simulated agency."""

import socket
import threading
from collections.abc import Iterator

import pytest
import typer
import uvicorn
from starlette.applications import Starlette
from typer.testing import CliRunner

from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.edges.http.safety_net import safety_net_routes
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, RawMessage, Sender, check_sender
from goldentime.sim.agencies.cli import KEY_VARIABLE, simagency

KEY = "a-long-api-key-nobody-may-see"


def run(*arguments: str, key: str | None = KEY):
    app = typer.Typer()
    app.command()(simagency)
    return CliRunner().invoke(app, arguments, env={KEY_VARIABLE: key or ""})


class City:
    def __init__(self):
        self.linkage = SafetyNetHttp()

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:
        return "s" if api_key == KEY else None

    async def sender(self, session_key: str) -> Sender | None:
        return Sender(AgencyId("a"), frozenset({"P4100000112"})) if session_key == "s" else None

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        report = self.linkage.parse(raw)
        check_sender(report, sender)
        return self.linkage.deliver(Outcome(OutcomeKind.OPENED))

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        pass


@pytest.fixture
def city() -> Iterator[str]:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    app = Starlette(routes=safety_net_routes(City(), clock=SystemClock()))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_without_a_key_it_says_where_the_key_comes_from():
    done = run("112", key=None)
    assert done.exit_code == 2
    assert KEY_VARIABLE in done.output


def test_a_scenario_that_is_not_there_is_a_usage_error():
    done = run("113")
    assert done.exit_code == 2
    assert "113" in done.output


@pytest.mark.socket
def test_reports_go_over_the_wire_and_are_summed_up_without_the_key(city):
    done = run("112", "--url", city, "--every", "0", "--count", "3", "--speed", "100000", "--drill")
    assert done.exit_code == 0, done.output
    assert "accepted" in done.output
    assert done.output.count("→ 2000") >= 3
    assert KEY not in done.output


@pytest.mark.socket
def test_a_wrong_key_ends_in_failure_and_is_not_printed(city):
    done = run("112", "--url", city, "--count", "1", "--no-follow-up", "--retry-after", "0", key="guess-guess")
    assert done.exit_code == 1
    assert "login refused with 4001" in done.output
    assert "guess-guess" not in done.output


@pytest.mark.socket
def test_reports_may_be_put_near_a_point(city):
    done = run("112", "--url", city, "--every", "0", "--count", "2", "--no-follow-up", "--near", "127.1,37.2,300")
    assert done.exit_code == 0, done.output
    assert "127.1000, 37.2000" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("119", "--tcp", "127.0.0.1"),
        ("119", "--tcp", "127.0.0.1:port"),
        ("119", "--tcp", "127.0.0.1:9", "--linkage", "nothing"),
    ],
)
def test_a_tcp_address_or_linkage_that_cannot_be_is_a_usage_error(arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert "--" in done.output


@pytest.mark.socket
def test_a_platform_that_does_not_listen_on_tcp_is_a_failure_and_not_a_crash():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = run("119", "--tcp", f"127.0.0.1:{port}", "--count", "1", "--retry-after", "0", "--no-follow-up")
    assert done.exit_code == 1
    assert "failed 1" in done.output
    assert KEY not in done.output
