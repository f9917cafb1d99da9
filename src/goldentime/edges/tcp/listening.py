"""Where a TCP door listens, who may come to it, how many and how slowly: what a site sets, loopback by default."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.linkage_kit.settings import read_table

LISTEN = "listen"  # the table within a linkage's own table that makes it listen


@dataclass(frozen=True, slots=True)
class Peer:
    """An agency that needs no login when it calls from these addresses, and the sender codes it may use."""

    agency: str
    addresses: tuple[str, ...]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listening:
    """One door's settings; times in seconds, sizes in bytes."""

    host: str = "127.0.0.1"
    port: int = 0  # 0: any free one
    peers: tuple[Peer, ...] = ()
    connections: int = 500
    strangers: int = 64  # of them such as have not shown yet who they are
    strangers_per_address: int = 16  # of these from one address, so that it cannot shut out the others
    login_seconds: float = 10.0  # how long one may stay a stranger
    idle_seconds: float = 3600.0  # between messages
    message_seconds: float = 10.0  # from a message's first byte to its last
    answer_seconds: float = 30.0  # until an answer has been taken from us
    at_once: int = 32  # messages of one connection being worked on; beyond them nothing is read from it
    bytes_each: int = 2 << 20  # of the messages of one connection being worked on; likewise
    bytes_together: int = 64 << 20  # of those of all connections
    reports_per_second: float = 5000.0  # of one agency
    trials_per_second: float = 50.0  # of one agency's sandbox
    logins_per_second: float = 5.0  # of one address
    refused_per_second: float = 20.0  # of one stranger's address, before it is hung up on
    dropped_bytes: int = 8 << 20  # of what is no message, before the connection is cut
    tls_certificate: str = ""
    tls_key: str = ""
    tls_clients: str = ""  # certificates that clients must be signed by; empty: none is asked for


def listening_from(table: Mapping[str, Any]) -> Listening:
    """The door's settings of a TOML table; raises OperatorsError for names and values it does not know."""
    listening = read_table(Listening, table)
    for peer in listening.peers:
        if not peer.codes or not peer.addresses:
            raise OperatorsError(
                Text(
                    f"peers의 {peer.agency}에 addresses와 codes가 모두 있어야 합니다.",
                    f"The peer {peer.agency} needs both addresses and codes.",
                )
            )
        _networks(peer)
    return listening


class Peers:
    """Who may come without a login, by address; the narrowest network counts."""

    def __init__(self, peers: tuple[Peer, ...]) -> None:
        """Raises OperatorsError for what is no address."""
        known = [(network, peer) for peer in peers for network in _networks(peer)]
        self._known = sorted(known, key=lambda one: one[0].prefixlen, reverse=True)

    def find(self, address: str) -> Peer | None:
        """The agency at this address, or None."""
        try:
            where = ip_address(address.split("%", maxsplit=1)[0])
        except ValueError:
            return None
        mapped = getattr(where, "ipv4_mapped", None) or where
        return next((peer for network, peer in self._known if mapped in network), None)

    def agencies(self) -> set[AgencyId]:
        """The agencies that may come so."""
        return {AgencyId(peer.agency) for _, peer in self._known}


def tls_of(listening: Listening) -> ssl.SSLContext | None:
    """The door's TLS, None when it has none; raises OperatorsError for files that cannot be used."""
    if not listening.tls_certificate:
        return None
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(listening.tls_certificate), Path(listening.tls_key or listening.tls_certificate))
        if listening.tls_clients:
            context.load_verify_locations(listening.tls_clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as wrong:
        raise OperatorsError(
            Text(f"TLS 인증서를 쓸 수 없습니다: {wrong}", f"The TLS certificate cannot be used: {wrong}")
        ) from wrong
    return context


def _networks(peer: Peer) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(one, strict=False) for one in peer.addresses]
    except ValueError as wrong:
        raise OperatorsError(
            Text(f"{peer.agency}의 주소가 맞지 않습니다: {wrong}", f"A wrong address of {peer.agency}: {wrong}")
        ) from None
