"""The crew's picture over a link that narrows and widens again: stills, small video, the full picture, and back."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from fakes.narrow_link import NarrowLink, narrow_link
from fakes.walk import OURS, Demo, sign_in, told, wait_for
from goldentime.sim.poor_link import GOOD, POOR_LTE, Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "build" / "browser"
PATIENCE = 60  # seconds; how fast it is, the bench says
HARDLY = Profile("60 kbit/s, 150 ms", 60_000, 60_000, 150)  # less than a camera's small stream
NOTE_RUNGS = """
window.rungs = [];
new MutationObserver(() => {
  const rung = document.querySelector('[data-testid=field-tile]')?.dataset.rung;
  if (rung && window.rungs.at(-1) !== rung) window.rungs.push(rung);
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


@pytest.fixture
def link() -> Iterator[NarrowLink]:
    """The phone's link, good at first."""
    with narrow_link(GOOD) as one:
        yield one


@pytest.fixture
def crew(demo: Demo, browser: Browser, link: NarrowLink) -> Iterator[Page]:
    """A crew's phone behind the link, waiting for an order."""
    phone = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="ko-KR",
        proxy={"server": link.proxy, "bypass": "<-loopback>"},
    )
    phone.add_init_script(NOTE_RUNGS)
    page = phone.new_page()
    sign_in(page, demo, "crew119", "/field")
    expect(page.get_by_test_id("field-idle")).to_be_visible(timeout=PATIENCE * 1000)
    yield page
    phone.close()


def test_the_picture_becomes_what_the_link_carries_and_never_one_of_long_ago(
    demo: Demo, crew: Page, link: NarrowLink
) -> None:
    with ordered_to_a_camera_with_a_small_stream(demo):
        wait_for(lambda: moves(crew, "full"), PATIENCE, "the full picture", lambda: seen(crew))
        assert crew.evaluate("window.rungs") == ["still", "low", "full"], "nothing is tried before what is lighter"
        assert width(crew) == 640
        link.become(POOR_LTE)
        wait_for(lambda: moves(crew, "low"), PATIENCE, "the small stream", lambda: seen(crew))
        assert width(crew) == 320
        assert behind(crew) < 3000, "what is shown is of now"
        expect(crew.locator(".field-rung")).to_have_text("저화질 영상")
        crew.screenshot(path=PICTURES / "field-low.png")
        link.become(HARDLY)
        wait_for(lambda: rung(crew) == "still", PATIENCE, "stills", lambda: seen(crew))
        expect(crew.locator("[data-testid=field-tile] img.still")).to_be_visible(timeout=PATIENCE * 1000)
        expect(crew.locator(".field-rung")).to_contain_text("전")
        crew.screenshot(path=PICTURES / "field-still.png")
        link.become(GOOD)
        wait_for(lambda: moves(crew, "low") or moves(crew, "full"), 2 * PATIENCE, "up again", lambda: seen(crew))


@contextlib.contextmanager
def ordered_to_a_camera_with_a_small_stream(demo: Demo) -> Iterator[None]:
    """The crew is sent to a fire whose first camera has a small stream; at the end the incident is closed."""
    with httpx.Client(base_url=demo.url, headers=OURS, timeout=30) as http:
        unit = told(http, "crew119", demo)("GET", "/api/field")["unit"]["id"]
        ask = told(http, "operator", demo)
        incident = next(one for place in demo.hotspots if (one := opened(ask, place)) is not None)
        ask("POST", "/api/orders", {"incident_id": incident, "units": [unit]})
        try:
            yield
        finally:  # what fails here must not meet those that come after
            ask("POST", f"/api/incidents/{incident}/close", {"disposition": "handled"})
            ask("POST", f"/api/units/{unit}/state", {"step": "return"})


def opened(ask: Callable[..., Any], place: dict[str, Any]) -> str | None:
    """A fire there, shared with the fire service; None, and closed, where the first camera has no small stream."""
    report = {"title": "상가 화재", "service": "119_dispatch", "severity": "critical"}
    incident = ask("POST", "/api/incidents", {**report, "lon": place["lon"], "lat": place["lat"]})
    number, first = incident["id"], incident["cameras"][0]["camera_id"]
    look = ask("POST", "/api/views", {"camera_id": first, "incident_id": number, "purpose": "incident"})
    ask("DELETE", f"/api/views/{look['view_id']}")
    if look["has_low"]:
        ask("POST", f"/api/incidents/{number}/share", {"agency_id": "agency-119"})
        return str(number)
    ask("POST", f"/api/incidents/{number}/close", {"disposition": "handled"})
    return None


def rung(crew: Page) -> str | None:
    return crew.get_by_test_id("field-tile").get_attribute("data-rung")


def moves(crew: Page, wanted: str) -> bool:
    """Whether that rung's picture moves in two looks half a second apart."""
    tile = crew.get_by_test_id("field-tile")
    if rung(crew) != wanted or tile.get_attribute("data-moves") != "true":
        return False
    clock = "() => document.querySelector('[data-testid=field-tile] video').currentTime"
    before = crew.evaluate(clock)
    crew.wait_for_timeout(500)
    return bool(rung(crew) == wanted and crew.evaluate(clock) > before > 0)


def width(crew: Page) -> int:
    return int(crew.evaluate("document.querySelector('[data-testid=field-tile] video').videoWidth"))


def behind(crew: Page) -> float:
    """Milliseconds the link keeps the picture waiting, as the page has measured it."""
    return float(crew.get_by_test_id("field-tile").get_attribute("data-behind") or "nan")


def seen(crew: Page) -> Any:
    crew.screenshot(path=PICTURES / "failed.png")
    return [crew.evaluate("window.rungs"), crew.get_by_test_id("field-tile").get_attribute("data-behind")]
