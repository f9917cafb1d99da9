"""Which platform a drill is played on: one of its own in drill mode, in a process of its own, and no other."""

import asyncio
import contextlib
import ctypes
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from goldentime.core.clock import monotonic
from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text
from goldentime.drill.plan import Plan
from goldentime.settings import DrillClock, Settings, Web
from goldentime.sim.agencies.client import open_http
from goldentime.staged import AGENCIES, TRAFFIC, city_of

PROCESS = "platform.pid"
GONE_WITHIN = 30.0  # seconds
PR_SET_PDEATHSIG = 1  # of linux/prctl.h


@contextlib.asynccontextmanager
async def platform_beside(data: Path, settings: Settings) -> AsyncIterator[str]:
    """The platform as a process of its own, as a city would run it; yields its address."""
    file = data / "settings.toml"
    file.write_text(_toml(settings))
    command = [sys.executable, "-m", "goldentime", "serve", "--data", str(data), "--settings", str(file), "--port", "0"]
    pipe = asyncio.subprocess.PIPE
    log = data / "platform.log"
    process = await asyncio.create_subprocess_exec(
        *command, stdout=pipe, stderr=asyncio.subprocess.STDOUT, start_new_session=True, preexec_fn=_end_with_parent
    )
    (data / PROCESS).write_text(str(process.pid))
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    try:
        url = ""
        while not url:
            line = (await asyncio.wait_for(process.stdout.readline(), 90)).decode()
            if not line:
                raise OperatorsError(
                    Text(
                        f"훈련용 플랫폼이 시작되지 않았습니다: {data}/platform.log",
                        f"The drill's platform did not start: {data}/platform.log",
                    )
                )
            _add_line(log, line)
            url = line.strip().rstrip("/") if line.startswith("http") else ""
        draining = asyncio.create_task(_drain(process.stdout, log))
        await _until_up(url)
        yield url
        draining.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()


def _end_with_parent() -> None:
    """In the new process: ended too when the drill is killed outright, where the kernel can (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def until_gone(data: Path) -> None:
    """Wait for the platform of a drill that was killed to end by itself; OperatorsError when it does not."""
    until = monotonic() + GONE_WITHIN
    while _still_runs(data):
        if monotonic() >= until:
            raise OperatorsError(
                Text("멈춘 훈련의 플랫폼이 아직 돌고 있습니다.", "The stopped drill's platform is still running.")
            )
        await asyncio.sleep(0.2)


def _still_runs(data: Path) -> bool:
    try:
        process = int((data / PROCESS).read_text())
        return str(data).encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False


async def _drain(stream: asyncio.StreamReader, file: Path) -> None:
    while line := await stream.readline():
        _add_line(file, line.decode(errors="replace"))


def _add_line(file: Path, line: str) -> None:
    with file.open("a") as log:
        log.write(line)


async def _until_up(url: str) -> None:
    async with open_http(url) as http, asyncio.timeout(60):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get("/api/health")).is_success:
                    return
            await asyncio.sleep(0.1)


async def must_be_a_drill(url: str) -> None:
    """Raise OperatorsError unless the platform says that it is one for drills."""
    async with open_http(url) as http:
        health = (await http.get("/api/health")).json()
    if health.get("drill") is not True:
        raise OperatorsError(
            Text("훈련용 플랫폼이 아니어서 보내지 않습니다.", "Not a platform in drill mode: nothing is sent.")
        )


def settings_of(data: Path, plan: Plan, clock: DrillClock | None) -> Settings:
    """A platform in drill mode whose agencies are all marked for drills."""
    named = city_of(Path(plan.city) if plan.city else None)
    city = named.model_copy(update={"drill": True, "drill_clock": clock})
    agencies = tuple(one.model_copy(update={"drills": True}) for one in (*AGENCIES, TRAFFIC))
    return Settings(data=data, web=Web(port=0), city=city, agencies=agencies, log="warning")


def _toml(settings: Settings) -> str:
    """The part of the settings that the platform's own process needs; JSON strings are TOML strings."""
    city, own = settings.city, settings.city.drill_clock
    assert own is not None  # noqa: S101  a drill has one
    lines = ['log = "warning"', "[city]"]
    lines += [f"{key} = {json.dumps(getattr(city, key))}" for key in ("name_ko", "name_en", "number_prefix", "drill")]
    lines += ["[city.drill_clock]", f"begins = {own.begins.isoformat()}", f"started = {own.started.isoformat()}"]
    lines.append(f"speed = {own.speed}")
    for agency in settings.agencies:
        lines.append("[[agencies]]")
        told = agency.model_dump(mode="json", exclude_none=True)
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    return "\n".join(lines) + "\n"
