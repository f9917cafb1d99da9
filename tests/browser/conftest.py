"""A whole demo in a process of its own, and a real Chromium to look at it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from fakes.walk import Demo, wait_for

ROOT = Path(__file__).parents[2]
STATE = ROOT / "build" / "browser"  # kept between runs only for the film, which takes longest
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=no-user-gesture-required",
]


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
