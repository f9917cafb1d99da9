"""Which camera addresses may be connected to: only RTSP, only allowed networks, after name resolution."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit

from goldentime.core.text import Text
from goldentime.media.faults import CameraFault, CameraForbidden

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_PORTS = {"rtsp": 554, "rtsps": 322}
_RESOLVE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class CameraUrl:
    """A camera's address taken apart; `request_uri` never holds the password."""

    scheme: str
    host: str
    port: int
    request_uri: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)


def parse_camera_url(url: str) -> CameraUrl:
    """The parts of an rtsp or rtsps address; raises CameraForbidden for any other or a malformed one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise _forbidden("주소를 읽을 수 없습니다", "the address cannot be read") from fault
    if parts.scheme not in _PORTS:
        raise _forbidden("rtsp 또는 rtsps 주소만 쓸 수 있습니다", "only rtsp and rtsps addresses are allowed")
    if not parts.hostname or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise _forbidden("주소를 읽을 수 없습니다", "the address cannot be read")
    port = port or _PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    query = f"?{parts.query}" if parts.query else ""
    uri = f"{parts.scheme}://{host}:{port}{parts.path}{query}"
    return CameraUrl(
        parts.scheme, parts.hostname, port, uri, unquote(parts.username or ""), unquote(parts.password or "")
    )


def _forbidden(ko: str, en: str) -> CameraForbidden:
    return CameraForbidden(Text(f"카메라 주소 거부: {ko}", f"Camera address refused: {en}"))


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Every address of the name, in the resolver's order; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class AllowedNetworks:
    """The city's list of networks on which cameras stand."""

    def __init__(self, networks: Sequence[str], resolve: Resolve = resolve_name) -> None:
        """Raises ValueError for what is no network in CIDR notation."""
        self._networks: tuple[Network, ...] = tuple(ip_network(network) for network in networks)
        self._resolve = resolve

    def may_connect(self, address: Address) -> bool:
        """Whether the address lies in an allowed network; an IPv4 address in IPv6 clothes counts as IPv4."""
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address.version == network.version and address in network for network in self._networks)

    async def check(self, url: CameraUrl) -> str:
        """The address to connect to, so that no name points elsewhere later; raises CameraForbidden, CameraFault."""
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                addresses = await self._resolve(url.host, url.port)
        except (OSError, TimeoutError, UnicodeError) as fault:
            text = Text("카메라 이름을 찾을 수 없습니다", "The camera's name cannot be resolved")
            raise CameraFault(text, code="camera_unresolved") from fault
        for text_address in addresses:
            address = ip_address(text_address.partition("%")[0])
            if self.may_connect(address):
                return str(address)
        raise _forbidden("허용되지 않은 네트워크입니다", "its network is not allowed")
