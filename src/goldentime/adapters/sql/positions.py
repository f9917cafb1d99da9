"""How each unit's last position is stored; where it was before lies in the vault, sealed under the key of its day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam as b
from sqlalchemy import delete, select

from goldentime.adapters.sql.draft import Draft, Look
from goldentime.adapters.sql.rowed import Row, Values, from_micros, to_micros
from goldentime.adapters.sql.statements import put
from goldentime.adapters.sql.unit_tables import unit_position
from goldentime.core.place import LonLat
from goldentime.messages.position import Position, PositionSource

_ALL = select(unit_position).order_by(unit_position.c.agency, unit_position.c.unit)
_PUT = put(unit_position)
_FORGET = delete(unit_position).where(unit_position.c.received_at < b("before"))


class PositionReads:
    """The looks of `flows.ports.Reading` at last positions."""

    look: Look

    def list_last_positions(self) -> Sequence[tuple[Position, datetime]]:
        """Each unit's last position and when it came."""
        return [_value(row) for row in self.look.rows(_ALL)]


class PositionWrites(PositionReads):
    """The writes of `flows.ports.Change` to last positions."""

    draft: Draft

    def put_last_positions(self, last: Sequence[tuple[Position, datetime]]) -> None:
        """In place of what was known of those units, in one statement."""
        self.draft.write_many(_PUT, [_row(*one) for one in last])

    def forget_last_positions(self, before: datetime) -> int:
        """How many units had not been heard of since then; they are forgotten."""
        return self.draft.run(_FORGET, before=to_micros(before))


def _row(position: Position, received_at: datetime) -> Values:
    return {
        "agency": position.agency or "",
        "unit": position.unit,
        "lon": position.place.lon,
        "lat": position.place.lat,
        "at": to_micros(position.at),
        "speed_kmh": position.speed_kmh,
        "heading": position.heading,
        "accuracy_m": position.accuracy_m,
        "source": position.source,
        "received_at": to_micros(received_at),
    }


def _value(row: Row) -> tuple[Position, datetime]:
    agency, unit, lon, lat, at, speed, heading, accuracy, source, received_at = cast("Any", row)
    position = Position(
        unit=unit,
        agency=agency or None,
        place=LonLat(lon, lat),
        at=from_micros(at),
        speed_kmh=speed,
        heading=heading,
        accuracy_m=accuracy,
        source=cast("PositionSource", source),
    )
    return position, from_micros(received_at)
