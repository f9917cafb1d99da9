"""Who hears at once that a unit's state has changed, and who never does."""

import json
from typing import Any

from fakes.fleet import Fleet
from goldentime.city.units.states import Step
from goldentime.core.ids import UnitId
from goldentime.edges.live.feed import Feed, Listener
from goldentime.flows.units.change_unit_state import change_unit_state
from goldentime.flows.units.send_units import send_units


def heard(listener: Listener) -> dict[str, Any]:
    """Everything told so far, by part."""
    parts: dict[str, Any] = {"units": [], "incidents": []}
    for event in listener.waiting:
        data = json.loads(event.split(b"data: ", 1)[1])
        for name in parts:
            parts[name] += data[name]
    listener.waiting.clear()
    return parts


async def test_the_control_room_its_agency_and_its_crew_hear_of_a_unit_and_no_other_crew_does() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    feed = Feed(fleet.store, list, fleet.clock)
    await feed.flush()
    callers = {
        "operator": await fleet.operator(),
        "police": await fleet.room.caller("jung"),
        "crew": await fleet.crew("E1"),
        "other": await fleet.crew("L1"),
    }
    listeners = {name: feed.join(caller) for name, caller in callers.items()}
    await send_units(fleet.dispatch, callers["operator"], incident, [UnitId("E1")])
    await feed.flush()
    told = {name: heard(listener) for name, listener in listeners.items()}
    assert [unit["state"] for unit in told["operator"]["units"]] == ["ordered"]
    assert [unit["incident"] for unit in told["crew"]["units"]] == [incident]
    assert [row["id"] for row in told["crew"]["incidents"]] == [incident]
    assert (told["police"]["units"], told["other"]["units"], told["other"]["incidents"]) == ([], [], [])


async def test_a_crew_hears_that_its_incident_has_moved_on() -> None:
    fleet = Fleet()
    incident = await fleet.fire()
    operator = await fleet.operator()
    await send_units(fleet.dispatch, operator, incident, [UnitId("E1"), UnitId("P1")])
    feed = Feed(fleet.store, list, fleet.clock)
    feed.position = fleet.store.rows.facts[-1].position
    crew = feed.join(await fleet.crew("E1"))
    await change_unit_state(fleet.dispatch, await fleet.crew("P1"), UnitId("P1"), Step.DEPART)
    await feed.flush()
    told = heard(crew)
    assert told["units"] == []  # another unit's state is not its own
    assert set(told["incidents"][0]) == {"id", "recorded"}  # and of the incident only that there is news
