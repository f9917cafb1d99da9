"""Units, their orders and where they last were, in memory."""

from collections.abc import Sequence
from datetime import datetime

from fakes.tables.rows import Rows, by_id
from goldentime.city.units.unit import Unit, UnitOrder
from goldentime.core.ids import (
    AgencyId,
    IncidentId,
    OrderId,
    UnitId,
)
from goldentime.messages.position import Position


class Units:
    """Reading and writing them."""

    rows: Rows

    def find_unit(self, unit: UnitId) -> Unit | None:
        return self.rows.units.get(unit)

    def list_units(self, *, agency: AgencyId | None = None, incident: IncidentId | None = None) -> Sequence[Unit]:
        return by_id(
            u
            for u in self.rows.units.values()
            if u.removed_at is None and agency in (None, u.agency) and incident in (None, u.incident)
        )

    def find_order(self, order: OrderId) -> UnitOrder | None:
        return self.rows.orders.get(order)

    def list_orders(self, incident: IncidentId) -> Sequence[UnitOrder]:
        return by_id(o for o in self.rows.orders.values() if o.incident == incident)

    def put_unit(self, unit: Unit) -> None:
        self.rows.units[unit.id] = unit

    def put_order(self, order: UnitOrder) -> None:
        self.rows.orders[order.id] = order

    def list_last_positions(self) -> Sequence[tuple[Position, datetime]]:
        return [self.rows.last_positions[key] for key in sorted(self.rows.last_positions)]

    def put_last_positions(self, last: Sequence[tuple[Position, datetime]]) -> None:
        self.rows.last_positions.update({(one[0].agency or "", one[0].unit): one for one in last})

    def forget_last_positions(self, before: datetime) -> int:
        old = [key for key, (_, at) in self.rows.last_positions.items() if at < before]
        for key in old:
            del self.rows.last_positions[key]
        return len(old)
