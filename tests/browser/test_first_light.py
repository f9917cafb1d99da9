"""The walk everything stands on: a report brings live cameras to operator and agency, until it is closed."""

import json
import os
import signal
import subprocess

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fakes.walk import Demo, moving, sign_in, tiles_seen, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TILES = (1, 2, 3, 4)
PATIENCE = 60  # seconds; how fast it is, the bench says: here a busy machine must not fail what works


def open_first_incident(operator: Page, demo: Demo, spot: int) -> str:
    """Send a report, wait for its row, open it by keyboard; its id."""
    before = operator.locator("[data-testid=queue-row]").count()
    demo.report("112", spot=spot)
    row = operator.locator("[data-testid=queue-row][data-acknowledged=false]").first
    expect(row).to_be_visible(timeout=30_000)
    assert operator.locator("[data-testid=queue-row]").count() > before
    incident = str(row.get_attribute("data-incident"))
    wait_for(lambda: _chosen(operator, incident), PATIENCE, "the row is chosen by keyboard")
    operator.keyboard.press("Enter")
    return incident


def _chosen(operator: Page, incident: str) -> bool:
    row = operator.locator(f"[data-testid=queue-row][data-incident={incident}]")
    if row.get_attribute("aria-current") == "true":
        return True
    operator.keyboard.press("j")
    operator.wait_for_timeout(100)
    return row.get_attribute("aria-current") == "true"


def all_move(page: Page) -> bool:
    return all(moving(page, tile) for tile in TILES)


def none_runs(page: Page) -> bool:
    """Whether every tile has said its end or is gone: seen in one look, for a tile may go between two."""
    return bool(
        page.evaluate("""
        () => [...document.querySelectorAll('[data-testid^=tile-]')]
          .every((tile) => ['ended', 'refused'].includes(tile.dataset.state))""")
    )


def test_a_report_brings_four_moving_pictures_to_both_and_closing_stops_them(
    demo: Demo, context: BrowserContext
) -> None:
    operator = context.new_page()
    sign_in(operator, demo, "operator")
    expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
    incident = open_first_incident(operator, demo, spot=0)
    wait_for(
        lambda: all_move(operator), PATIENCE, "four moving tiles before the operator", lambda: tiles_seen(operator)
    )

    other = context.browser.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")  # type: ignore[union-attr]
    agency = other.new_page()
    sign_in(agency, demo, "agency112", "/viewer")
    expect(agency.locator(f"[data-testid=viewer][data-incident={incident}]")).to_be_visible(timeout=60_000)
    wait_for(lambda: all_move(agency), PATIENCE, "four moving tiles before the agency", lambda: tiles_seen(agency))

    operator.keyboard.press("c")
    operator.keyboard.press("1")
    operator.keyboard.press("Enter")
    for page in (operator, agency):
        wait_for(lambda page=page: none_runs(page), 5, "every tile has stopped", lambda page=page: tiles_seen(page))
    assert not any(moving(agency, tile) for tile in TILES)
    expect(agency.get_by_text("종료").first).to_be_visible()
    other.close()


def test_killing_the_media_process_leaves_intake_alone_and_the_tiles_come_back(
    demo: Demo, context: BrowserContext
) -> None:
    operator = context.new_page()
    sign_in(operator, demo, "operator")
    expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
    open_first_incident(operator, demo, spot=1)
    wait_for(lambda: all_move(operator), PATIENCE, "four moving tiles", lambda: tiles_seen(operator))
    children = subprocess.run(
        ["pgrep", "-P", str(demo.pid), "-f", "goldentime.media"], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(children[0]), signal.SIGKILL)
    demo.report("119", spot=2)  # intake goes on
    wait_for(lambda: all_move(operator), PATIENCE, "the tiles are back", lambda: tiles_seen(operator))


def test_the_viewer_opens_by_a_one_time_code_and_the_address_keeps_nothing(demo: Demo, context: BrowserContext) -> None:
    operator = context.new_page()
    sign_in(operator, demo, "operator")
    expect(operator.get_by_test_id("queue")).to_be_visible(timeout=60_000)
    incident = open_first_incident(operator, demo, spot=3)
    answer = context.request.post(
        f"{demo.url}/api/agency/codes",
        headers={"X-Goldentime-Key": demo.keys["agency-112"], "Content-Type": "application/json"},
        data=json.dumps({"incident": incident, "person": "정해든", "person_id": "gg112037"}),
    )
    assert answer.ok, answer.text()
    url = answer.json()["url"]
    fresh = context.browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")  # type: ignore[union-attr]
    viewer = fresh.new_page()
    viewer.goto(url)
    expect(viewer.locator(f"[data-testid=viewer][data-incident={incident}]")).to_be_visible(timeout=60_000)
    assert "code=" not in viewer.url
    wait_for(lambda: moving(viewer, 1), PATIENCE, "a moving tile on a phone", lambda: tiles_seen(viewer))
    again = fresh.new_page()
    again.goto(url)
    expect(again.locator("[data-testid=viewer]")).to_have_count(0)
    fresh.close()
