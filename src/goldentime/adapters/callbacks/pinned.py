"""How a request goes to the address that was checked just now, in the name's name, and nowhere else."""

from collections.abc import Mapping

import httpx

from goldentime.adapters.callbacks.addresses import CallbackAddresses

TIMEOUT_SECONDS = 5.0


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
    given = {**headers, "Host": named.netloc.decode("ascii")}
    return http.build_request("POST", named.copy_with(host=address), content=body, headers=given, extensions=extensions)
