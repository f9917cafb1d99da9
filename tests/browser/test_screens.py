"""Each screen for everybody's eyes, on a closed network, in a browser without Media Source, and when it must sound."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from fakes.axe import in_both_themes
from fakes.walk import Demo, moving, sign_in, tiles_seen, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60  # seconds
LIVE_TILE = "[data-testid=tile-1][data-state=live]"
OWN_SCHEMES = {"data", "blob"}
NO_MEDIA_SOURCE = """
for (const name of ['MediaSource', 'ManagedMediaSource', 'WebKitMediaSource'])
  Object.defineProperty(window, name, { value: undefined, configurable: true });
"""
NOTE_TONES = """
window.tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones.push({ hertz: this.frequency.value, state: this.context.state });
  return start.apply(this, when);
};
"""


@contextlib.contextmanager
def alone(browser: Browser, demo: Demo, *, width: int = 1440) -> Iterator[tuple[BrowserContext, set[str]]]:
    """A browser that reaches the platform only, and the set of other hosts that a page asked for all the same."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="ko-KR")
    own, foreign = urlsplit(demo.url).hostname, set[str]()

    def stop(route: Route) -> None:
        foreign.add(route.request.url)
        route.abort()

    def note_socket(url: str) -> None:
        if urlsplit(url).hostname != own:
            foreign.add(url)

    context.route(lambda url: urlsplit(url).scheme not in OWN_SCHEMES and urlsplit(url).hostname != own, stop)
    context.on("page", lambda page: page.on("websocket", lambda socket: note_socket(socket.url)))
    try:
        yield context, foreign
    finally:
        context.close()


def open_newest(operator: Page, demo: Demo, spot: int) -> str:
    """Report, and open what comes of it; its id."""
    rows = operator.locator("[data-testid=queue-row]")
    before = {row.get_attribute("data-incident") for row in rows.all()}
    demo.report("112", spot=spot, follow_up=False)
    fresh = wait_for(
        lambda: {row.get_attribute("data-incident") for row in rows.all()} - before, PATIENCE, "the new row"
    )
    incident = str(fresh.pop())
    operator.locator(f"[data-testid=queue-row][data-incident={incident}]").click()
    return incident


def open_in_viewer(agency: Page, incident: str) -> None:
    viewer = agency.locator("[data-testid=viewer]")
    first = agency.locator("[data-testid=viewer-incident]").first
    expect(viewer.or_(first).first).to_be_visible(timeout=60_000)
    if viewer.count() == 0:
        first.click()
    expect(viewer).to_be_visible(timeout=60_000)


def test_no_screen_has_a_grave_finding_of_axe_in_either_theme(demo: Demo, browser: Browser) -> None:
    found: dict[str, list[object]] = {}
    with alone(browser, demo) as (context, _):
        page = context.new_page()
        page.goto(demo.url)
        expect(page.get_by_test_id("login")).to_be_visible(timeout=60_000)
        found["login"] = in_both_themes(page)
    with alone(browser, demo) as (context, _), alone(browser, demo) as (other, _):
        operator, agency = context.new_page(), other.new_page()
        sign_in(operator, demo, "operator")
        expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
        incident = open_newest(operator, demo, spot=0)
        expect(operator.locator(LIVE_TILE)).to_be_visible(timeout=60_000)
        found["console"] = in_both_themes(operator)
        operator.close()
        sign_in(agency, demo, "agency112", "/viewer")
        open_in_viewer(agency, incident)
        expect(agency.locator(LIVE_TILE)).to_be_visible(timeout=60_000)
        found["viewer"] = in_both_themes(agency)
        agency.get_by_test_id("viewer-back").click()
        expect(agency.get_by_test_id("viewer-incident").first, "the list, also of a single one").to_be_visible()
        expect(agency.get_by_test_id("logout")).to_be_visible()
        found["viewer-list"] = in_both_themes(agency)
    for name, path, table in (
        ("privacy", "/privacy", "audit"),
        ("admin", "/admin", "accounts"),
        ("crew119", "/field", "field-idle"),
    ):
        with alone(browser, demo) as (context, _):
            page = context.new_page()
            sign_in(page, demo, name, path)
            expect(page.get_by_test_id(table)).to_be_visible(timeout=60_000)
            found[name] = in_both_themes(page)
    assert {where: what for where, what in found.items() if what} == {}


def test_on_a_closed_network_pictures_and_map_come_and_nobody_else_is_asked(demo: Demo, browser: Browser) -> None:
    with alone(browser, demo) as (context, foreign):
        operator = context.new_page()
        sign_in(operator, demo, "operator")
        expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
        incident = open_newest(operator, demo, spot=1)
        wait_for(lambda: moving(operator, 1), PATIENCE, "a moving tile", lambda: tiles_seen(operator))
        expect(operator.locator("[data-testid=map][data-ready=true]")).to_be_attached(timeout=60_000)
        operator.close()
        with alone(browser, demo) as (other, foreign_too):
            agency = other.new_page()
            sign_in(agency, demo, "agency112", "/viewer")
            open_in_viewer(agency, incident)
            wait_for(lambda: moving(agency, 1), PATIENCE, "a moving tile", lambda: tiles_seen(agency))
            expect(agency.locator("[data-testid=map][data-ready=true]")).to_be_attached(timeout=60_000)
            assert (foreign, foreign_too) == (set(), set())


def test_without_media_source_a_tile_moves_by_hls_and_stops_when_the_incident_is_closed(
    demo: Demo, browser: Browser
) -> None:
    with alone(browser, demo) as (context, foreign):
        context.add_init_script(NO_MEDIA_SOURCE)
        operator = context.new_page()
        sign_in(operator, demo, "operator")
        expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
        open_newest(operator, demo, spot=2)
        wait_for(lambda: moving(operator, 1), PATIENCE, "a tile moving by HLS", lambda: tiles_seen(operator))
        expect(operator.get_by_test_id("tile-1")).to_contain_text("HLS")
        operator.keyboard.press("c")
        operator.keyboard.press("1")
        operator.keyboard.press("Enter")
        gone = operator.locator("[data-testid=tile-1]:not([data-state=ended]):not([data-state=refused])")
        expect(gone).to_have_count(0, timeout=10_000)
        assert not moving(operator, 1)
        assert foreign == set()


def test_a_new_critical_incident_sounds_once_the_page_was_touched(demo: Demo, browser: Browser) -> None:
    with alone(browser, demo) as (context, _):
        context.add_init_script(NOTE_TONES)
        operator = context.new_page()
        sign_in(operator, demo, "operator")
        expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
        for row in operator.locator("[data-testid=queue-row][data-acknowledged=false]").all():
            row.click()  # a touch; then silence, so that what is heard is the new one
            operator.keyboard.press("a")
        expect(operator.locator("[data-testid=queue-row][data-acknowledged=false]")).to_have_count(0)
        operator.evaluate("window.tones.length = 0")
        demo.report("112", spot=3, follow_up=False)
        tones = wait_for(lambda: operator.evaluate("window.tones"), PATIENCE, "an oscillator started")
        assert {tone["state"] for tone in tones} == {"running"}
        assert 988 in {round(tone["hertz"]) for tone in tones}
