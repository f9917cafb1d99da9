"""What a city's settings mean to each part: its store, agencies, linkages, rules, origins and the video's options."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from goldentime.adapters.media_process import MediaOptions
from goldentime.adapters.sql import SqlStore, open_store
from goldentime.city.agencies.agency import Agency
from goldentime.core.clock import SystemClock
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.name_agencies import name_agencies
from goldentime.flows.ports import Change
from goldentime.flows.world import Rules
from goldentime.linkage_kit import Linkage
from goldentime.linkages.safety_net_http import SafetyNetHttp
from goldentime.linkages.safety_net_http.settings import settings_from
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


LINKAGES: dict[str, Callable[[dict[str, Any]], Linkage]] = {
    "safety_net_http": lambda given: SafetyNetHttp(settings_from(given)),
}


def make_linkage(name: str, given: dict[str, Any]) -> Linkage:
    """The linkage by its name in the settings; raises OperatorsError when there is none of that name."""
    if name not in LINKAGES:
        names = ", ".join(sorted(LINKAGES))
        raise OperatorsError(
            Text(f"없는 연계입니다: {name}. 있는 연계: {names}", f"No such linkage: {name}. There are: {names}")
        )
    return LINKAGES[name](given)


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


def rules_of(settings: Settings) -> Rules:
    """What the flows go by."""
    city = settings.city
    return Rules(
        number_prefix=city.number_prefix,
        radius_metres=city.radius_metres,
        cameras_wanted=city.cameras_wanted,
        agency_grant=timedelta(minutes=city.agency_grant_minutes),
        personal_data_kept=timedelta(days=city.personal_data_days),
        drill=city.drill,
        drill_wires=frozenset(one.id for one in settings.agencies if one.drills),
    )
