"""How signal priority is put together: the centre the settings name, the flow that asks it, and its pages."""

import ssl
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter

from goldentime.adapters.signals import SignalCentreClient
from goldentime.adapters.signals.client import CentreAddress
from goldentime.city.incidents.incident import Severity
from goldentime.city.signals.plan import Rules
from goldentime.edges.http import signals
from goldentime.edges.http.auth import Gate
from goldentime.flows.signals.clear_the_way import clear_the_way, release_those_of_the_last_run
from goldentime.flows.signals.clearing import make_clear_the_way
from goldentime.flows.units.dispatch import Dispatch
from goldentime.flows.units.units_on_the_way import Wanted
from goldentime.settings import Settings, SignalSettings

log = structlog.get_logger()


class Clearing:
    """The parts of one running city that are about signals; without a centre in the settings there is only a page."""

    def __init__(self, settings: Settings, dispatch: Dispatch) -> None:
        """Nothing runs yet."""
        given = settings.signals
        self._world = dispatch.world
        self.client = SignalCentreClient(_address(given)) if given.host else None
        rules = Rules(queue_s=given.queue_seconds, lost_after_s=given.position_lost_seconds)
        wanted = Wanted(frozenset(map(Severity, given.severities)), given.drills)
        self.clearing = make_clear_the_way(dispatch, self.client, rules, wanted=wanted) if self.client else None

    def routers(self, gate: Gate) -> list[APIRouter]:
        """What dispatchers ask."""
        return [signals.router(self._world, self.clearing, gate)]

    async def begin(self) -> None:
        """End on record what the last run has left."""
        if self.clearing is not None and (left := await release_those_of_the_last_run(self.clearing)):
            log.info("signal_requests_ended", left=left)

    def works(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """Background tasks by name."""
        if self.client is None or self.clearing is None:
            return []
        return [("signal_centre", self.client.run), ("clear_the_way", self._clear)]

    async def _clear(self) -> None:
        if self.clearing is not None:
            await clear_the_way(self.clearing)


def _address(given: SignalSettings) -> CentreAddress:
    tls = ssl.create_default_context(cafile=given.tls_authority) if given.tls else None
    return CentreAddress(given.host, given.port, given.key.get_secret_value().encode(), tls=tls)
