"""The weather and bed services asked over a socket of a strict simulated portal; the key stays out of every log."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from fakes.clock import StandingClock
from goldentime.adapters.feeds.poller import Poller, Service
from goldentime.core.text import Text
from goldentime.linkages.egen_beds import Area, EgenBeds
from goldentime.linkages.kma_nowcast import Cell, KmaNowcast
from goldentime.messages.beds import BedReport
from goldentime.messages.weather import Weather
from goldentime.sim.portal import Portal, SimRoom, Sky
from goldentime.sim.portal.said import Answer

pytestmark = pytest.mark.socket
KEY = "se+cret/Key0123456789=="
ENCODED = "se%2Bcret%2FKey0123456789%3D%3D"
ROOMS = (
    SimRoom("A1", "새벌의료원", "031-000-0114", "새벌도 새벌시 큰구", free=7),
    SimRoom("A2", "나루병원 & 의원", "031-000-0119", "새벌도 새벌시 작은구", free=-3),
    SimRoom("A3", "먼병원", "055-000-0119", "남도 먼시", free=1),
)


class Heard:
    """A poller's other end: what it took, and how each round went."""

    def __init__(self, portal: Portal, url: str, clock: StandingClock, key: str = KEY) -> None:
        self.portal, self.url, self.clock, self.key = portal, url, clock, key
        self.said: list[object] = []
        self.rounds: list[tuple[bool, Text | None]] = []

    def weather(self, *cells: Cell) -> Poller[Weather]:
        where = Service(f"{self.url}/1360000/VilageFcstInfoService_2.0", self.key)
        feeds = [KmaNowcast(cell) for cell in cells or (Cell(61, 120),)]
        return Poller(where, lambda: feeds, self.said.append, self._note, clock=self.clock)

    def beds(self, area: Area) -> Poller[BedReport]:
        where = Service(f"{self.url}/B552657/ErmctInfoInqireService/", self.key)
        return Poller(where, lambda: [EgenBeds(area)], self.said.append, self._note, clock=self.clock)

    def _note(self, ok: bool, said: Text | None) -> None:  # noqa: FBT001  the poller's own shape
        self.rounds.append((ok, said))

    @property
    def last(self) -> tuple[bool, str]:
        ok, said = self.rounds[-1]
        return ok, said.ko if said else ""


@pytest_asyncio.fixture
async def heard() -> AsyncIterator[Heard]:
    clock = StandingClock()  # noon in Seoul
    portal = Portal(KEY, clock, sky=Sky(wind_from=302, wind_ms=3.1), rooms=ROOMS)
    url = await portal.start()
    yield Heard(portal, url, clock)
    await portal.stop()


async def test_the_wind_comes_from_the_newest_hour_that_is_there(heard: Heard) -> None:
    poller = heard.weather()
    assert await poller.ask_all()
    heard.clock.pass_(minutes=10)
    assert await poller.ask_all()
    first, second = heard.said
    assert isinstance(first, Weather)
    assert isinstance(second, Weather)
    assert (first.wind_from, first.wind_ms) == (302.0, 3.1)
    assert (heard.clock.now() - first.at, heard.clock.now() - second.at) == (
        timedelta(minutes=70),
        timedelta(minutes=10),
    )
    assert heard.rounds == [(True, None), (True, None)]
    assert b'"VEC"' in poller.answers[0].body  # the last answer is kept as it came


async def test_when_the_newest_hour_is_late_the_one_before_is_asked(heard: Heard) -> None:
    heard.clock.pass_(minutes=12)
    slow = heard.weather()
    slow._clock = StandingClock(heard.clock.now() + timedelta(hours=1))  # ours is an hour ahead of theirs
    assert await slow.ask_all()
    assert (len(heard.portal.asked), heard.last) == (2, (True, ""))
    slow._clock = StandingClock(heard.clock.now() + timedelta(hours=2))
    assert await slow.ask_all()
    assert heard.last == (False, "아직 자료가 없습니다.")


async def test_beds_come_by_area_with_the_time_they_were_typed_in(heard: Heard) -> None:
    assert await heard.beds(Area("새벌도")).ask_all()
    (report,) = heard.said
    assert isinstance(report, BedReport)
    assert [(room.code, room.name, room.emergency) for room in report.rooms] == [
        ("A1", "새벌의료원", 7),
        ("A2", "나루병원 & 의원", -3),
    ]
    assert all(room.at and heard.clock.now() - room.at < timedelta(minutes=10) for room in report.rooms)
    assert report.listed == 2
    await heard.beds(Area("새벌도", "새벌시 작은구")).ask_all()
    assert [room.code for room in heard.said[-1].rooms] == ["A2"]  # type: ignore[attr-defined]


async def test_an_area_without_rooms_has_no_data(heard: Heard) -> None:
    assert await heard.beds(Area("없는도")).ask_all()
    assert heard.last == (False, "아직 자료가 없습니다.")


async def test_a_wrong_key_is_told_in_words_though_the_gateway_answers_in_xml(heard: Heard) -> None:
    heard.key = "another-key-entirely"
    assert await heard.weather().ask_all()
    assert heard.last == (False, "등록되지 않은 인증키입니다.")
    assert await heard.beds(Area("새벌도")).ask_all()
    assert heard.last == (False, "등록되지 않은 인증키입니다.")
    assert heard.said == []


async def test_the_key_may_be_the_one_the_portal_shows_encoded(heard: Heard) -> None:
    heard.key = ENCODED
    await heard.weather().ask_all()
    assert heard.last == (True, "")


async def test_a_days_requests_used_up_is_told(heard: Heard) -> None:
    heard.portal.allowed = 0
    await heard.beds(Area("새벌도")).ask_all()
    assert heard.last == (False, "하루에 물을 수 있는 횟수를 넘었습니다.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"Unauthorized", "text/plain", 401), "제공기관이 인증키를 거부했습니다."),
        (Answer(b"<html>Bad Gateway</html>", "text/html", 502), "제공기관이 HTTP 502로 답했습니다."),
        (Answer(b"", "text/plain", 302), "제공기관이 HTTP 302로 답했습니다."),
        (Answer(b"{" * 100_000), "JSON을 읽을 수 없습니다."),
        (Answer(b" " * (3 << 20)), "응답이 너무 큽니다."),
    ],
)
async def test_trouble_of_the_service_is_a_red_light_and_no_reading(heard: Heard, answer: Answer, said: str) -> None:
    heard.portal.broken = lambda: answer
    await heard.weather().ask_all()
    assert (heard.last, heard.said) == ((False, said), [])


async def test_what_was_said_stays_while_the_service_is_gone_and_it_is_asked_again(heard: Heard) -> None:
    poller = heard.weather(Cell(61, 120), Cell(61, 121))
    await poller.ask_all()
    assert len(heard.said) == 2
    await heard.portal.stop()
    assert not await poller.ask_all()
    assert heard.last == (False, "제공기관에 연결할 수 없습니다.")
    assert len(heard.said) == 2
    assert b'"VEC"' in poller.answers[1].body


async def test_a_running_poller_asks_at_once_and_stops_when_told(heard: Heard) -> None:
    task = asyncio.create_task(heard.weather().run())
    async with asyncio.timeout(10):
        while not heard.rounds:  # noqa: ASYNC110  the poller tells by a plain call
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard.rounds == [(True, None)]


async def test_the_key_is_in_no_log_line_whatever_happens(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as ours:
        await heard.weather().ask_all()
        heard.portal.broken = lambda: Answer(b"no", "text/plain", 500)
        await heard.weather().ask_all()
        await heard.portal.stop()
        await heard.weather().ask_all()
    assert [line["event"] for line in ours] == ["feed_not_understood", "feed_unreachable"]
    everything = caplog.text + repr(ours) + repr(Service(heard.url, KEY))
    assert all(part not in everything for part in (KEY, ENCODED, "serviceKey", "Key0123456789"))
