"""A poor mobile link beside a test that is not async: the simulated one, in a thread with a loop of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from goldentime.sim.poor_link import PoorLink, Profile


class NarrowLink:
    """The link's address as a SOCKS proxy, and how wide it is."""

    def __init__(self, link: PoorLink, loop: asyncio.AbstractEventLoop) -> None:
        self._link, self._loop = link, loop
        self.proxy = f"socks5://127.0.0.1:{link.port}"

    def become(self, profile: Profile) -> None:
        """From now on, for open connections too."""
        self._loop.call_soon_threadsafe(self._link.set_profile, profile)

    def enter_tunnel(self) -> None:
        """No connection lives, and none is made, until the tunnel's end."""
        asyncio.run_coroutine_threadsafe(self._link.enter_tunnel(), self._loop).result(5)

    def leave_tunnel(self) -> None:
        """From now on connections are made again."""
        self._loop.call_soon_threadsafe(self._link.leave_tunnel)


@contextlib.contextmanager
def narrow_link(profile: Profile) -> Iterator[NarrowLink]:
    """A link that is cut at the end."""
    loop, link = asyncio.new_event_loop(), PoorLink(profile)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(link.start(), loop).result(5)
    try:
        yield NarrowLink(link, loop)
    finally:
        asyncio.run_coroutine_threadsafe(link.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
