"""From opening the crew's page, and from an order, to the scene's picture over a poor link, in a real Chromium."""

import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench.ending import BenchFailed, end_in_order
from goldentime.demo import MARK
from goldentime.sim.poor_link import GOOD, POOR_LTE, WEAK_LTE, PoorLink, Profile

SUWON = Path(__file__).parents[2] / "shared" / "cities" / "suwon"
KEPT = Path(__file__).parents[1] / "build" / "bench" / "poor_link"
ROUNDS, FIRST_PICTURE, MOVING_WITHIN = 8, 2000, 20.0
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
ARGUMENTS += ["--autoplay-policy=no-user-gesture-required", "--proxy-bypass-list=<-loopback>"]
OURS = {"X-Goldentime": "1"}
Row = dict[str, Any]
# when the scene's first still was drawn and its first picture moved, and each rung of the ladder, in ms since 1970
NOTE = """
window.seen = { rungs: [] };
const now = () => performance.timeOrigin + performance.now();
const note = (name) => { window.seen[name] ??= now(); };
const look = () => {
  const tile = document.querySelector('[data-testid=field-tile]');
  if (!tile) return;
  const picture = tile.querySelector('img.still');
  if (picture && !picture.noted) {
    picture.noted = true;
    picture.decode().then(() => requestAnimationFrame(() => note('still'))).catch(() => { picture.noted = false; });
  }
  for (const video of tile.querySelectorAll('video'))
    if (!video.noted) {
      video.noted = true;
      video.requestVideoFrameCallback(() => note('moving'));
    }
  const rung = tile.dataset.rung;
  if (window.seen.rungs.at(-1)?.[1] !== rung) window.seen.rungs.push([now(), rung]);
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo and what is needed to order its crew."""

    url: str
    people: dict[str, str]
    incident: str
    unit: str
    http: httpx.AsyncClient

    async def ask(self, path: str, body: Any) -> Any:
        """The answer to the operator; raises BenchFailed when refused."""
        answer = await self.http.post(f"{self.url}{path}", json=body, headers=OURS)
        if not answer.is_success:
            raise BenchFailed(f"{path}: {answer.status_code} {answer.text}")
        return answer.json()

    async def order(self) -> None:
        """Send the crew."""
        await self.ask("/api/orders", {"incident_id": self.incident, "units": [self.unit]})

    async def call_back(self) -> None:
        """Take the order back."""
        await self.ask(f"/api/units/{self.unit}/call-back", {})


@contextlib.asynccontextmanager
async def running_demo() -> AsyncIterator[Demo]:
    """A demo of Suwon, of the drawn city where it is missing; a fire with its cameras open, no order yet."""
    KEPT.mkdir(parents=True, exist_ok=True)
    logins, log, data = KEPT / "logins.json", KEPT / "demo.log", KEPT / "data"
    data.mkdir(exist_ok=True)
    (data / MARK).touch()
    logins.unlink(missing_ok=True)
    city = ["--city", str(SUWON)] if SUWON.exists() and os.environ.get("CITY") != "drawn" else []
    command = [sys.executable, "-m", "goldentime", "demo", *city, "--data", str(data), "--port", "0"]
    command += ["--every", "0", "--units", "0", "--logins", str(logins)]
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)  # noqa: ASYNC220  (started once)
    try:
        end = time.monotonic() + 240
        while not logins.exists():
            if process.poll() is not None or time.monotonic() > end:
                raise BenchFailed(f"the demo did not start: {log.read_text()[-500:]}")
            await asyncio.sleep(0.2)
        told_by = json.loads(logins.read_text())
        async with httpx.AsyncClient(timeout=30) as http:
            yield await _prepared(f"http://127.0.0.1:{told_by['port']}", told_by, http)
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


async def _prepared(url: str, told: Row, http: httpx.AsyncClient) -> Demo:
    people, place = told["people"], told["hotspots"][0]
    await _until(lambda: _healthy(http, url), 30)
    who = {"name": "crew119", "password": people["crew119"]}
    crew = await http.post(f"{url}/api/session", json=who, headers=OURS)
    brief = (await http.get(f"{url}/api/field", cookies=crew.cookies)).json()
    http.cookies.clear()
    who = {"name": "operator", "password": people["operator"]}
    await http.post(f"{url}/api/session", json=who, headers=OURS)
    demo = Demo(url, people, "", brief["unit"]["id"], http)
    report = {"title": "상가 화재", "service": "119_dispatch", "severity": "critical"}
    opened = await demo.ask("/api/incidents", {**report, "lon": place["lon"], "lat": place["lat"]})
    await demo.ask(f"/api/incidents/{opened['id']}/share", {"agency_id": "agency-119"})
    await asyncio.sleep(6)  # the cameras are open before anybody is sent, as they are in life
    return Demo(url, people, opened["id"], brief["unit"]["id"], http)


async def _healthy(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/api/health")).is_success
    except httpx.TransportError:
        return False


async def _until(true: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not await true():
        if time.monotonic() > end:
            raise BenchFailed("not within its time")
        await asyncio.sleep(0.05)


async def phone_of(demo: Demo, browser: Browser) -> BrowserContext:
    """The crew's phone: signed in, the page kept by its worker, its map kept too, as one in use."""
    phone = await browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    await phone.add_init_script(NOTE)
    page = await phone.new_page()
    await page.goto(f"{demo.url}/field")
    await page.fill("input[name=name]", "crew119")
    await page.fill("input[name=password]", demo.people["crew119"])
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[data-testid=field-idle]", timeout=60_000)
    await demo.order()
    await page.wait_for_selector("[data-testid=field-map] [data-ready=true]", timeout=60_000, state="attached")
    await page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=20_000)
    for _ in range(2):  # once controlled by the worker, with the rooms it loads later
        await page.reload()
        await page.wait_for_function("() => window.seen.still", timeout=60_000)
    await page.wait_for_function("() => localStorage['goldentime.field.pack']", timeout=60_000)
    await page.close()
    await demo.call_back()
    return phone


async def opening(demo: Demo, phone: BrowserContext, link: PoorLink) -> dict[str, float]:
    """Ordered already, the page is opened anew over a link with no connection open; ms from the navigation's start."""
    await demo.order()
    await link.cut()
    page = await phone.new_page()
    await page.goto(f"{demo.url}/field", wait_until="commit")
    took = await _seen(page, await page.evaluate("performance.timeOrigin"))
    await page.close()
    await demo.call_back()
    return took


async def arriving(demo: Demo, phone: BrowserContext) -> dict[str, float]:
    """The page waits without an order; ms from the moment the order is sent."""
    page = await phone.new_page()
    await page.goto(f"{demo.url}/field", wait_until="commit")
    await page.wait_for_selector("[data-testid=field-ended], [data-testid=field-idle]", timeout=60_000)
    await asyncio.sleep(5.3)  # anywhere between two looks
    started = time.time() * 1000
    await demo.order()
    took = await _seen(page, started)
    await page.close()
    await demo.call_back()
    return took


async def _seen(page: Page, started: float) -> dict[str, float]:
    with contextlib.suppress(Exception):
        await page.wait_for_function("() => window.seen.moving && window.seen.still", timeout=MOVING_WITHIN * 1000)
    seen = await page.evaluate("window.seen")
    return {name: seen[name] - started for name in ("still", "moving") if name in seen}


async def ladder(demo: Demo, phone: BrowserContext, link: PoorLink) -> list[Row]:
    """Which rung is reached on each link, and how long it takes to step down and up when it changes."""
    found: list[Row] = []
    await demo.order()
    page = await phone.new_page()
    await page.goto(f"{demo.url}/field", wait_until="commit")
    steps_of_link = ((GOOD, 15, "full"), (POOR_LTE, 20, "low or still"), (WEAK_LTE, 40, "full"), (GOOD, 30, "full"))
    for profile, seconds, reach in steps_of_link:
        link.set_profile(profile)
        changed = time.time() * 1000
        await asyncio.sleep(seconds)
        rungs = await page.evaluate("window.seen.rungs")
        steps = [f"{rung} {max(0.0, at - changed) / 1000:.1f} s" for at, rung in rungs if at >= changed]
        words = ", ".join(steps) or "no change"
        found.append({"what": f"ladder, link becomes {profile.name}: rung after {seconds} s", "value": rungs[-1][1],
                      "unit": "", "rival": words, "reach": reach, "met": rungs[-1][1] in reach})  # fmt: skip
    await page.close()
    await demo.call_back()
    return found


def figures(what: str, took: list[dict[str, float]]) -> list[Row]:
    """The slowest first still against its reach, the middle one, and the first moving picture."""
    stills = [one.get("still", MOVING_WITHIN * 1000) for one in took]
    moving = sorted(one["moving"] for one in took if "moving" in one)
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return [
        {"what": f"{what} to the first picture, slowest of {len(took)}", "value": round(max(stills)), "unit": "ms",
         "rival": load, "reach": f"< {FIRST_PICTURE} ms", "met": max(stills) < FIRST_PICTURE},
        {"what": f"{what} to the first picture, median", "value": round(statistics.median(stills)), "unit": "ms",
         "met": None},
        {"what": f"{what} to the first moving picture, median",
         "value": round(statistics.median(moving)) if moving else None, "unit": "ms",
         "rival": f"{len(moving)} of {len(took)} within {MOVING_WITHIN:.0f} s", "met": None},
    ]  # fmt: skip


async def _measure(profiles: tuple[Profile, ...]) -> list[Row]:
    found: list[Row] = []
    link = PoorLink(GOOD)
    await link.start()
    async with running_demo() as demo, async_playwright() as playwright:
        address = {"server": f"socks5://127.0.0.1:{link.port}"}
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, proxy=address)  # type: ignore[arg-type]
        phone = await phone_of(demo, browser)
        for profile in profiles:
            link.set_profile(profile)
            found += figures(
                f"{profile.name}: the crew's page opened", [await opening(demo, phone, link) for _ in range(ROUNDS)]
            )
            found += figures(f"{profile.name}: order sent", [await arriving(demo, phone) for _ in range(ROUNDS)])
        found += await ladder(demo, phone, link)
        await browser.close()
    await link.stop()
    return found


def rows() -> list[Row]:
    """Milliseconds on a phone's screen of 390 x 844, page and map kept on it, every connection made anew."""
    return asyncio.run(_measure((POOR_LTE, WEAK_LTE)))


if __name__ == "__main__":
    end_in_order()  # told to end, it takes its demo along
    ROUNDS = int(os.environ.get("ROUNDS", ROUNDS))
    for row in rows():
        print(row)
