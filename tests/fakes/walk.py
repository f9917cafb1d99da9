"""A running demo as its users meet it: sign in, report over the wire, see whether pictures move."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

OURS = {"X-Goldentime": "1"}
SEEN = Path(__file__).parents[2] / "build" / "browser" / "failed.png"
SCENARIOS = Path(__file__).parents[1] / "browser"


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, its one-time logins and the agencies' keys."""

    url: str
    people: dict[str, str]
    keys: dict[str, str]
    hotspots: list[dict[str, Any]]
    pid: int
    doors: dict[str, int]
    log: Path

    def report(
        self, agency: str = "112", *, follow_up: bool = False, spot: int = 0, linkage: str | None = None
    ) -> None:
        """One report over the wire from the simulated agency, over TCP if a linkage is named, where cameras play."""
        place = self.hotspots[spot]
        command = [sys.executable, "-m", "goldentime", "simagency", agency, "--count", "1"]
        if linkage is None:
            command += ["--url", self.url]
        else:
            command += ["--tcp", f"127.0.0.1:{self.doors[linkage]}", "--linkage", linkage]
        command += ["--scenario", str(SCENARIOS / f"walk_{agency}.toml")]
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


def read_demo(logins: Path, pid: int, log: Path) -> Demo:
    """The demo that wrote these logins."""
    told = json.loads(logins.read_text())
    url = f"http://127.0.0.1:{told['port']}"
    return Demo(url, told["people"], told["keys"], told["hotspots"], pid, told["doors"], log)


def wait_for(true: Callable[[], Any], seconds: float, what: str, seen: Callable[[], Any] = lambda: "") -> Any:
    """What `true` returns as soon as it is truthy; fails in words, with what was `seen`, after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail(f"{what}: not within {seconds} s {seen()}")


def sign_in(page: Page, demo: Demo, name: str, path: str = "/") -> None:
    """As the person would, by keyboard."""
    page.goto(demo.url + path)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", demo.people[name])
    page.keyboard.press("Enter")


def told(http: httpx.Client, who: str, demo: Demo) -> Callable[..., Any]:
    """How that person asks, signed in."""
    http.cookies.clear()
    http.post("/api/session", json={"name": who, "password": demo.people[who]}).raise_for_status()

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return ask


def moving(page: Page, tile: int) -> bool:
    """Whether the tile's picture changes and its clock runs, in two looks half a second apart."""
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
      for (let i = 0; i < pixels.length; i += 4)
        sum = (sum * 31 + pixels[i] * 7 + pixels[i + 1] * 3 + pixels[i + 2]) >>> 0;
      return { time: video.currentTime, sum };
    }"""
    first = page.evaluate(look, tile)
    page.wait_for_timeout(500)
    second = page.evaluate(look, tile)
    return bool(first and second and second["time"] > first["time"] and second["sum"] != first["sum"])


def tiles_seen(page: Page) -> Any:
    """Each tile's words and state, and its picture's clock: what a failing walk prints, beside its screenshot."""
    page.screenshot(path=SEEN)
    return page.evaluate("""
    () => [...document.querySelectorAll('[data-testid^=tile-]')].map((tile) => {
      const video = tile.querySelector('video');
      const buffered = video && video.buffered.length ? video.buffered.end(video.buffered.length - 1) : null;
      const error = String(video?.error?.message);
      const clock = video && [video.readyState, video.currentTime, video.paused, buffered, error];
      return [tile.dataset.testid, tile.dataset.state, tile.innerText, clock];
    })""")
