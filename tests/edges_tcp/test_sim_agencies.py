"""The simulated agencies against the real doors and the real linkages, on real sockets."""

import asyncio

import pytest

from edges_tcp.conftest import KEY, Hall
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.messages.exchange import Sender
from goldentime.messages.report import ReportState
from goldentime.sim.agencies import load_scenario, run_agency_over_tcp
from goldentime.sim.agencies.run import Pace
from goldentime.sim.agencies.tcp_client import TcpWay
from goldentime.sim.agencies.tcp_wire import WIRES, Fix

pytestmark = pytest.mark.socket
FAST = Pace(every=0, count=12, speed=10_000, pause=0.01)


def anyone(hall: Hall) -> None:
    """Let every code be spoken; the scenario's own are not what is tried here."""

    async def neighbour(agency: AgencyId, codes: frozenset[str]) -> Sender | None:
        return Sender(agency)

    hall.neighbour = neighbour  # type: ignore[method-assign]


@pytest.mark.parametrize("wire", list(WIRES))
@pytest.mark.parametrize("name", ["112", "119"])
async def test_an_agency_plays_its_day_over_tcp(opened, wire, name):
    stage = await opened(wire)
    anyone(stage.hall)
    way = TcpWay("127.0.0.1", stage.server.port, WIRES[wire])
    tally = await run_agency_over_tcp(load_scenario(name), way=way, pace=FAST, seed=4, print_line=None)
    assert (tally.failed, tally.refused) == (0, 0), list(tally.problems)
    assert tally.accepted == len(stage.hall.reports) >= 12
    assert {report.system for report in stage.hall.reports} == {name}
    states = {report.state for report in stage.hall.reports}
    assert {ReportState.OCCURRED, ReportState.ENDED} <= states
    assert all(report.notes == () for report in stage.hall.reports)
    assert {report.service for report in stage.hall.reports} != {"event"}


@pytest.mark.parametrize("wire", list(WIRES))
async def test_an_agency_logs_in_with_its_key_and_again_when_the_session_is_over(opened, wire):
    stage = await opened(wire, {"peers": []})
    way = TcpWay("127.0.0.1", stage.server.port, WIRES[wire], KEY)

    async def forget() -> None:
        async with asyncio.timeout(10):
            while len(stage.hall.reports) < 5:  # noqa: ASYNC110  (a condition of the hall's)
                await asyncio.sleep(0.001)
        stage.hall.sessions.clear()

    forgetting = asyncio.create_task(forget())
    tally = await run_agency_over_tcp(load_scenario("119"), way=way, pace=FAST, seed=4, print_line=None)
    await forgetting
    assert (tally.failed, tally.refused) == (0, 0), list(tally.problems)
    assert tally.logins >= 2


async def test_its_cars_tell_where_they_are(opened):
    stage = await opened("safety_net_tcp")
    anyone(stage.hall)
    way = TcpWay("127.0.0.1", stage.server.port, WIRES["safety_net_tcp"])
    stop = asyncio.Event()
    playing = asyncio.create_task(
        run_agency_over_tcp(
            load_scenario("112"),
            way=way,
            pace=Pace(every=60),
            units=("순찰1", "순찰2"),
            units_every=0.01,
            print_line=None,
            stop=stop,
        )
    )
    async with asyncio.timeout(10):
        while sum(report.service == "position" for report in stage.hall.reports) < 40:  # noqa: ASYNC110  (the hall's)
            await asyncio.sleep(0.01)
    stop.set()
    await playing
    told = [report for report in stage.hall.reports if report.service == "position"]
    assert {report.items["UNIT_ID"] for report in told} == {"순찰1", "순찰2"}
    assert all(report.place is not None and float(report.items["SPEED"]) > 0 for report in told)


def test_a_wire_without_positions_says_so():
    with pytest.raises(OperatorsError):
        WIRES["fixed_head_tcp"].position(load_scenario("112").agency, Fix("a", 127, 37, 1, 0), None)
