"""A crew that presses its button in a tunnel: the page opens again without a link, and the press keeps its own time."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ProxySettings, Route, expect

from fakes.narrow_link import NarrowLink, narrow_link
from fakes.walk import OURS, Demo, sign_in, told, wait_for
from goldentime.core.clock import SystemClock
from goldentime.sim.poor_link import GOOD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "build" / "browser"
CLOCK = SystemClock()
PATIENCE = 60  # seconds; how fast it is, the bench says
TUNNEL = timedelta(seconds=6)  # from the press to the light, at least
SAME = timedelta(seconds=1)  # how far two clocks of one machine may be apart by the page's reckoning
WITHOUT_A_CALL = "[data-testid=field-idle], [data-testid=field-ended]"
MAP_PARTS = re.compile(r"/assets/(FieldMap|style)-")
IS_KEPT = """
async () => {
  if (!navigator.serviceWorker?.controller || !(await caches.match('/field'))) return false;
  const taken = performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname);
  const parts = taken.filter((path) => path.startsWith('/assets/'));
  return (await Promise.all(parts.map((path) => caches.match(path)))).every(Boolean);
}
"""


@pytest.fixture
def link() -> Iterator[NarrowLink]:
    """The phone's link, which can be taken away: the browser's own "offline" lets a page just opened through."""
    with narrow_link(GOOD) as one:
        yield one


@pytest.fixture
def phone(browser: Browser, link: NarrowLink) -> Iterator[BrowserContext]:
    """The crew's phone, behind that link."""
    proxy: ProxySettings = {"server": link.proxy, "bypass": "<-loopback>"}
    fresh = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR", proxy=proxy)
    yield fresh
    fresh.close()


@pytest.fixture
def ask(parked: Demo) -> Iterator[Callable[..., Any]]:
    """How the operator asks the platform, beside the console."""
    with httpx.Client(base_url=parked.url, headers=OURS, timeout=30) as http:
        yield told(http, "operator", parked)


def test_a_press_in_a_tunnel_outlives_the_page_and_is_told_once_with_its_own_time(
    parked: Demo, phone: BrowserContext, link: NarrowLink, ask: Callable[..., Any]
) -> None:
    page = phone.new_page()
    sign_in(page, parked, "crew119", "/field")
    expect(page.locator(WITHOUT_A_CALL)).to_be_visible(timeout=PATIENCE * 1000)
    wait_for(lambda: page.evaluate(IS_KEPT), PATIENCE, "the page kept on the phone")
    unit = unit_of(parked)
    incident = ordered(ask, parked, unit)
    expect(page.get_by_test_id("field-depart")).to_be_enabled(timeout=PATIENCE * 1000)

    link.enter_tunnel()
    expect(page.get_by_test_id("field-link")).to_have_attribute("data-lost", "true", timeout=PATIENCE * 1000)
    earliest = CLOCK.now() - SAME
    page.get_by_test_id("field-depart").click()
    latest = CLOCK.now() + SAME
    is_waiting(page)
    answer = page.reload()
    assert answer is not None
    assert answer.from_service_worker, "without a link the page opens from the phone"
    is_waiting(page)
    page.screenshot(path=PICTURES / "field-tunnel.png")
    assert (state_of(ask, unit), departures(ask, incident)) == ("ordered", [])

    wait_for(lambda: CLOCK.now() > latest + TUNNEL, PATIENCE, "the end of the tunnel")
    link.leave_tunnel()
    expect(page.get_by_test_id("field")).to_have_attribute("data-state", "en_route", timeout=PATIENCE * 1000)
    expect(page.get_by_test_id("field-unsent")).to_have_count(0)
    expect(page.get_by_test_id("field-link")).to_have_attribute("data-lost", "false")
    expect(page.locator("[data-testid=field-map] canvas")).to_be_visible(timeout=PATIENCE * 1000)
    assert state_of(ask, unit) == "en_route"
    (departed,) = departures(ask, incident)
    assert earliest <= departed <= latest, "the time of the press, not of the sending"
    ask("POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})


def test_a_map_lost_on_its_way_takes_nothing_else_with_it_and_comes_once_it_can(
    parked: Demo, browser: Browser, ask: Callable[..., Any]
) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR", service_workers="block")
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort("internetdisconnected")

    phone.route(MAP_PARTS, lose)
    page = phone.new_page()
    sign_in(page, parked, "crew119", "/field")
    expect(page.locator(WITHOUT_A_CALL)).to_be_visible(timeout=PATIENCE * 1000)
    incident = ordered(ask, parked, unit_of(parked))
    expect(page.get_by_test_id("field-call")).to_be_visible(timeout=PATIENCE * 1000)
    before = len(lost)
    wait_for(lambda: page.title() and len(lost) > before, PATIENCE, "the map asked for in vain")
    expect(page.get_by_test_id("field-depart")).to_be_enabled()
    expect(page.get_by_test_id("field-map")).to_have_count(0)
    phone.unroute(MAP_PARTS)
    canvas = page.locator("[data-testid=field-map] canvas")
    expect(canvas).to_be_visible(timeout=PATIENCE * 1000)
    expect(canvas, "its styles came too").to_have_css("position", "absolute", timeout=PATIENCE * 1000)
    ask("POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})
    phone.close()


def unit_of(demo: Demo) -> str:
    """Which unit the crew is of."""
    with httpx.Client(base_url=demo.url, headers=OURS, timeout=30) as http:
        return str(told(http, "crew119", demo)("GET", "/api/field")["unit"]["id"])


def ordered(ask: Callable[..., Any], demo: Demo, unit: str) -> str:
    """A fire shared with the fire service, the unit sent there."""
    place = demo.hotspots[0]
    report = {"title": "상가 화재", "service": "119_dispatch", "severity": "critical"}
    incident = str(ask("POST", "/api/incidents", {**report, "lon": place["lon"], "lat": place["lat"]})["id"])
    ask("POST", f"/api/incidents/{incident}/share", {"agency_id": "agency-119"})
    ask("POST", "/api/orders", {"incident_id": incident, "units": [unit]})
    return incident


def is_waiting(page: Page) -> None:
    """One press is shown as not yet taken, on the bar and on its button, which takes no second one."""
    expect(page.get_by_test_id("field-unsent")).to_contain_text("1", timeout=PATIENCE * 1000)
    expect(page.get_by_test_id("field-depart")).to_be_disabled()


def state_of(ask: Callable[..., Any], unit: str) -> str:
    (found,) = (one for one in ask("GET", "/api/units")["items"] if one["id"] == unit)
    return str(found["state"])


def departures(ask: Callable[..., Any], incident: str) -> list[datetime]:
    """When units set out for it, as the record has it."""
    rows = ask("GET", f"/api/incidents/{incident}")["timeline"]
    return [datetime.fromisoformat(row["at"]) for row in rows if row["kind"] == "UnitDeparted"]
