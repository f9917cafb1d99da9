"""How closures and the memory of speeds are stored and found."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam as b
from sqlalchemy import select

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.road_tables import road_closure, road_memory
from goldentime.adapters.sql.rowed import Rowed
from goldentime.adapters.sql.statements import put
from goldentime.city.roads.closures import Closure, ClosureId

_CLOSURES = Rowed(Closure, road_closure)
_ONE = _CLOSURES.select().where(road_closure.c.id == b("id"))
_OPEN = _CLOSURES.select().where(road_closure.c.opened_at.is_(None)).order_by(road_closure.c.id)
_MEMORY = select(road_memory.c.name, road_memory.c.body).order_by(road_memory.c.name)
_PUT_CLOSURE = put(road_closure)
_PUT_MEMORY = put(road_memory)


class RoadReads:
    """The looks of `flows.ports.Reading` at closures and speeds."""

    look: Look

    def find_closure(self, closure: ClosureId) -> Closure | None:
        """By id, opened ones too."""
        row = self.look.one(_ONE, id=closure)
        return None if row is None else _CLOSURES.value(row)

    def list_closures(self) -> Sequence[Closure]:
        """Those nobody has opened."""
        return [_CLOSURES.value(row) for row in self.look.rows(_OPEN)]

    def list_road_memory(self) -> Mapping[str, bytes]:
        """Everything remembered of speeds, by name."""
        return {str(name): bytes(body) for name, body in self.look.rows(_MEMORY)}


class RoadWrites(RoadReads):
    """The writes of `flows.ports.Change` to closures and speeds."""

    draft: Draft

    def put_closure(self, closure: Closure) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_CLOSURE, _CLOSURES.row(closure))

    def put_road_memory(self, bodies: Mapping[str, bytes]) -> None:
        """Insert or replace by name."""
        self.draft.write_many(_PUT_MEMORY, [{"name": name, "body": body} for name, body in bodies.items()])
