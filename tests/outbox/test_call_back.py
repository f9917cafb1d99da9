"""An order taken back unit by unit, as the agency's own strict system hears it over a real connection."""

import pytest

from fakes.agency_line import AgencyLine, SpokenPlain
from fakes.fleet import Fleet
from fakes.town import FIRE
from goldentime.adapters.callbacks.addresses import CallbackAddresses
from goldentime.adapters.tcp.client import TcpAddress, TcpCarrier
from goldentime.core.clock import SystemClock
from goldentime.core.ids import UnitId
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.outgoing.carrier import Carrier
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.send_outgoing import Outbox
from goldentime.flows.units.call_back_units import call_back
from goldentime.flows.units.send_units import send_units
from goldentime.flows.world import Speaking
from goldentime.linkages.fixed_head_tcp.linkage import FixedHeadTcp
from goldentime.linkages.safety_net_tcp.linkage import SafetyNetTcp
from goldentime.sim.agencies.receiver import ReceivingAgency

UNITS = ("E1", "L1", "A1")
STANDS = [(UNITS, ()), (("L1", "A1"), ("E1",)), (("A1",), ("E1", "L1")), ((), UNITS)]


async def ordered_and_called_back(wire: Speaking, carrier: Carrier) -> None:
    """Three units are ordered and called back one by one; everything goes out."""
    fleet = Fleet(wires={FIRE: wire})  # type: ignore[dict-item]
    links = LinkHealth(fleet.clock, lambda: None)
    links.agencies = list(fleet.store.rows.agencies.values())
    outbox = Outbox(fleet.world, [Channel(FIRE, "wire", carrier)], links)
    incident, operator = await fleet.fire(), await fleet.operator()
    await send_units(fleet.dispatch, operator, incident, [UnitId(one) for one in UNITS])
    for one in UNITS:
        await call_back(fleet.dispatch, operator, UnitId(one))
    for _ in range(20):
        await outbox.turn()
        fleet.clock.pass_(seconds=1)


@pytest.mark.socket
@pytest.mark.parametrize("standard", [False, True])
async def test_a_strict_agency_takes_the_order_and_each_call_back_and_the_last_cancels_it(*, standard: bool) -> None:
    there = ReceivingAgency(kinds=frozenset({"119UC001", "MTSUC210"}), standard=standard)
    wire = SafetyNetTcp()
    address = TcpAddress("127.0.0.1", await there.start())
    carrier = TcpCarrier(address, wire, CallbackAddresses(["127.0.0.0/8"]), SystemClock(), answer=1)
    try:
        await ordered_and_called_back(wire, carrier)
    finally:
        await carrier.stop()
        await there.stop()
    orders = [one for one in there.taken if one.units or one.withdrawn]
    assert [(one.units, one.withdrawn) for one in orders] == STANDS
    assert [one.state for one in orders] == ["10", "40", "40", "90"]
    assert len({one.occurrence for one in orders}) == (2 if standard else 1)  # the second 40 needs its own there
    assert (there.repeats, there.wrong) == (1 if standard else 0, [])


async def test_a_line_that_knows_repeats_by_their_number_takes_every_call_back() -> None:
    line = AgencyLine()
    await ordered_and_called_back(SpokenPlain(), line)
    orders = [one for one in line.taken if "order" in one]
    assert [(tuple(one["units"]), tuple(one["withdrawn"])) for one in orders] == STANDS
    assert [one["state"] for one in orders] == ["occurred", "changed", "changed", "cancelled"]
    assert len(line.came) == len(line.taken)


async def test_the_fixed_head_says_the_same_in_its_own_fields() -> None:
    wire, fleet = FixedHeadTcp(), Fleet()
    incident, operator = await fleet.fire(), await fleet.operator()
    await send_units(fleet.dispatch, operator, incident, [UnitId(one) for one in UNITS])
    for one in UNITS:
        await call_back(fleet.dispatch, operator, UnitId(one))
    said = []
    for order in fleet.orders(FIRE):
        frame = wire.order(order)
        assert frame is not None
        fields = dict(zip(wire.settings.order_fields, frame[48:].decode().split("\x1e"), strict=True))
        said.append((frame[2:4], fields["SEND_NUM"], fields["MSG_NO"], fields["UNIT_CD"], fields["UNIT_WITHDRAWN"]))
    assert [state for state, *_ in said] == [b"10", b"40", b"40", b"90"]
    assert (len({number for _, number, *_ in said}), len({message for _, _, message, *_ in said})) == (1, 4)
    assert [(left, back) for *_, left, back in said] == [(",".join(u), ",".join(w)) for u, w in STANDS]
