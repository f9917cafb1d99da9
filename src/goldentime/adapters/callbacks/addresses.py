"""Which addresses a callback may go to once its name is resolved: never to the machine itself or a cloud's secrets."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

RESOLVE_SECONDS = 3.0
_TRANSLATED = ip_network("64:ff9b::/96")  # IPv4 behind NAT64
_METADATA = tuple(ip_address(one) for one in ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "168.63.129.16"))


class ForbiddenAddress(Exception):  # noqa: N818  named for what it is
    """The name points where no callback may go, or nowhere."""


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Every address of the name, in the resolver's order; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class CallbackAddresses:
    """The city's own exceptions, and the resolver; asked at every try, since a name may point elsewhere by then."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve = resolve_name) -> None:
        """`allowed` are networks in CIDR notation a callback may reach although they are otherwise forbidden."""
        self._allowed: tuple[Network, ...] = tuple(ip_network(one) for one in allowed)
        self._resolve = resolve

    def may_reach(self, address: Address) -> bool:
        """Whether a callback may go there: an agency's server stands on the city's networks or beyond."""
        address = _unwrapped(address)
        if any(address.version == one.version and address in one for one in self._allowed):
            return True
        return address not in _METADATA and not (
            address.is_loopback
            or address.is_link_local
            or address.is_multicast
            or address.is_unspecified
            or (address.is_reserved and address.version == 4)
        )

    async def get_address(self, host: str, port: int) -> str:
        """The address to connect to; raises ForbiddenAddress when any of the name's addresses is one, or none is known.

        One forbidden address among others is how a name is bound anew, so that it spoils them all.
        """
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = [ip_address(one.partition("%")[0]) for one in await self._resolve(host, port)]
        except (OSError, TimeoutError, UnicodeError, ValueError) as problem:
            raise ForbiddenAddress("unresolved") from problem
        if not found or not all(self.may_reach(one) for one in found):
            raise ForbiddenAddress("forbidden" if found else "unresolved")
        return str(found[0])


def _unwrapped(address: Address) -> Address:
    """An IPv4 address in IPv6 clothes is the IPv4 address it leads to."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else address
