"""What a city's settings mean to each part: its store, agencies, linkages, rules, origins and the video's options."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from goldentime import linkages
from goldentime.adapters.media_process import MediaOptions
from goldentime.adapters.sql import SqlStore, open_store
from goldentime.city.agencies.agency import Agency
from goldentime.core.clock import Clock, SpedClock, SystemClock
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.edges.tcp.listening import LISTEN
from goldentime.flows.people.name_agencies import name_agencies
from goldentime.flows.ports import Change
from goldentime.flows.world import PositionKeys, Rules
from goldentime.linkage_kit import Linkage
from goldentime.settings import Settings


def open_city(settings: Settings) -> SqlStore:
    """The city's store; raises StorageFailed in words when it cannot be opened."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    key = settings.master_key.get_secret_value() if settings.master_key else None
    return open_store(settings.data, url=url, clock=SystemClock(), master_key=key)


def agencies_of(settings: Settings) -> list[Agency]:
    """The agencies the settings name."""
    return [
        Agency(
            id=AgencyId(one.id),
            name=Text(one.name_ko, one.name_en),
            senders=frozenset(one.senders),
            services=frozenset(one.services),
            legal_basis=Text(one.legal_basis_ko, one.legal_basis_en),
            origins=frozenset(one.origins),
        )
        for one in settings.agencies
    ]


def put_agencies(settings: Settings, tx: Change) -> Sequence[Agency]:
    """Keep the agencies the settings name, and end the rights of those they no longer name; those of today."""
    return name_agencies(tx, agencies_of(settings), SystemClock().now())


def make_linkage(name: str, given: Mapping[str, Any]) -> Linkage:
    """The linkage of that folder under linkages/; raises OperatorsError when there is none, or its settings are bad.

    Where its TCP door listens is in the same table, and none of the linkage's business.
    """
    known = linkage_names()
    if name not in known:
        names = ", ".join(known)
        raise OperatorsError(
            Text(f"없는 연계입니다: {name}. 있는 연계: {names}", f"No such linkage: {name}. There are: {names}")
        )
    opened: Linkage = importlib.import_module(f"{linkages.__name__}.{name}").open_linkage(
        {key: value for key, value in given.items() if key != LISTEN}
    )
    return opened


def linkage_names() -> list[str]:
    """The folders under linkages/ that can be loaded by their name in the settings."""
    return sorted(
        found.name
        for found in pkgutil.iter_modules(linkages.__path__)
        if hasattr(importlib.import_module(f"{linkages.__name__}.{found.name}"), "open_linkage")
    )


def media_options(settings: Settings) -> MediaOptions:
    """Where video listens and what it may open; without a host of its own it listens where the web does."""
    web, media = settings.web, settings.media
    return MediaOptions(
        host=media.host or web.host,
        port=media.port,
        allowed_origins=tuple(_origins(settings)),
        allowed_networks=media.allowed_networks,
        open_limit=media.open_streams,
        tls_certificate=str(web.tls_certificate) if web.tls_certificate else None,
        tls_key=str(web.tls_key) if web.tls_key else None,
    )


def _origins(settings: Settings) -> list[str]:
    web = settings.web
    if web.public_url:
        return [web.public_url.rstrip("/")]
    scheme = "https" if web.tls_certificate else "http"
    hosts = {web.host, "127.0.0.1", "localhost"} if web.host in {"127.0.0.1", "0.0.0.0", "::1"} else {web.host}  # noqa: S104  compared, not bound
    return [f"{scheme}://{host}:{web.port}" for host in sorted(hosts)]


def public_hosts(settings: Settings) -> frozenset[str]:
    """The Host headers under which people may ask."""
    return frozenset(origin.split("://", 1)[1] for origin in _origins(settings))


def clock_of(settings: Settings) -> Clock:
    """The machine's time, or the played time of a drill."""
    own = settings.city.drill_clock
    return SystemClock() if own is None else SpedClock(own.begins, own.started, own.speed)


def rules_of(settings: Settings) -> Rules:
    """What the flows go by."""
    city = settings.city
    keys = settings.positions
    return Rules(
        position_keys=PositionKeys(keys.unit_keys, keys.speed_keys, keys.heading_keys),
        number_prefix=city.number_prefix,
        radius_metres=city.radius_metres,
        cameras_wanted=city.cameras_wanted,
        agency_grant=timedelta(minutes=city.agency_grant_minutes),
        personal_data_kept=timedelta(days=city.personal_data_days),
        drill=city.drill,
        drill_wires=frozenset(one.id for one in settings.agencies if one.drills),
    )
