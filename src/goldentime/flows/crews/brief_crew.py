"""What a crew is told: where it is, what it may press, and its scene while its grant is in force, else why not."""

from dataclasses import dataclass
from datetime import datetime

from goldentime.city.grants.grant import ENDING_WORDS, Ending
from goldentime.city.people.account import Act, must
from goldentime.city.units.states import Step, Who, open_steps
from goldentime.city.units.unit import Unit
from goldentime.core.errors import NotFound
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.crews.ask_support import may_call
from goldentime.flows.crews.crew_scene import Scene, scene_for
from goldentime.flows.ports import Reading
from goldentime.flows.units.dispatch import NO_UNIT, Dispatch
from goldentime.flows.units.find_here import Here, find_here
from goldentime.flows.watching.crew_look import find_crew_grant


@dataclass(frozen=True, slots=True)
class Brief:
    """The unit, where it is taken to be (`age` seconds, None at its station) and its scene; else why there is none.

    What it may press and whether it may call for support belong to its order and state, not to its right to look.
    """

    unit: Unit
    steps: tuple[Step, ...]
    here: Here
    at: datetime
    scene: Scene | None
    ended: Text | None
    may_call: bool


async def brief_crew(dispatch: Dispatch, caller: Caller) -> Brief:
    """The brief as of now; raises Refused for who is no crew, NotFound when the unit is gone."""
    must(caller.account.role, Act.SERVE_UNIT)
    now = dispatch.world.clock.now()

    def ask(look: Reading) -> Brief:
        unit = look.find_unit(caller.account.unit) if caller.account.unit else None
        if unit is None or unit.removed_at is not None:
            raise NotFound(NO_UNIT)
        here = find_here(dispatch, unit, now)
        grant = find_crew_grant(look, unit, now)
        incident = look.find_incident(unit.incident) if unit.incident else None
        steps, calls = open_steps(unit, Who.CREW), may_call(look, unit)
        if incident is None or grant is None:
            return Brief(unit, steps, here, now, None, _why_ended(look, unit, now), calls)
        scene = scene_for(dispatch, look, (unit, incident, grant), here, now)
        return Brief(unit, steps, here, now, scene, None, calls)

    return await dispatch.world.store.read(ask)


def _why_ended(look: Reading, unit: Unit, now: datetime) -> Text | None:
    """In which words the crew's last look at this incident ended; None when it is on none."""
    if unit.incident is None:
        return None
    theirs = [grant for grant in look.list_grants(incident=unit.incident) if grant.unit == unit.id]
    if not theirs:
        return None
    last = max(theirs, key=lambda grant: grant.ended_at or min(grant.expires_at, now))
    return ENDING_WORDS[last.ending or Ending.EXPIRED]
