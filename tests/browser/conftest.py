"""A whole demo in a process of its own, and a real Chromium to look at it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
STATE = ROOT / "build" / "browser"  # kept between runs only for the film, which takes longest
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, its one-time logins and the agencies' keys."""

    url: str
    people: dict[str, str]
    keys: dict[str, str]
    hotspots: list[dict[str, Any]]
    pid: int

    def report(self, agency: str = "112", *, follow_up: bool = False, spot: int = 0) -> None:
        """One report over the wire from the simulated agency, at a place where cameras play."""
        place = self.hotspots[spot]
        command = [sys.executable, "-m", "goldentime", "simagency", agency, "--url", self.url, "--count", "1"]
        command += ["--near", f"{place['lon']},{place['lat']},20", "--quiet"]
        command += [] if follow_up else ["--no-follow-up"]
        key = self.keys[f"agency-{agency}"]
        done = subprocess.run(
            command,
            env={**os.environ, "GOLDENTIME_AGENCY_KEY": key},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def wait_for(true: Callable[[], Any], seconds: float, what: str) -> Any:
    """What `true` returns as soon as it is truthy; fails in words after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail(f"{what}: not within {seconds} s")


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """`goldentime demo` with no agency reporting by itself."""
    STATE.mkdir(parents=True, exist_ok=True)
    logins = STATE / "logins.json"
    logins.unlink(missing_ok=True)
    command = [sys.executable, "-m", "goldentime", "demo", "--data", str(STATE / "demo"), "--port", "0", "--every", "0"]
    log = (STATE / "demo.log").open("wb")
    process = subprocess.Popen([*command, "--logins", str(logins)], stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: logins.exists() or process.poll() is not None, 180, "the demo's logins")
        assert process.poll() is None, (STATE / "demo.log").read_text()
        told = json.loads(logins.read_text())
        url = f"http://127.0.0.1:{told['port']}"
        wait_for(lambda: httpx.get(f"{url}/api/health").is_success, 20, "the platform's health")
        yield Demo(url, told["people"], told["keys"], told["hotspots"], process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        assert os.environ.get("CI") != "true", "CI must have a Chromium; scripts/install_browser.sh installs it"
        pytest.skip("no Chromium on this machine; see scripts/install_browser.sh")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile on a desktop screen."""
    fresh = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="ko-KR")
    yield fresh
    fresh.close()


def sign_in(page: Page, demo: Demo, name: str, path: str = "/") -> None:
    """As the person would, by keyboard."""
    page.goto(demo.url + path)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", demo.people[name])
    page.keyboard.press("Enter")


def moving(page: Page, tile: int) -> bool:
    """Whether the tile's picture changes and its clock runs: two looks half a second apart differ in pixels."""
    look = """
    (number) => {
      const video = document.querySelector(`[data-testid=tile-${number}] video`);
      if (!video || video.readyState < 2) return null;
      const canvas = document.createElement('canvas');
      canvas.width = 64; canvas.height = 36;
      const brush = canvas.getContext('2d');
      brush.drawImage(video, 0, 0, 64, 36);
      const pixels = brush.getImageData(0, 0, 64, 36).data;
      let sum = 0;
      for (let i = 0; i < pixels.length; i += 4) sum = (sum * 31 + pixels[i] * 7 + pixels[i + 1] * 3 + pixels[i + 2]) >>> 0;
      return { time: video.currentTime, sum };
    }"""
    first = page.evaluate(look, tile)
    page.wait_for_timeout(500)
    second = page.evaluate(look, tile)
    return bool(first and second and second["time"] > first["time"] and second["sum"] != first["sum"])
