"""Janus 1.1.2 as the native yardstick: one mountpoint with a cached key frame, fed with a camera's own packets."""

import asyncio
import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.ending import BenchFailed, die_with_parent
from bench.media_cameras import free_port
from goldentime.media.rtsp.addresses import AllowedNetworks
from goldentime.media.rtsp.sdp import VideoTrack
from goldentime.media.rtsp.session import Dialling, RtspSession
from goldentime.messages.video import StreamSource

JANUS = "/usr/bin/janus"
PLUGINS = Path("/usr/lib/x86_64-linux-gnu/janus")


@dataclass(frozen=True)
class Janus:
    """Where it listens for browsers, and for packets."""

    pid: int
    signalling: str
    media_port: int


def may_run() -> bool:
    """Whether Janus is on this machine, with an address other than loopback (it gathers no loopback candidates)."""
    return shutil.which(JANUS) is not None and own_address() is not None


def own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # nothing is sent
        return str(probe.getsockname()[0])
    return None


def _write_settings(folder: Path, ws_port: int, media_port: int) -> None:
    others = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so"
    (folder / "janus.jcfg").write_text(
        f'general: {{ plugins_folder = "{PLUGINS}/plugins" transports_folder = "{PLUGINS}/transports"\n'
        f' loggers_folder = "{folder}" events_folder = "{folder}" debug_level = 2 }}\n'
        f'nat: {{ ice_enforce_list = "{own_address()}" full_trickle = true }}\n'
        'plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_lua.so,libjanus_sip.so,'
        "libjanus_nosip.so,libjanus_recordplay.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,"
        'libjanus_voicemail.so,libjanus_echotest.so" }\n'
        f'transports: {{ disable = "{others}" }}\n'
    )
    (folder / "janus.transport.websockets.jcfg").write_text(
        f'general: {{ json = "compact" ws = true ws_port = {ws_port} ws_ip = "127.0.0.1" wss = false }}\n'
        "admin: { admin_ws = false }\n"
    )
    (folder / "janus.plugin.streaming.jcfg").write_text(
        'camera: {\n type = "rtp"\n id = 1\n description = "camera"\n media = ( { type = "video" mid = "v"'
        f' label = "v" port = {media_port} pt = 96 codec = "h264" iface = "127.0.0.1"'
        ' fmtp = "profile-level-id=42e01f;packetization-mode=1" bufferkf = true } )\n}\n'
    )


@contextlib.contextmanager
def running_janus() -> Iterator[Janus]:
    """A Janus of our own on ports of our own."""
    with tempfile.TemporaryDirectory(prefix="janus-") as name:
        folder, ws_port, media_port = Path(name), free_port(), free_port(socket.SOCK_DGRAM)
        _write_settings(folder, ws_port, media_port)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([JANUS, "-F", name], stdout=log, stderr=log, preexec_fn=die_with_parent)  # noqa: PLW1509  it asks the kernel one thing, and takes no lock
        try:
            until = time.monotonic() + 15
            while time.monotonic() < until:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", ws_port), 1):
                    break
                if process.poll() is not None:
                    raise BenchFailed("Janus did not start:\n" + (folder / "log").read_text(errors="replace")[-2000:])
                time.sleep(0.1)
            yield Janus(process.pid, f"ws://127.0.0.1:{ws_port}", media_port)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class _Forward:
    """Hands a camera's packets on as they are."""

    def __init__(self, port: int) -> None:
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._out.connect(("127.0.0.1", port))

    def begin(self, track: VideoTrack) -> None:
        """Nothing to prepare."""

    def on_rtp(self, packet: bytes) -> None:
        with contextlib.suppress(OSError):
            self._out.send(packet)

    def on_rtcp(self, packet: bytes) -> None:
        """Janus makes its own reports."""


@contextlib.asynccontextmanager
async def fed(janus: Janus, url: str) -> AsyncIterator[None]:
    """Janus is fed with this camera while the block runs."""
    session = RtspSession(
        StreamSource(url), url, Dialling(AllowedNetworks(["127.0.0.0/8"])), _Forward(janus.media_port)
    )
    await session.play()
    alive = asyncio.create_task(session.keep_alive())
    try:
        yield
    finally:
        alive.cancel()
        await session.leave()
