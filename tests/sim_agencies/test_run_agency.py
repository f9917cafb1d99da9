"""The simulated agencies against the real door and the real linkage, without a network."""

import asyncio
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.edges.http.safety_net import safety_net_routes
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, RawMessage, Sender
from goldentime.messages.report import Report, ReportState
from goldentime.sim.agencies.cli import read_key
from goldentime.sim.agencies.run import Pace, run_agency
from goldentime.sim.agencies.scenario import load_scenario
from goldentime.sim.agencies.wire import WrongAnswer, read_answer

KEY = "a-long-api-key-nobody-may-see"


class City:
    """A reception that understands and remembers; sessions can be made to end, storage to fail."""

    def __init__(self):
        self.linkage = SafetyNetHttp()
        self.sessions: set[str] = set()
        self.opened = 0
        self.reports: list[Report] = []
        self.fail_first = 0
        self.requests = 0
        self.heard = asyncio.Event()

    async def login(self, api_key: str, remote: str, linkage: str) -> str | None:
        if api_key != KEY:
            return None
        self.opened += 1
        self.sessions.add(f"session-{self.opened}")
        return f"session-{self.opened}"

    async def sender(self, session_key: str) -> Sender | None:
        return Sender(AgencyId("a")) if session_key in self.sessions else None

    async def receive(self, raw: RawMessage, sender: Sender) -> Answer:
        self.requests += 1
        if self.requests <= self.fail_first:
            return self.linkage.deliver(Outcome(OutcomeKind.UNAVAILABLE))
        self.reports.append(self.linkage.parse(raw))
        self.heard.set()
        return self.linkage.deliver(Outcome(OutcomeKind.OPENED))

    async def keep_refused(self, raw: RawMessage, sender: Sender | None, *, reason: str, answer: Answer) -> None:
        pass

    def open(self, url: str) -> httpx.AsyncClient:
        app = Starlette(routes=safety_net_routes(self, clock=SystemClock()))
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url)


async def play(city, name="112", key=KEY, **options):
    lines: list[str] = []
    pace = options.pop("pace", Pace(every=0, count=10, speed=1e9))
    tally = await run_agency(
        load_scenario(name),
        url="http://city.test",
        api_key=key,
        pace=pace,
        seed=5,
        print_line=lines.append,
        opener=city.open,
        **options,
    )
    return tally, lines


@pytest.mark.parametrize(("name", "service"), [("112", "112_video"), ("119", "119_dispatch")])
async def test_an_agency_plays_ten_occurrences_to_their_end(name, service):
    city = City()
    tally, lines = await play(city, name)
    assert tally.failed == tally.refused == 0
    assert tally.accepted == tally.sent == len(city.reports) == len(lines) > 10
    assert tally.by_state["10"] == 10
    assert city.opened == 1
    assert service in {report.service for report in city.reports}
    assert not [note.en for report in city.reports for note in report.notes]


async def test_messages_of_one_occurrence_come_in_order():
    city = City()
    await play(city, pace=Pace(every=0, count=20, speed=1e9, parallel=8))
    courses: dict[str, list[ReportState]] = {}
    for report in city.reports:
        courses.setdefault(report.occurrence, []).append(report.state)
    assert len(courses) == 20
    for states in courses.values():
        assert states[0] is ReportState.OCCURRED
        assert not {ReportState.ENDED, ReportState.CANCELLED} & set(states[:-1])


async def test_a_session_that_ran_out_is_opened_again_and_nothing_is_lost():
    class Forgetful(City):
        async def receive(self, raw, sender):
            answer = await super().receive(raw, sender)
            if len(self.reports) == 3:
                self.sessions.clear()
            return answer

    city = Forgetful()
    tally, _ = await play(city, pace=Pace(every=0, count=6, speed=1e9, parallel=1, follow_up=False))
    assert tally.accepted == 6
    assert city.opened == tally.logins == 2


async def test_a_report_is_sent_again_while_the_city_is_unavailable():
    city = City()
    city.fail_first = 1
    tally, _ = await play(city, pace=Pace(every=0, count=1, follow_up=False, pause=0))
    assert (tally.sent, tally.accepted, city.requests) == (1, 1, 2)


async def test_lines_tell_what_happened_and_no_key_no_name_no_telephone():
    city = City()
    _, lines = await play(city)
    said = "\n".join(lines)
    assert "→ 2000" in said
    assert KEY not in said
    assert "session-1" not in said
    assert not re.search(r"010-\d{4}-\d{4}", said)


async def test_a_drill_is_understood_as_one():
    city = City()
    await play(city, drill=True)
    assert all(report.drill for report in city.reports)


async def test_a_stopped_agency_stops_at_once():
    city, stop = City(), asyncio.Event()
    running = asyncio.create_task(play(city, stop=stop, pace=Pace(every=3600)))
    await city.heard.wait()
    stop.set()
    tally, _ = await asyncio.wait_for(running, 5)
    assert tally.sent == 1


async def test_a_platform_that_answers_outside_the_protocol_is_a_failure():
    class Wrong(City):
        def open(self, url):
            async def chat(request):
                return Response("<html>점검 중</html>", media_type="text/html")

            app = Starlette(routes=[Route("/{path:path}", chat, methods=["POST"])])
            return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url)

    tally, lines = await play(Wrong(), pace=Pace(every=0, count=1, follow_up=False, pause=0))
    assert tally.failed == 1
    assert "text/html" in lines[0]


@pytest.mark.parametrize(
    "body",
    [
        b'{"result":"0","message":"","type":"2000"}',
        b'{"startTag":"$DA","endTag":"$DB","finishTag":"$DF","result":0,"message":"","type":"2000"}',
        b'{"startTag":"$DA","endTag":"$DB","finishTag":"$DF","result":"0","message":"","type":"4000"}',
        b'{"startTag":"$DA","endTag":"$DB","finishTag":"$DF","result":"1","message":"","type":"9999"}',
        b'{"startTag":"$DX","endTag":"$DB","finishTag":"$DF","result":"0","message":"","type":"2000"}',
        b"[]",
    ],
)
def test_an_answer_that_breaks_the_protocol_is_not_taken_for_one(body):
    with pytest.raises(WrongAnswer):
        read_answer(200, "application/json", body)


def test_the_key_comes_from_a_file_or_the_environment(tmp_path, monkeypatch):
    file = tmp_path / "key"
    file.write_text(" secret-1 \n")
    assert read_key(file) == "secret-1"
    monkeypatch.setenv("GOLDENTIME_AGENCY_KEY", "secret-2")
    assert read_key(None) == "secret-2"
