"""How an operator closes a road and opens it again, known to the next route at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.line import LinkId
from goldentime.core.errors import Conflict, Invalid, NotFound
from goldentime.core.fact import Fact
from goldentime.core.ids import new_id
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.ports import Change
from goldentime.flows.world import World

MOST_LINKS = 500  # a whole district closed by a slip of the hand would send everyone astray
WIDEST_METRES = 2000.0


@dataclass(frozen=True, slots=True)
class RoadToClose:
    """What to close: links by id, with the `place` where they were marked, or all within `radius` metres of it."""

    scope: Scope
    reason: str
    until: datetime | None = None
    links: Sequence[LinkId] = ()
    place: LonLat | None = None
    radius: float = 30.0


async def close_road(world: World, caller: Caller, asked: RoadToClose) -> Closure:
    """The closure, in force; raises Invalid for links that are not here, none at all, too many, or a time gone by."""
    now = world.clock.now()
    if asked.until is not None and asked.until <= now:
        raise Invalid(Text("해제 시각이 이미 지났습니다.", "The time to open it again has passed."), field="until")
    closure = Closure(
        id=ClosureId(new_id("closure", now, world.randomness)),
        links=frozenset(_links(world, asked)),
        scope=asked.scope,
        reason=asked.reason.strip(),
        closed_at=now,
        until=asked.until,
        by=caller.account.id,
        place=asked.place,
        radius=asked.radius if asked.place and not asked.links else 0.0,
    )

    def decide(tx: Change) -> None:
        tx.put_closure(closure)
        tx.record(Fact("RoadClosed", closure.id, now, {"links": len(closure.links), "scope": closure.scope.value}))
        tx.audit(Entry(now, "RoadClosed", caller.account.id, data={"closure": closure.id, "links": len(closure.links)}))

    await world.store.change(decide)
    world.city.live_roads.put_closure(closure, now)
    return closure


async def open_road(world: World, caller: Caller, closure_id: ClosureId) -> Closure:
    """The closure, over; raises NotFound, or Conflict when the road is open already."""

    def decide(tx: Change) -> Closure:
        found = tx.find_closure(closure_id)
        if found is None:
            raise NotFound(Text("그런 통제가 없습니다.", "There is no such closure."))
        if found.opened_at is not None:
            raise Conflict(Text("이미 해제된 통제입니다.", "The road has been opened already."))
        return put_opened(tx, found, world.clock.now(), actor=caller.account.id)

    opened = await world.store.change(decide)
    world.city.live_roads.put_closure(opened, world.clock.now())
    return opened


def put_opened(tx: Change, closure: Closure, now: datetime, *, actor: str) -> Closure:
    """The closure ended in this transaction, on record."""
    opened = replace(closure, opened_at=now)
    tx.put_closure(opened)
    tx.record(Fact("RoadOpened", closure.id, now, {"links": len(closure.links)}))
    tx.audit(Entry(now, "RoadOpened", actor, data={"closure": closure.id}))
    return opened


def _links(world: World, asked: RoadToClose) -> Sequence[LinkId]:
    graph = world.city.graph
    if asked.place is not None and not asked.links:
        if not 0.0 < asked.radius <= WIDEST_METRES:
            raise Invalid(Text("반경이 너무 큽니다.", "The radius is too large."), field="radius")
        links: Sequence[LinkId] = graph.within(asked.place, asked.radius)
    else:
        links = asked.links
        if strange := [link for link in links if link not in graph.row_of]:
            words = ", ".join(strange[:5])
            raise Invalid(Text(f"없는 링크입니다: {words}", f"There is no such link: {words}"), field="links")
    if not links:
        raise Invalid(Text("통제할 도로가 없습니다.", "There is no road to close."), field="links")
    if len(links) > MOST_LINKS:
        raise Invalid(
            Text(f"한 번에 {MOST_LINKS}개 링크까지 통제할 수 있습니다.", f"At most {MOST_LINKS} links at a time."),
            field="links",
        )
    return links
