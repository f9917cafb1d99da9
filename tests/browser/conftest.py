"""A whole demo in a process of its own, and a real Chromium to look at it."""

import contextlib
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

from fakes.walk import Demo, read_demo, wait_for
from goldentime.demo import MARK

ROOT = Path(__file__).parents[2]
SUWON = ROOT.parent / "shared" / "cities" / "suwon"
STATE = ROOT / "build" / "browser"  # kept between runs only for the film
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """`goldentime demo` with no agency reporting by itself."""
    with running("demo") as one:
        yield one


@pytest.fixture(scope="module")
def suwon() -> Iterator[Demo]:
    """The same of Suwon, its vehicles in a hurry; stopped at the end of the module, for a city is much to run."""
    if not SUWON.exists() and os.environ.get("CI") != "true":
        pytest.skip("needs ../shared")
    with running("suwon", "--city", str(SUWON), "--hurry", "4") as one:
        yield one


@pytest.fixture(scope="module")
def parked() -> Iterator[Demo]:
    """The same with no vehicle that drives or tells of steps by itself; stopped at the end of the module."""
    with running("parked", "--units", "0") as one:
        yield one


@contextlib.contextmanager
def running(name: str, *more: str) -> Iterator[Demo]:
    """A demo in a process of its own; its film, which takes longest to draw, is drawn once for all of them."""
    data, logins, log = STATE / name, STATE / f"{name}.json", STATE / f"{name}.log"
    (STATE / "film").mkdir(parents=True, exist_ok=True)
    data.mkdir(exist_ok=True)
    (data / MARK).touch()
    if not (data / "film").exists():
        (data / "film").symlink_to(STATE / "film")
    logins.unlink(missing_ok=True)
    command = [sys.executable, "-m", "goldentime", "demo", "--data", str(data), "--port", "0", "--every", "0"]
    with log.open("wb") as told:
        process = subprocess.Popen([*command, *more, "--logins", str(logins)], stdout=told, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: logins.exists() or process.poll() is not None, 180, "the demo's logins")
        assert process.poll() is None, log.read_text()
        one = read_demo(logins, process.pid, log)
        wait_for(lambda: httpx.get(f"{one.url}/api/health").is_success, 20, "the platform's health")
        yield one
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


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
