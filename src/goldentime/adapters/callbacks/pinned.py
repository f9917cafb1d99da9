"""How a request goes to the address that was checked just now, in the name's name, and nowhere else."""

import asyncio
from collections.abc import Mapping

import httpx

from goldentime.adapters.callbacks.addresses import CallbackAddresses

TIMEOUT_SECONDS = 5.0
WHOLE_SECONDS = 15.0  # from asking to the last byte that is read, however steadily it drips
LARGEST_ANSWER = 64 << 10


def open_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client that follows nobody and heeds no proxy of the environment; `transport` None connects for real."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, transport=transport)


async def pinned(
    http: httpx.AsyncClient, addresses: CallbackAddresses, url: str, body: bytes, headers: Mapping[str, str]
) -> httpx.Request:
    """A POST to the checked address; raises ForbiddenAddress."""
    named = httpx.URL(url)
    port = named.port or {"http": 80, "https": 443}[named.scheme]
    address = await addresses.get_address(named.host, port)
    extensions = {"sni_hostname": named.raw_host.decode("ascii")}  # whose certificate is checked, too
    given = {"Accept-Encoding": "identity", **headers, "Host": named.netloc.decode("ascii")}
    return http.build_request("POST", named.copy_with(host=address), content=body, headers=given, extensions=extensions)


async def exchange(http: httpx.AsyncClient, request: httpx.Request) -> tuple[httpx.Response, bytes]:
    """The answer and its body, of which no more than LARGEST_ANSWER bytes are read; raises httpx.HTTPError.

    We ask for no compression: of a body that has one nonetheless nothing is read, since a little may unfold to a lot.
    """
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            answer = await http.send(request, stream=True)
            try:
                return answer, await _start_of(answer)
            finally:
                await answer.aclose()
    except TimeoutError:
        raise httpx.ReadTimeout("the answer did not end in time", request=request) from None


async def _start_of(answer: httpx.Response) -> bytes:
    body = b""
    if answer.headers.get("content-encoding", "identity") == "identity":
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) >= LARGEST_ANSWER:
                break
    return body[:LARGEST_ANSWER]
