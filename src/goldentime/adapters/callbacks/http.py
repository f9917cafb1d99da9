"""How a callback reaches an agency: a few tries, a short while each, never in the way of intake."""

import asyncio

import httpx
import structlog

from goldentime.adapters.callbacks.addresses import CallbackAddresses, ForbiddenAddress
from goldentime.messages.exchange import Outgoing

TRIES = (0.0, 1.0, 5.0, 30.0)  # seconds before each
TIMEOUT_SECONDS = 5.0
MOST_AT_ONCE = 100

log = structlog.get_logger()


class HttpCallbacks:
    """Posts without being waited for; the linkage has already held the origin against those the agency is allowed."""

    def __init__(
        self, addresses: CallbackAddresses | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Nothing is on its way yet; `transport` None connects for real."""
        self._addresses = addresses or CallbackAddresses()
        self._transport = transport
        self._tasks: set[asyncio.Task[None]] = set()

    def post(self, outgoing: Outgoing) -> None:
        """Begin to send; dropped with a log line when a hundred are waiting already."""
        if len(self._tasks) >= MOST_AT_ONCE:
            log.warning("callback_dropped", waiting=len(self._tasks))
            return
        task = asyncio.get_running_loop().create_task(self._send(outgoing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, outgoing: Outgoing) -> None:
        async with httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, transport=self._transport
        ) as http:
            for number, wait in enumerate(TRIES):
                await asyncio.sleep(wait)
                try:
                    answer = await http.send(await self._pinned(http, outgoing))
                except ForbiddenAddress as error:
                    log.warning("callback_address_refused", tried=number + 1, problem=str(error))
                    continue
                except httpx.HTTPError as error:
                    log.warning("callback_failed", tried=number + 1, problem=type(error).__name__)
                    continue
                if answer.is_success:
                    return
                log.warning("callback_refused", tried=number + 1, status=answer.status_code)

    async def _pinned(self, http: httpx.AsyncClient, outgoing: Outgoing) -> httpx.Request:
        """The request to the address that was checked just now, in the name's name; raises ForbiddenAddress."""
        url = httpx.URL(outgoing.url)
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        address = await self._addresses.get_address(url.host, port)
        headers = {"Content-Type": outgoing.content_type, "Host": url.netloc.decode("ascii")}
        extensions = {"sni_hostname": url.raw_host.decode("ascii")}  # whose certificate is checked, too
        pinned = url.copy_with(host=address)
        return http.build_request("POST", pinned, content=outgoing.body, headers=headers, extensions=extensions)

    async def stop(self) -> None:
        """Give up what is still waiting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
