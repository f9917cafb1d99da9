"""From the agency's report to the first moving picture in its own browser, its incident list open, cameras warm."""

import asyncio
import json
import os
import random
import statistics
import time
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from bench.city_server import Running, running_city
from bench.ending import BenchFailed
from bench.media_cameras import cameras
from bench.report import agency_session, body
from bench.soak import street_360p

REPEATS, PLACES, WARM_SECONDS = 20, 3, 6.0
ARGUMENTS = ["--no-sandbox", "--enable-unsafe-swiftshader", "--autoplay-policy=no-user-gesture-required"]
NO_MAP = [
    "--disable-3d-apis"
]  # the map then says that it cannot be drawn: what drawing it in software costs is left out
STEPS = {
    "row": "row in the list",
    "asked": "view asked",
    "granted": "view granted",
    "bytes": "first video bytes in the page",
    "frame": "frame",
    "map": "map drawn",
}
# the page's sockets note when the first video arrives, so that what the browser takes to draw it stands apart
NOTE_BYTES = """window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    this.addEventListener('message', (event) => {
      if (typeof event.data !== 'string') window.bytesAt ??= performance.timeOrigin + performance.now();
    });
  }
};"""
Row = dict[str, Any]
# opens the new incident as soon as its row is there and notes, in ms since 1970, when each step was reached
WATCH = """(before) => new Promise((done) => {
  const at = {}, now = () => performance.timeOrigin + performance.now();
  performance.clearResourceTimings();
  const look = () => {
    const rows = document.querySelectorAll('[data-testid=viewer-incident]');
    if (!at.row && rows.length > before) { at.row = now(); rows[0].click(); }
    if (at.row && [...document.querySelectorAll('video')].some((one) => one.currentTime > 0 && one.readyState >= 2)) {
      at.frame = now();
      const views = performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/views'));
      if (views.length) {
        at.asked = performance.timeOrigin + views[0].startTime;
        at.granted = performance.timeOrigin + views[0].responseEnd;
      }
      if (window.bytesAt) at.bytes = window.bytesAt;
      done(at);
    } else setTimeout(look, 2);
  };
  setTimeout(() => done(at), 30000);
  look();
})"""


def report(city: Running, session: str, number: int, place: tuple[float, float]) -> None:
    """One report over the wire; raises BenchFailed when it is refused."""
    answer = httpx.post(
        f"http://127.0.0.1:{city.port}/linkHttp/recvEvent.json",
        content=body(number, place),
        headers={"X-Scsns-Secret": session, "Content-Type": "application/json"},
    )
    if answer.json().get("result") != "0":
        raise BenchFailed(f"a report was refused: {answer.text}")


def show_list(page: Page, city: Running, count: int) -> None:
    """The agency's list with so many incidents, at rest."""
    page.goto(f"http://127.0.0.1:{city.port}/viewer")
    page.wait_for_function(
        "(count) => document.querySelectorAll('[data-testid=viewer-incident]').length >= count", arg=count
    )
    page.wait_for_timeout(700)


def measure(city: Running, arguments: list[str], first: int) -> list[dict[str, float]]:
    """Milliseconds from the report's first byte to each step, once a repeat; `first` is the first report's number."""
    session, took = asyncio.run(agency_session(city)), []
    places = random.Random(9).sample(city.places, PLACES)  # noqa: S311  (the same each time)
    for number, place in enumerate(places, first):
        report(city, session, number, place)
    time.sleep(WARM_SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="ko-KR")
        page.add_init_script(NOTE_BYTES)
        page.goto(f"http://127.0.0.1:{city.port}/viewer")
        page.fill("input[name=name]", "agency112")
        page.fill("input[name=password]", city.people["agency112"])
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-testid=viewer-incident]", timeout=60_000)
        for turn in range(REPEATS):
            count = first + PLACES + turn
            show_list(page, city, count)
            page.evaluate(f"window.told = ({WATCH})({count}); null")
            started = time.time() * 1000
            report(city, session, count, places[turn % PLACES])
            at = page.evaluate("window.told")
            if "frame" not in at:
                raise BenchFailed(f"no picture within 30 s; reached: {sorted(at)}")
            if NO_MAP[0] not in arguments:  # it comes after the picture, and must come
                page.wait_for_selector("[data-testid=map][data-ready=true]", timeout=30_000)
                at["map"] = time.time() * 1000
            took.append({step: at[step] - started for step in STEPS if step in at})
        browser.close()
    return took


def rows() -> list[Row]:
    """The figure, and where its time goes."""
    with cameras(street_360p()) as base, running_city(base) as city:
        took = measure(city, ARGUMENTS, 0)
        bare = measure(city, ARGUMENTS + NO_MAP, PLACES + REPEATS)
    whole, without = ([one["frame"] for one in some] for some in (took, bare))
    late, late_without = (statistics.quantiles(some, n=20)[-1] for some in (whole, without))
    what, load = "report to first frame in the agency's browser, cameras warm", os.getloadavg()[0]
    found: list[Row] = [
        {"what": f"{what}, p95 of {len(took)}", "value": round(late), "unit": "ms",
         "rival": f"load {load:.1f} on {os.cpu_count()} cores, the map drawn in software;"
         f" {late_without:.0f} ms where no map is drawn", "ratio": round(late / late_without, 2),
         "reach": "< 1000 ms", "met": late < 1000},
        {"what": f"{what}, median", "value": round(statistics.median(whole)), "unit": "ms", "met": None},
    ]  # fmt: skip
    without_map = round(statistics.median(without))
    found.append({"what": f"{what}, where no map is drawn, median", "value": without_map, "unit": "ms", "met": None})
    before: str | None = None
    for step, name in STEPS.items():
        spans = [
            one[step] - (one[before] if before else 0.0)
            for one in took
            if step in one and (not before or before in one)
        ]
        middle = round(statistics.median(spans)) if spans else None
        earlier = STEPS[before] if before else "report sent"
        found.append({"what": f"of it {earlier} to {name}, median", "value": middle, "unit": "ms", "met": None})
        before = step
    return found


if __name__ == "__main__":
    for line in rows():
        print(json.dumps(line, ensure_ascii=False))
