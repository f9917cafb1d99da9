"""How an agency's position messages (112UC110 ...) move its units: no incident, and a sample kept as it came."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from goldentime.core.errors import BadMessage
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.intake.kept_messages import answered, new_row, seal
from goldentime.flows.ports import Change
from goldentime.flows.positions.tracked import FATE_WORDS, Fate
from goldentime.flows.world import World
from goldentime.messages.exchange import Answer, Outcome, OutcomeKind, RawMessage, Sender, check_sender
from goldentime.messages.position import Position
from goldentime.messages.report import Report

SERVICE = "position"
KEPT = timedelta(days=1)  # how long a sampled message lives
SAMPLED_EVERY = timedelta(minutes=1)  # of each unit
SAMPLED_A_SECOND = 5  # of all units together
_NO_UNIT = Text("차량 번호 항목이 없습니다.", "No item names the unit.")
_NO_PLACE = Text("차량의 좌표가 없습니다.", "The unit's coordinates are missing.")


class Words(Protocol):
    """What of a linkage is needed: read its bytes, word its answer, tell messages apart."""

    def parse(self, raw: RawMessage) -> Report:
        """Raises BadMessage."""
        ...

    def deliver(self, outcome: Outcome) -> Answer:
        """What the agency is told."""
        ...

    def may_be_position(self, raw: RawMessage) -> bool:
        """Whether it is worth reading at once for a unit's position."""
        ...

    def fingerprint(self, raw: RawMessage) -> bytes:
        """Equal for the same message."""
        ...


@dataclass(slots=True)
class PositionReports:
    """Takes position messages before anything is kept of them; what it leaves goes the way of every message."""

    world: World
    _sampled: dict[str, datetime] = field(default_factory=dict)
    _second: tuple[int, int] = (0, 0)  # which one, and how many were sampled in it

    async def receive(self, linkage: Words, raw: RawMessage, sender: Sender) -> Answer | None:
        """The answer to a sound position; None for every other message, bad positions too: those are kept whole."""
        if not linkage.may_be_position(raw):  # others are not read twice
            return None
        try:
            report = linkage.parse(raw)
            if report.service != SERVICE or report.part[1] != 1:
                return None
            check_sender(report, sender)
            answer = linkage.deliver(take_report(self.world, report, sender))
        except BadMessage:
            return None
        if self._may_sample(f"{sender.agency}/{_unit(self.world, report)}", raw.received_at):
            row = answered(new_row(self.world, raw, sender, linkage.fingerprint(raw)), answer)
            row = replace(row, ends_at=raw.received_at + KEPT)

            def keep(tx: Change) -> None:
                tx.put_message(row)
                seal(tx, row, raw)

            await self.world.store.change(keep)
        return answer

    def _may_sample(self, unit: str, at: datetime) -> bool:
        second, count = int(at.timestamp()), 0
        if self._second[0] == second:
            count = self._second[1]
        last = self._sampled.get(unit)
        if count >= SAMPLED_A_SECOND or (last is not None and at - last < SAMPLED_EVERY):
            return False
        if len(self._sampled) > 10_000:
            self._sampled.clear()
        self._sampled[unit], self._second = at, (second, count + 1)
        return True


def take_report(world: World, report: Report, sender: Sender) -> Outcome:
    """What the agency is told of its position; raises BadMessage for none, and for a unit that is not its own."""
    position = position_of(world, report, sender.agency)
    if sender.sandbox:
        return Outcome(OutcomeKind.UPDATED, sandbox=True)
    fate = world.positions.take([position])[0]
    if fate is Fate.NOT_YOURS:
        raise BadMessage(FATE_WORDS[fate], type_code="4001", field="ocrEvtItem")
    return Outcome(OutcomeKind.UPDATED, text=FATE_WORDS[fate])


def position_of(world: World, report: Report, agency: AgencyId) -> Position:
    """The position in the report's items and coordinates; raises BadMessage when unit or place is missing."""
    unit = _unit(world, report)
    if not unit:
        raise BadMessage(_NO_UNIT, type_code="4101", field="ocrEvtItem")
    if report.place is None:
        raise BadMessage(_NO_PLACE, type_code="4101", field="ocrLc")
    keys = world.rules.position_keys
    speed, heading = _number(report, keys.speed), _number(report, keys.heading)
    return Position(
        unit=unit,
        agency=agency,
        place=report.place,
        at=report.status_at or report.occurred_at,
        speed_kmh=speed if speed is not None and 0 <= speed <= 400 else None,
        heading=None if heading is None else heading % 360.0,
        source="wire",
    )


def _unit(world: World, report: Report) -> str:
    found = (report.items.get(key, "").strip() for key in world.rules.position_keys.unit)
    return next((one[:64] for one in found if one), "")


def _number(report: Report, keys: tuple[str, ...]) -> float | None:
    for key in keys:
        try:
            value = float(report.items[key])
        except (KeyError, ValueError):
            continue
        if abs(value) < 1e6:
            return value
    return None
