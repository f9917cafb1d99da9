"""How each way by which positions come in is doing, whose light it is, and that a crew speaks for its own unit only."""

from collections.abc import Sequence

from goldentime.core.errors import Refused
from goldentime.core.ids import UnitId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.positions.tracked import Fate
from goldentime.flows.world import World
from goldentime.messages.position import Position

LIGHTS = {"wire": "safety_net_http", "api": "positions", "mqtt": "mqtt", "cot": "cot", "field": "field"}
HELD_AGAINST = frozenset({Fate.NOT_YOURS, Fate.TOO_OLD, Fate.TOO_MANY_UNKNOWN})  # the sender's doing, not the sky's


class PositionSources:
    """Takes positions in and remembers who spoke; the lights are moved once a second, not at every position."""

    def __init__(self, positions: Positions, links: LinkHealth) -> None:
        """Nobody has spoken yet."""
        self._positions, self._links = positions, links
        self._heard: dict[tuple[str, str], str] = {}  # by agency and light: what was wrong, or ""

    def take(self, positions: Sequence[Position]) -> list[Fate]:
        """What became of each."""
        fates = self._positions.take(positions)
        for position, fate in zip(positions, fates, strict=True):
            if position.agency is not None:
                detail = fate.value if fate in HELD_AGAINST else ""
                self._heard[position.agency, LIGHTS[position.source]] = detail
        return fates

    def heard_api(self, agency: str, ok: bool) -> None:  # noqa: FBT001  the door's own shape
        """The agency spoke at the HTTP door, and something of it could be taken or not."""
        self._heard[agency, LIGHTS["api"]] = "" if ok else "bad_request"

    def note(self, agency: str, light: str, *, ok: bool, detail: str | Text = "") -> None:
        """The source itself works, or not."""
        self._links.note(agency, ok=ok, detail=detail, linkage=light)

    def note_heard(self) -> None:
        """Move the lights of all who spoke since the last time."""
        heard, self._heard = self._heard, {}
        for (agency, light), problem in heard.items():
            self._links.note(agency, ok=not problem, detail=problem, linkage=light)


async def take_crew_position(world: World, caller: Caller, unit: UnitId, position: Position) -> Fate:
    """What became of the position a crew's own phone tells; raises Refused for any unit but the one it is bound to.

    `unit` is what the account is bound to; the position's own unit and agency are put from it, whatever was sent.
    """
    known = await world.store.read(lambda look: look.find_unit(unit))
    if known is None or known.removed_at is not None or known.agency != caller.account.agency:
        raise Refused(Text("이 계정의 출동대가 아닙니다.", "Not this account's unit."), code="not_their_unit")
    place, at = position.place, position.at
    own = Position(
        known.code, known.agency, place, at, position.speed_kmh, position.heading, position.accuracy_m, "field"
    )
    return world.positions.take([own])[0]
