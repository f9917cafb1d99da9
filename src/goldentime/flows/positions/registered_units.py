"""Which unit a position is of, and who may say so: its own agency by its code, and a limited number of strangers."""

from collections import Counter
from collections.abc import Iterable

from goldentime.city.units.unit import Unit
from goldentime.flows.positions.tracked import Fate, Seen
from goldentime.messages.position import Position

MOST_UNKNOWN = 500  # units of one agency that nobody has registered


class RegisteredUnits:
    """Every unit that was ever reported, under its id when it is registered, else under its agency and code."""

    def __init__(self) -> None:
        """None is registered, and none was reported; both come by `know` and `seen_of`."""
        self._seen: dict[str, Seen] = {}
        self._units: dict[tuple[str | None, str], Unit | None] = {}  # by agency and code; None where it is not one
        self._strange: Counter[str | None] = Counter()

    def know(self, units: Iterable[Unit]) -> set[str]:
        """These are all registered units; the keys under which something is new, is gone, or is another's now."""
        changed = set()
        self._units = _by_code(unit for unit in units if unit.removed_at is None)
        for seen in list(self._seen.values()):
            code = seen.raw.unit if seen.raw else seen.key
            unit = self._units.get((seen.agency, code))
            if (unit is None) != (seen.unit is None):
                changed |= self._rename(seen, unit, code)
            if unit != seen.unit:
                changed.add(seen.key)
            seen.unit = unit
        return changed

    def find(self, key: str) -> Seen | None:
        """What is kept of it; None when it was never reported."""
        return self._seen.get(key)

    def all(self) -> Iterable[Seen]:
        """Every unit that was ever reported, registered or not."""
        return self._seen.values()

    def seen_of(self, position: Position) -> Seen | Fate:
        """The unit the position is of, or why this agency may not say so."""
        unit = self._units.get((position.agency, position.unit))
        if unit is not None:
            seen = self._seen.get(unit.id)
            if seen is None:
                seen = self._seen[unit.id] = Seen(unit.id, unit.agency, unit)
            return seen
        if position.agency is not None and (None, position.unit) in self._units:
            return Fate.NOT_YOURS
        key = f"{position.agency or ''}/{position.unit}"
        seen = self._seen.get(key)
        if seen is None:
            if self._strange[position.agency] >= MOST_UNKNOWN:
                return Fate.TOO_MANY_UNKNOWN
            self._strange[position.agency] += 1
            seen = self._seen[key] = Seen(key, position.agency, None)
        return seen

    def _rename(self, seen: Seen, unit: Unit | None, code: str) -> set[str]:
        """It was registered, or is no longer; its old name, under which it is gone, and its new one."""
        old = seen.key
        self._seen.pop(old, None)
        self._strange[seen.agency] += -1 if unit is not None else 1
        seen.key = unit.id if unit is not None else f"{seen.agency or ''}/{code}"
        self._seen[seen.key] = seen
        return {old, seen.key}


def _by_code(units: Iterable[Unit]) -> dict[tuple[str | None, str], Unit | None]:
    """Units by agency and code, or id; by the code alone, for who names no agency, where one agency only uses it."""
    found: dict[tuple[str | None, str], Unit | None] = {}
    for unit in units:
        for name in {unit.code, str(unit.id)}:
            found[unit.agency, name] = unit
            found[None, name] = unit if (None, name) not in found else None
    return found
