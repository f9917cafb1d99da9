"""What each audience hears of units on the move: at most once a second, only what changed, encoded once for all."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from goldentime.core.clock import Clock
from goldentime.core.ids import AgencyId, IncidentId
from goldentime.edges.live.feed import CITY, OFFICE, Audience, Feed, Listener
from goldentime.edges.wire.unit_positions import every, row, who
from goldentime.flows.ports import Store
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.positions.tracked import Tracked
from goldentime.flows.units.see_units import incident_of, incidents_read, may_see_unit

Json = dict[str, Any]
BITE = 20  # listeners told between two breaths of the event loop
_ENCODE = msgspec.json.Encoder().encode


class UnitFeed:
    """Hands `units` events to the feed's listeners; who joined since the last one hears of every unit first.

    An event holds `units` (who they are and what they do, only when that is new), `at` (rows of id, lon, lat, heading,
    km/h, seconds since 1970, whether on a known road) and `gone` (ids that may no longer be seen).
    """

    def __init__(self, feed: Feed, positions: Positions, store: Store, clock: Clock) -> None:
        """Nobody has been told of any unit."""
        self._feed, self._positions, self._store, self._clock = feed, positions, store, clock
        self._told: dict[Audience, dict[str, Json]] = {}  # by audience: who each unit was said to be

    async def tell(self, moved: set[str]) -> None:
        """Tell everyone who listens of the units that moved, or changed what they do, since the last time."""
        audiences = {audience: set(some) for audience, some in self._feed.listeners.items() if audience != OFFICE}
        for audience in [one for one in self._told if one not in audiences]:
            del self._told[audience]
        if not audiences:
            return
        others = [audience for audience in audiences if audience != CITY]
        everyone = self._positions.all() if others or self._is_anyone_new(audiences) else []
        fresh = [one for key in moved if (one := self._positions.latest(key)) is not None]
        read = await self._read(others, everyone)
        for audience, listeners in audiences.items():
            if audience == CITY:
                seen, changed = everyone, fresh
            else:
                seen = [one for one in everyone if _is_seen(one, audience, read)]
                told = self._told.get(audience, {})
                changed = [one for one in seen if one.key in moved or one.key not in told]
            await self._tell_one(audience, listeners, (seen, changed), moved)

    async def _tell_one(
        self,
        audience: Audience,
        listeners: Iterable[Listener],
        units: tuple[list[Tracked], list[Tracked]],
        moved: set[str],
    ) -> None:
        seen, changed = units
        told = self._told.setdefault(audience, {})
        rows = {one.key: who(one) for one in changed}
        gone = [key for key in moved if key in told and self._positions.find_seen(key) is None]
        if audience != CITY:
            still = {one.key for one in seen}
            gone = [key for key in told if key not in still]
        news = [told_now for key, told_now in rows.items() if told.get(key) != told_now]
        told.update(rows)
        for key in gone:
            told.pop(key, None)
        delta = b""
        if changed or gone:
            delta = _event({"full": False, "units": news, "at": [row(one) for one in changed], "gone": gone})
        newcomers = [listener for listener in listeners if not listener.knows_units]
        if delta:
            await _put(delta, [listener for listener in listeners if listener.knows_units])
        if not newcomers:
            return
        full = every(seen)
        told.update({one["id"]: one for one in full["units"]})  # whoever listened before heard of each when it was new
        for listener in newcomers:
            listener.knows_units = True
        await _put(_event(full), newcomers)

    async def _read(self, audiences: Iterable[Audience], everyone: Iterable[Tracked]) -> dict[str, set[IncidentId]]:
        """By agency: the incidents with units on them that it may read now."""
        agencies = {agency for _, agency, _ in audiences}
        busy = {incident for one in everyone if (incident := incident_of(one)) is not None}
        if not agencies or not busy:
            return {}
        now = self._clock.now()
        return await self._store.read(
            lambda look: {agency: incidents_read(look, busy, AgencyId(agency), now) for agency in agencies}
        )

    def _is_anyone_new(self, audiences: Mapping[Audience, set[Listener]]) -> bool:
        return any(not listener.knows_units for listener in audiences.get(CITY, ()))


def _is_seen(tracked: Tracked, audience: Audience, read: Mapping[str, set[IncidentId]]) -> bool:
    _, agency, only = audience
    return may_see_unit(tracked, AgencyId(agency), read.get(agency, set()), only or None)


async def _put(event: bytes, listeners: Sequence[Listener]) -> None:
    """Hand it to all; a thousand maps in one go would hold up every request for a quarter of a second."""
    for start in range(0, len(listeners), BITE):
        for listener in listeners[start : start + BITE]:
            listener.put(event)
        await asyncio.sleep(0)


def _event(data: Json) -> bytes:
    return b"event: units\ndata: " + _ENCODE(data) + b"\n\n"
