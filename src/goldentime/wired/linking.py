"""How the city is joined to its agencies: whom we speak to first, on which wire, and what integrators are told."""

import contextlib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from importlib import resources
from typing import Any

import msgspec

from goldentime.adapters.callbacks.addresses import CallbackAddresses
from goldentime.adapters.callbacks.http import HttpCallbacks
from goldentime.adapters.callbacks.safety_net import HttpAddress, HttpCarrier
from goldentime.adapters.sql.turn import Turn
from goldentime.adapters.tcp.client import TcpAddress, TcpCarrier
from goldentime.core.clock import Clock
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.http.safety_net import EVENT_PATHS, LOGIN_PATHS
from goldentime.edges.tcp.door import Door, TcpReception
from goldentime.edges.tcp.listening import LISTEN, listening_from
from goldentime.edges.tcp.server import TcpServer
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.carrier import Carrier
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.send_outgoing import Outbox
from goldentime.flows.world import World
from goldentime.linkage_kit import Linkage, is_stream
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.settings import Settings, WireSettings


def wires_of(settings: Settings, linkages: Mapping[str, Linkage]) -> dict[AgencyId, Linkage]:
    """Which agencies we speak to first, and in which linkage; raises OperatorsError for one that is not loaded."""
    wires: dict[AgencyId, Linkage] = {}
    for agency in settings.agencies:
        if agency.wire is None:
            continue
        linkage = linkages.get(agency.wire.linkage)
        if linkage is None:
            names = ", ".join(sorted(linkages)) or "-"
            raise OperatorsError(
                Text(
                    f"{agency.id}의 wire.linkage를 쓰려면 [linkages]에 있어야 합니다. 있는 연계: {names}",
                    f"The wire.linkage of {agency.id} is not among [linkages]. There are: {names}",
                )
            )
        wires[AgencyId(agency.id)] = linkage
    return wires


SEALING = ("safety_net_http", "safety_net_tcp")  # the wires with encAt
LONGEST_ARIA_KEY = 32


@dataclass(frozen=True, slots=True)
class Linking:
    """The outbox and the connections it sends over."""

    outbox: Outbox
    carriers: Sequence[TcpCarrier | HttpCarrier]
    turn: Turn

    async def stop(self) -> None:
        """Hang up everywhere, and let another platform send."""
        await self.turn.give_back()
        for carrier in self.carriers:
            with contextlib.suppress(OSError):
                await carrier.stop()


def make_linking(
    settings: Settings, world: World, links: LinkHealth, *, linkages: Mapping[str, Linkage], turn: Turn
) -> Linking:
    """The outbox with a channel for each agency's wire and for the addresses its messages may name."""
    addresses = CallbackAddresses(map(str, settings.web.callback_networks))
    callbacks = HttpCallbacks(addresses)
    channels: list[Channel] = []
    carriers: list[TcpCarrier | HttpCarrier] = []
    for agency in settings.agencies:
        agency_id = AgencyId(agency.id)
        if agency.origins:
            channels.append(Channel(agency_id, "callback", callbacks))
        if agency.wire is not None:
            carrier = _carrier(agency.wire, linkages[agency.wire.linkage], addresses, world.clock)
            carriers.append(carrier)
            channels.append(Channel(agency_id, "wire", _as_carrier(carrier)))
            links.expect(agency_id, linkage=agency.wire.linkage, direction="out")
    return Linking(Outbox(world, channels, links, turn=turn), carriers, turn)


def _as_carrier(carrier: Carrier) -> Carrier:
    return carrier


def _carrier(
    wire: WireSettings, linkage: Linkage, addresses: CallbackAddresses, clock: Clock
) -> TcpCarrier | HttpCarrier:
    key, aria_key = wire.api_key.get_secret_value(), wire.aria_key.get_secret_value()
    if (aria_key and wire.linkage not in SEALING) or len(aria_key.encode()) > LONGEST_ARIA_KEY:
        raise OperatorsError(
            Text(
                f"wire.aria_key는 {', '.join(SEALING)} 연계에서 {LONGEST_ARIA_KEY}바이트까지 씁니다.",
                f"wire.aria_key is for {', '.join(SEALING)} and has {LONGEST_ARIA_KEY} bytes at most.",
            )
        )
    if is_stream(linkage):
        tls = _tls(wire) if wire.tls else None
        return TcpCarrier(TcpAddress(wire.host, wire.port, tls, key, aria_key), linkage, addresses, clock)
    if isinstance(linkage, SafetyNetHttp) and wire.url:
        address = HttpAddress(wire.url, key, wire.login_path, wire.event_path, aria_key)
        return HttpCarrier(address, linkage, addresses, clock)
    raise OperatorsError(
        Text(f"{wire.linkage} 연계로 보낼 주소(url)가 없습니다.", f"There is no url to send to over {wire.linkage}.")
    )


def _tls(wire: WireSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(wire.tls_authority) if wire.tls_authority else None)
    except (OSError, ssl.SSLError) as problem:
        raise OperatorsError(
            Text(
                f"TLS 인증기관 파일을 읽을 수 없습니다: {wire.tls_authority}",
                f"The TLS authority's file cannot be read: {wire.tls_authority}",
            )
        ) from problem


_NAMES: Mapping[str, Text] = {
    "safety_net_http": Text("스마트도시 안전망 · HTTP", "Smart-city safety net over HTTP"),
    "safety_net_tcp": Text("스마트도시 안전망 · TCP", "Smart-city safety net over TCP"),
    "fixed_head_tcp": Text("고정 머리 전문 · TCP", "Fixed-head messages over TCP"),
}


def describe_linkages(
    settings: Settings,
    linkages: Mapping[str, Linkage],
    rows: Sequence[Mapping[str, Any]],
    doors: Sequence[TcpServer] = (),
) -> list[dict[str, Any]]:
    """What an integrator reads of each linkage: its addresses, page, settings in force without secrets, and lights."""
    ports = {door.linkage: door.port for door in doors}
    return [
        _described(settings, linkage, rows) | {"addresses": addresses_of(settings, linkage, port=ports.get(name, 0))}
        for name, linkage in sorted(linkages.items())
    ]


def _described(settings: Settings, linkage: Linkage, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    lights = [
        {"agency_id": row["id"], "agency": row["name"], **light}
        for row in rows
        for light in row["lights"]
        if light["linkage"] == linkage.name
    ]
    wires = [
        {"agency_id": agency.id, "agency": Text(agency.name_ko, agency.name_en).to_dict(), "address": _address(wire)}
        for agency in settings.agencies
        if (wire := agency.wire) is not None and wire.linkage == linkage.name
    ]
    return {
        "name": linkage.name,
        "title": _NAMES.get(linkage.name, Text(linkage.name, linkage.name)).to_dict(),
        "wires": wires,
        "readme": readme_of(linkage.name),
        "settings": settings_in_force(linkage),
        "lights": lights,
    }


def addresses_of(settings: Settings, linkage: Linkage, *, port: int = 0) -> list[str]:
    """Where agencies send to; `port` is where a TCP door that may take any port has opened."""
    web = settings.web
    if linkage.name == "safety_net_http":
        base = web.address or f"http{'s' if web.tls_certificate else ''}://{web.host}:{web.port}"
        return [f"POST {base}{path}" for path in (*LOGIN_PATHS, *EVENT_PATHS)]
    given = settings.linkages.get(linkage.name, {})
    if LISTEN not in given:
        return []
    listening = listening_from(given[LISTEN])
    return [f"tcp{'+tls' if listening.tls_certificate else ''}://{listening.host}:{listening.port or port}"]


def readme_of(name: str) -> str:
    """The linkage's own page for integrators, as Markdown; empty when it has none."""
    page = resources.files("goldentime.linkages").joinpath(name, "README.md")
    return page.read_text("utf-8") if page.is_file() else ""


def settings_in_force(linkage: Linkage) -> dict[str, Any]:
    """The linkage's settings as they are, what is secret only as being there."""
    settings = getattr(linkage, "settings", None)
    if not is_dataclass(settings):
        return {}
    shown: dict[str, Any] = {}
    for one in fields(settings):
        value = getattr(settings, one.name)
        shown[one.name] = ("***" if value else "") if not one.repr else msgspec.to_builtins(value, str_keys=True)
    return shown


def _address(wire: WireSettings) -> str:
    return wire.url or f"tcp{'+tls' if wire.tls else ''}://{wire.host}:{wire.port}"


def make_doors(
    settings: Settings, linkages: Mapping[str, Linkage], reception: TcpReception, links: LinkHealth, clock: Clock
) -> list[TcpServer]:
    """The TCP doors the settings ask for, none open yet; raises OperatorsError for one that cannot be.

    A linkage has a door when its table has a `listen` table, and one whose peers are no agencies of the city has none.
    """
    named = {agency.id for agency in settings.agencies}
    doors = []
    for name, given in settings.linkages.items():
        if LISTEN not in given:
            continue
        linkage = linkages[name]
        if not is_stream(linkage):
            raise OperatorsError(Text(f"{name} 연계는 TCP로 듣지 않습니다.", f"{name} does not listen on TCP."))
        listening = listening_from(given[LISTEN])
        for peer in listening.peers:
            if peer.agency not in named:
                raise OperatorsError(
                    Text(
                        f"{name}의 peers에 없는 기관: {peer.agency}",
                        f"No such agency among {name}'s peers: {peer.agency}",
                    )
                )
            links.expect(peer.agency, linkage=name, direction="in")
        doors.append(TcpServer(Door(linkage, reception, listening, clock), listening))
    return doors
