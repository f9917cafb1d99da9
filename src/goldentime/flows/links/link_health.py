"""How each linkage is doing, in and out: when it last worked, since when it fails, and how much waits for it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from goldentime.city.agencies.agency import Agency
from goldentime.core.clock import Clock
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.links.link_light import Direction, Light, State, state_of
from goldentime.messages.outgoing import Lane


@dataclass(frozen=True, slots=True)
class Shown:
    """One light as it is now; `waiting` of our messages, the oldest since `since`, when it is our way out."""

    light: Light
    state: State
    text: Text
    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Linked:
    """An agency, or a service asked by us, with its lights; one that was never lit when it has none."""

    id: str
    name: Text
    lights: tuple[Shown, ...]
    waiting: int
    is_agency: bool


class LinkHealth:
    """A light per agency, linkage and direction in memory; "nothing yet", "quiet" and "failed" are told apart."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        """Call `changed` when a state may have changed."""
        self._clock = clock
        self._changed = changed
        self._lights: dict[tuple[str, str, str], Light] = {}
        self._waiting: dict[str, tuple[int, datetime]] = {}
        self.agencies: Sequence[Agency] = ()
        self._services: dict[str, Text] = {}

    def expect_service(self, service: str, name: Text, *, linkage: str, quiet_after: timedelta) -> None:
        """Show a row for who is no agency of the city but is asked by us, under its `name`."""
        self._services[service] = name
        self._light(service, linkage, "in").quiet_after = quiet_after

    def note_service(self, service: str, *, linkage: str, ok: bool, said: Text | None) -> None:
        """A service was asked; `said` is why it failed, or what is worth knowing of its answer."""
        self._light(service, linkage, "in").said = said
        self.note(service, ok=ok, linkage=linkage)

    def expect(self, agency: str, *, linkage: str, direction: Direction) -> None:
        """Show the light even before anything passed."""
        self._light(agency, linkage, direction)

    def note(
        self,
        agency: str,
        *,
        ok: bool,
        detail: str | Text = "",
        linkage: str = "safety_net_http",
        direction: Direction = "in",
    ) -> None:
        """Something passed and was, or was not, understood: theirs by us, or ours by them."""
        light, now = self._light(agency, linkage, direction), self._clock.now()
        light.at, light.ok, light.detail = now, ok, detail
        light.failing_since = None if ok else light.failing_since or now
        light.passed, light.failed = light.passed + 1, light.failed + (not ok)
        if ok:
            light.ok_at = now
        self._changed()

    def note_repeat(self, agency: str, *, linkage: str) -> None:
        """The agency has sent again what was answered before."""
        self._light(agency, linkage, "in").repeats += 1

    def note_login(self, agency: str, *, linkage: str) -> None:
        """The agency has logged in."""
        self._light(agency, linkage, "in").logins += 1

    def note_waiting(self, counts: Iterable[tuple[AgencyId, Lane, int, datetime]]) -> None:
        """How many of our messages wait for each agency, and since when the oldest does."""
        waiting = {str(agency): (count, since) for agency, lane, count, since in counts if lane == "wire"}
        if waiting != self._waiting:
            self._waiting = waiting
            self._changed()

    def list_linked(self) -> list[Linked]:
        """Every agency of the city, then every service that is asked."""
        agencies: list[tuple[str, Text]] = [(agency.id, agency.name) for agency in self.agencies]
        return [self._linked(whose, name) for whose, name in (*agencies, *self._services.items())]

    def _linked(self, agency: str, name: Text) -> Linked:
        known = [light for (whose, _, _), light in self._lights.items() if whose == agency]
        known.sort(key=lambda one: (one.linkage, one.direction))
        shown = tuple(self._shown(agency, light) for light in known or [Light("", "in")])
        waiting = self._waiting.get(agency, (0, None))[0]
        return Linked(agency, name, shown, waiting, agency not in self._services)

    def _shown(self, agency: str, light: Light) -> Shown:
        count, since = self._waiting.get(agency, (0, None)) if light.direction == "out" else (0, None)
        state, text = state_of(light, self._clock.now(), waiting=count)
        return Shown(light, state, text, count, since)

    def _light(self, agency: str, linkage: str, direction: Direction) -> Light:
        return self._lights.setdefault((agency, linkage, direction), Light(linkage, direction))
