"""From a click to the first frame of a running camera: ours through the whole platform, Janus, HLS, turn by turn."""

import asyncio
import contextlib
import statistics
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from bench.city_server import Running, running_city
from bench.media_cameras import cameras, film_720p
from bench.media_janus import fed, may_run, running_janus

CLICKS = 25
HLS_JS = Path(__file__).parents[1] / "web" / "node_modules" / "hls.js" / "dist" / "hls.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    # the page is put in by the bench, and Janus cannot look up names ending in .local
    "--disable-features=LocalNetworkAccessChecks,WebRtcHideLocalIpsWithMdns",
]


async def open_page(browser: Any, origin: str) -> Page:
    """The bench's page at this origin."""
    page: Page = await browser.new_page()
    await page.route(
        f"{origin}/bench-page",
        lambda route: route.fulfill(path=Path(__file__).with_name("media_page.html"), content_type="text/html"),
    )
    await page.goto(f"{origin}/bench-page")
    return page


async def _clicks(city: Running, base: str, took: dict[str, list[float]]) -> None:
    async with contextlib.AsyncExitStack() as stack:
        janus = None
        if may_run():
            janus = stack.enter_context(running_janus())
            await stack.enter_async_context(fed(janus, f"{base}/cam/janus"))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            page = await open_page(browser, f"http://127.0.0.1:{city.port}")
            await page.evaluate("([name, word]) => signIn(name, word)", ["operator", city.people["operator"]])
            if janus:
                await page.evaluate("(address) => janusConnect(address)", janus.signalling)
            lon, lat = city.places[len(city.places) // 2]
            near = f"fetch('/api/cameras/near?lon={lon}&lat={lat}').then((answer) => answer.json())"
            camera = await page.evaluate(f"{near}.then((found) => found.cameras[0].camera_id)")
            await page.evaluate("(camera) => clickOurs(camera, true)", camera)  # one viewer stays, so it stays warm
            has_hls = HLS_JS.exists()
            if has_hls:
                await page.add_script_tag(path=HLS_JS)
            await asyncio.sleep(4)  # until HLS has segments, which is no part of the click
            for _ in range(CLICKS):
                _note(took, "ours", await page.evaluate("(camera) => clickOurs(camera, false)", camera))
                await asyncio.sleep(0.37)  # so that clicks fall anywhere in a GOP
                if janus:
                    _note(took, "janus", await page.evaluate("clickJanus()"))
                if has_hls:
                    _note(took, "hls", await page.evaluate("(camera) => clickHls(camera)", camera))
            await browser.close()


def _note(took: dict[str, list[float]], who: str, answer: dict[str, float | None]) -> None:
    """A click without a picture counts as the whole wait."""
    took.setdefault(who, []).append(answer["took"] if answer["took"] is not None else 8000.0)
    if answer.get("granted") is not None:
        took.setdefault("granted", []).append(float(answer["granted"] or 0))


def rows() -> list[dict[str, Any]]:
    """Milliseconds; ours begins with asking for the view, so the grant and the access log are in it."""
    took: dict[str, list[float]] = {}
    with cameras(film_720p()) as base, running_city(base) as city:
        asyncio.run(_clicks(city, base, took))
    medians = {who: round(statistics.median(values), 1) for who, values in took.items()}
    ours, janus = medians["ours"], medians.get("janus")
    ninety_fifth = round(statistics.quantiles(took["ours"], n=20)[-1], 1)
    what = "click to first frame, warm, grant and audit included"
    beside: dict[str, Any] = {"rival": "Janus: not installed, not run", "reach": "not above Janus", "met": None}
    if janus:
        beside = {"rival": "Janus 1.1.2, cached key frame, session open", "ratio": round(ours / janus, 2),
                  "reach": f"not above Janus ({janus} ms)", "met": ours <= janus}  # fmt: skip
    found = [
        {"what": f"{what}, median", "value": ours, "unit": "ms", **beside},
        {"what": f"{what}, p95", "value": ninety_fifth, "unit": "ms", "reach": None, "met": None},
        {"what": "of it until the grant is on record, median", "value": medians["granted"], "unit": "ms",
         "reach": None, "met": None},
    ]  # fmt: skip
    if "hls" in medians:
        found.append(
            {"what": f"{what}, median beside HLS", "value": ours, "unit": "ms", "rival": "own HLS with hls.js",
             "ratio": round(ours / medians["hls"], 2), "reach": f"not above HLS ({medians['hls']} ms)",
             "met": ours <= medians["hls"]}
        )  # fmt: skip
    return found
