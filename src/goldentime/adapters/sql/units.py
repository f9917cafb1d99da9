"""How units and the orders they were given are stored and found."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy import bindparam as b

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Rowed
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.unit_tables import unit, unit_order
from goldentime.city.units.unit import Unit, UnitOrder
from goldentime.core.ids import AgencyId, IncidentId, OrderId, UnitId

_UNITS = Rowed(Unit, unit)
_ORDERS = Rowed(UnitOrder, unit_order)
_ONE_UNIT = _UNITS.select().where(unit.c.id == b("id"))
_ONE_ORDER = _ORDERS.select().where(unit_order.c.id == b("id"))
_ORDERS_OF = _ORDERS.select().where(unit_order.c.incident == b("incident")).order_by(unit_order.c.id)
_PUT_UNIT = put(unit)
_PUT_ORDER = put(unit_order)


@cache
def _units_by(*columns: str) -> "Select[Any]":
    found = _UNITS.select().where(unit.c.removed_at.is_(None)).order_by(unit.c.id)
    return found.where(*[unit.c[name] == b(name) for name in columns])


class UnitReads:
    """The looks of `flows.ports.Reading` at units."""

    look: Look

    def find_unit(self, unit: UnitId) -> Unit | None:
        """By id, removed ones too."""
        row = self.look.one(_ONE_UNIT, id=unit)
        return None if row is None else _UNITS.value(row)

    def list_units(self, *, agency: AgencyId | None = None, incident: IncidentId | None = None) -> Sequence[Unit]:
        """Those in use, of one agency or on one incident when asked for."""
        given = {"agency": agency, "incident": incident}
        wanted = {name: value for name, value in given.items() if value is not None}
        return [_UNITS.value(row) for row in self.look.rows(_units_by(*wanted), **wanted)]

    def find_order(self, order: OrderId) -> UnitOrder | None:
        """By id."""
        row = self.look.one(_ONE_ORDER, id=order)
        return None if row is None else _ORDERS.value(row)

    def list_orders(self, incident: IncidentId) -> Sequence[UnitOrder]:
        """All of one incident, oldest first."""
        return [_ORDERS.value(row) for row in self.look.rows(_ORDERS_OF, incident=incident)]


class UnitWrites(UnitReads):
    """The writes of `flows.ports.Change` to units."""

    draft: Draft

    def put_unit(self, unit: Unit) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_UNIT, _UNITS.row(unit))

    def put_order(self, order: UnitOrder) -> None:
        """Insert or replace by id."""
        self.draft.write(_PUT_ORDER, _ORDERS.row(order))
