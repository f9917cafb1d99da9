"""An engine drives down the street with everything real but the street: flow, client, socket, centre, lights."""

import asyncio

import pytest

from fakes.green_street import GreenStreet, street
from goldentime.adapters.signals import SignalCentreClient
from goldentime.adapters.signals.client import CentreAddress
from goldentime.city.signals.request import Reason, State
from goldentime.flows.signals.clear_the_way import beat
from goldentime.sim.signals.centre import Centre
from goldentime.sim.signals.layout import lit_junctions

pytestmark = pytest.mark.socket
KEY = b"a key of sixteen bytes or more"


async def until(here: GreenStreet, client: SignalCentreClient, is_so) -> None:
    async with asyncio.timeout(5):
        while not is_so():
            await beat(here.clearing, await client.take_said(0.02))


async def test_each_signal_is_green_when_the_engine_comes_and_free_once_it_is_through() -> None:
    here = GreenStreet()
    centre = Centre(lit_junctions(street()), KEY, pace=200, tick_s=0.01)
    started = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(centre.serve("127.0.0.1", 0, started))
    client = SignalCentreClient(CentreAddress("127.0.0.1", await started, KEY, heartbeat_s=0.1))
    running = asyncio.create_task(client.run())
    here.clearing.centre = client
    await until(here, client, lambda: client.is_up)
    await here.sets_out("E1")

    def state(junction: str) -> State | None:
        return next((one.state for one in here.clearing.book.values() if one.junction == junction), None)

    for metres, junction, approach in ((250, "sig-1", "0-1"), (650, "sig-2", "1-2")):
        here.drives_at("E1", metres)
        await until(here, client, lambda junction=junction: state(junction) is State.ACTIVE)
        assert approach in centre.controllers[junction].lights().green
        here.drives_at("E1", metres + 170)
        await until(here, client, lambda junction=junction: state(junction) is State.RELEASED)
        assert centre.controllers[junction].claims == {}
    assert {one.reason for one in here.clearing.book.values()} == {Reason.PASSED}
    assert centre.wrongs == []
    for task in (running, serving):
        task.cancel()
    await asyncio.gather(running, serving, return_exceptions=True)
