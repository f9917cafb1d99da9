"""Takes the pictures of the documentation from a running demo: `python scripts/take_pictures.py LOGINS.json`.

Start the demo with `goldentime demo --every 12 --logins LOGINS.json` and let a few reports come in first.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
ARGUMENTS = ["--no-sandbox", "--enable-unsafe-swiftshader", "--autoplay-policy=no-user-gesture-required"]
DESKTOP, VIEWER, PHONE = (1920, 1080), (1440, 900), (390, 844)


def page_of(browser: Browser, told: dict[str, Any], who: str, path: str, size: tuple[int, int], language: str) -> Page:
    """A signed-in page."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{told['port']}{path}")
    page.fill("input[name=name]", who)
    page.fill("input[name=password]", told["people"][who])
    page.keyboard.press("Enter")
    return page


def settled(page: Page) -> None:
    """Until the first two tiles move and the map has drawn."""
    page.wait_for_selector("[data-testid=tile-1][data-state=live]", timeout=30_000)
    page.wait_for_selector("[data-testid=tile-4][data-state=live]", timeout=30_000)
    page.wait_for_timeout(4000)


def send_units(page: Page) -> None:
    """Who is suggested is sent, and drives."""
    page.wait_for_selector("[data-testid=order-suggested]", timeout=30_000)
    page.keyboard.press("a")
    page.keyboard.press("d")
    page.wait_for_selector("[data-testid=map]:not([data-ways='0'])", timeout=30_000)
    page.wait_for_selector("[data-testid=on-call][data-state=en_route]", timeout=180_000)


def take_crew(browser: Browser, told: dict[str, Any]) -> None:
    """The page of a crew that is on its way, where one of the two is."""
    for who in ("crew119", "crew112"):
        crew = page_of(browser, told, who, "/field", PHONE, "ko-KR")
        crew.wait_for_selector("[data-testid=field-call], [data-testid=field-idle]", timeout=30_000)
        if crew.locator("[data-testid=field-turn]").count() == 0:
            continue
        crew.wait_for_selector("[data-testid=field-tile][data-state=live]", timeout=30_000)
        crew.wait_for_timeout(4000)
        crew.screenshot(path=PICTURES / "field.jpg", type="jpeg", quality=88)
        return


def take(browser: Browser, told: dict[str, Any]) -> None:
    """Every picture, in order."""
    page = page_of(browser, told, "operator", "/", DESKTOP, "ko-KR")
    page.locator("[data-testid=queue-row]", has_text=re.compile("화재")).first.click(timeout=300_000)
    settled(page)
    send_units(page)
    take_crew(browser, told)
    page.screenshot(path=PICTURES / "operator.jpg", type="jpeg", quality=88)
    page.get_by_test_id("theme").click()
    page.get_by_test_id("language").get_by_text("EN").click()
    page.wait_for_timeout(3000)
    page.screenshot(path=PICTURES / "operator-light-en.jpg", type="jpeg", quality=88)
    for name, size in (("agency-viewer", VIEWER), ("agency-phone", PHONE)):
        viewer = page_of(browser, told, "agency112", "/viewer", size, "ko-KR")
        viewer.wait_for_selector("[data-testid=viewer], [data-testid=viewer-incident]", timeout=30_000)
        if viewer.locator("[data-testid=viewer]").count() == 0:
            viewer.locator("[data-testid=viewer-incident]").first.click()
        settled(viewer)
        viewer.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=88)
    for who, path in (("privacy", "/privacy"), ("admin", "/admin")):
        other = page_of(browser, told, who, path, VIEWER, "ko-KR")
        other.wait_for_timeout(2500)
        other.screenshot(path=PICTURES / f"{path.strip('/')}.png")


def main() -> None:
    """Take them all."""
    told = json.loads(Path(sys.argv[1]).read_text())
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        take(browser, told)
        browser.close()


if __name__ == "__main__":
    main()
