"""Which changes each audience hears: facts followed from a cursor, joined for a tenth of a second, encoded once."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from goldentime.city.cameras.inventory import Camera
from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.people.account import Act, may
from goldentime.core.clock import Clock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.edges.live.unit_changes import CREW, tell_units
from goldentime.edges.wire.incidents import row_for
from goldentime.flows.caller import Caller
from goldentime.flows.known_city import CITY_CHANGES
from goldentime.flows.ports import Reading, Store
from goldentime.hub.log import Recorded

Audience = tuple[str, str, str]  # kind, agency, incident: what is not part of it is ""
CITY: Audience = ("city", "", "")
OFFICE: Audience = ("office", "", "")  # roles that see no incidents: they hear that their session lives, no more
ROAD_CHANGES = frozenset({"RoadClosed", "RoadOpened"})
BETWEEN_FLUSHES = 0.1  # seconds: the first change after quiet at once, then at most ten a second
POLL = 1.0  # seconds: commits of other processes (an import) are found this late
BEHIND = 64  # flushes a slow browser may lag before it is told to start anew

Json = dict[str, Any]


def audience_of(caller: Caller) -> Audience:
    """What this caller hears."""
    if caller.account.unit is not None and may(caller.account.role, Act.SERVE_UNIT):
        return (CREW, "", caller.account.unit)
    if not may(caller.account.role, Act.SEE_INCIDENTS):
        return OFFICE
    if caller.agency is None:
        return CITY
    incident = caller.session.incident
    return ("agency", caller.agency.id, "") if incident is None else ("viewer", caller.agency.id, incident)


@dataclass(eq=False, slots=True)
class Listener:
    """One connected browser; `waiting` holds encoded events, `woken` says there are some."""

    audience: Audience
    waiting: list[bytes] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False
    knows_units: bool = False  # has been told of every unit once; from then on it hears of those that moved

    def put(self, event: bytes) -> None:
        """Hand over one event; a browser too far behind is marked lost instead of growing memory."""
        if len(self.waiting) >= BEHIND:
            self.lost = True
            self.waiting.clear()
        else:
            self.waiting.append(event)
        self.woken.set()


class Feed:
    """Follows the log of facts for every connected browser at once; `run` must be running."""

    def __init__(self, store: Store, links: Callable[[], Sequence[Json]], clock: Clock) -> None:
        """Read facts from `store`; `links` tells the state of the linkages, `clock` which grants are in force."""
        self._store = store
        self._clock = clock
        self._looked_at = clock.now()  # grants that ran out until then have been told
        self._links = links
        self._listeners: dict[Audience, set[Listener]] = {}
        self._wake = asyncio.Event()
        self._cameras: dict[str, Json] = {}
        self._links_changed = False
        self.position = 0
        self._begun = False

    def wake(self, _position: int = 0) -> None:
        """A commit has happened."""
        self._wake.set()

    def cameras_changed(self, cameras: Iterable[Camera]) -> None:
        """Tell of camera statuses, which are no facts."""
        for camera in cameras:
            self._cameras[camera.id] = {
                "id": camera.id,
                "status": camera.status.value,
                "bearing": camera.bearing,
                "field": camera.field,
                "reach": camera.reach,
            }
        self._wake.set()

    def links_changed(self) -> None:
        """Tell of the linkages' state with the next flush."""
        self._links_changed = True
        self._wake.set()

    def join(self, caller: Caller) -> Listener:
        """A new listener, hearing from now on."""
        listener = Listener(audience_of(caller))
        self._listeners.setdefault(listener.audience, set()).add(listener)
        return listener

    @property
    def listeners(self) -> Mapping[Audience, set[Listener]]:
        """Who listens now, by what they may hear."""
        return self._listeners

    def leave(self, listener: Listener) -> None:
        """The browser has gone."""
        heard = self._listeners.get(listener.audience, set())
        heard.discard(listener)
        if not heard:
            self._listeners.pop(listener.audience, None)

    async def run(self) -> None:
        """Follow the log until cancelled; begun again after a failure it goes on where it was."""
        if not self._begun:
            self.position = await self._store.read(lambda look: look.last_position())
            self._begun = True
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):  # wait_for would swallow a cancellation that meets a wake-up
                    await self._wake.wait()
            self._wake.clear()
            if await self.flush():
                await asyncio.sleep(BETWEEN_FLUSHES)

    async def flush(self) -> bool:
        """Tell everyone what is new since the cursor; False when nothing was."""
        span = _Span(self.position, self._looked_at, self._clock.now())
        told = await self._store.read(lambda look: _gather(look, span, set(self._listeners)))
        self._looked_at = span.now
        cameras, self._cameras = list(self._cameras.values()), {}
        links, self._links_changed = (list(self._links()) if self._links_changed else []), False
        if told.position == span.after and not told.changes and not cameras and not links:
            return False
        self.position = told.position
        for audience, listeners in self._listeners.items():
            change = told.changes.get(audience) or _no_change()
            own = {**change, "position": told.position, "cameras": cameras, "links": links}
            if audience != CITY:
                own["links"], own["cameras"] = [], []
            if not any(own[part] for part in (*_no_change(), "cameras", "links")):
                continue
            event = b"event: change\ndata: " + msgspec.json.encode(own) + b"\n\n"
            for listener in listeners:
                listener.put(event)
        return True


@dataclass(frozen=True, slots=True)
class _Span:
    """What is to be told: facts behind a position, and grants that ran out since the last look."""

    after: int
    since: datetime
    now: datetime


@dataclass(slots=True)
class _Told:
    position: int
    changes: dict[Audience, Json]


def _gather(look: Reading, span: _Span, audiences: set[Audience]) -> _Told:
    """What each of these audiences has to be told; nothing is read for nobody."""
    if not audiences:
        return _Told(look.last_position(), {})
    facts = look.list_facts(after=span.after, limit=2000)
    agencies_listen = any(agency for _, agency, _ in audiences)
    run_out = look.list_grants_run_out(after=span.since, until=span.now) if agencies_listen else ()
    changes: dict[Audience, Json] = {}

    def change_of(audience: Audience) -> Json:
        return changes.setdefault(audience, _no_change())

    last = {str(grant.incident): span.after for grant in run_out}
    last |= {r.fact.subject: r.position for r in facts if r.fact.subject.startswith("inc-")}
    for subject, position in last.items():
        concerned = {CITY} if position > span.after else set()
        if agencies_listen:
            granted = {str(grant.agency) for grant in look.list_grants(incident=IncidentId(subject)) if grant.agency}
            concerned |= {each for agency in granted for each in (("agency", agency, ""), ("viewer", agency, subject))}
        concerned &= audiences
        incident = look.find_incident(IncidentId(subject)) if concerned else None
        if incident is None or incident.sandbox:
            continue
        rows: dict[str, Json] = {}  # once for the control room and once for each agency, whose grants may differ
        for audience in concerned:
            agency = audience[1]
            if agency not in rows:
                row = row_for(look, incident, agency=AgencyId(agency) if agency else None, now=span.now)
                rows[agency] = {**row, "recorded": position}  # moves on when only its record does
            change_of(audience)["incidents"].append(rows[agency])
    for recorded in facts:
        _note_fact(recorded, change_of)
    tell_units(look, facts, audiences, change_of)
    return _Told(facts[-1].position if facts else span.after, changes)


def _no_change() -> Json:
    """What an audience is told of besides cameras and linkages, when there is nothing to tell."""
    return {"incidents": [], "views_ended": [], "sites_changed": False, "roads_changed": False, "units": []}


def _note_fact(recorded: Recorded, change_of: Callable[[Audience], Json]) -> None:
    fact = recorded.fact
    if fact.kind == "ViewEnded":
        text = ENDING_WORDS[Ending(str(fact.data["ending"]))].to_dict()
        row = {"view_id": fact.data["view"], "reason": fact.data["ending"], "text": text}
        agency = fact.data.get("agency")
        change_of(("agency", str(agency), "") if agency else CITY)["views_ended"].append(row)
        if agency and fact.subject.startswith("inc-"):
            change_of(("viewer", str(agency), fact.subject))["views_ended"].append(row)
    elif fact.kind in ROAD_CHANGES:
        change_of(CITY)["roads_changed"] = True
    elif fact.kind in CITY_CHANGES:
        change_of(CITY)["sites_changed"] = True
