"""Position messages over the safety net: they move units, open nothing, and are kept by sample only."""

import base64
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fakes.room import CROSSING, FAR_AWAY, PlainLinkage, Room
from fakes.town import FIRE, POLICE
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.clock import KST
from goldentime.core.ids import UnitId
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.positions.take_position_reports import KEPT
from goldentime.linkages import fixed_head_tcp, safety_net_http, safety_net_tcp
from goldentime.messages.exchange import RawMessage, Sender
from goldentime.messages.kept import MessageState
from goldentime.messages.order import Order

HERE = [CROSSING.lon, CROSSING.lat]


@pytest.fixture
def room():
    return Room()


async def tell(room, unit="순12", **more):
    said = {"kind": "112UC110", "service": "position", "items": {"UNIT_ID": unit, "SPEED": "54", "HEADING": "-90"}}
    said |= {"place": HERE, "occurrence": f"{room.town.clock.now():%Y%m%d%H%M%S}", **more}
    return await room.hear_bytes(json.dumps(said).encode(), Sender(POLICE, frozenset()))


async def test_a_position_message_moves_the_unit_and_opens_no_incident(room):
    answer = await tell(room)
    assert answer.ok
    (tracked,) = room.world.positions.all()
    assert (tracked.raw.unit, tracked.agency, tracked.raw.source) == ("순12", POLICE, "wire")
    assert (tracked.raw.speed_kmh, tracked.raw.heading) == (54.0, 270.0)
    assert room.incidents == []


async def test_of_thousands_a_sample_is_kept_and_not_for_long(room):
    for _ in range(90):
        await tell(room)
        room.town.clock.pass_(seconds=1)
    kept = list(room.store.rows.messages.values())
    assert len(kept) == 2
    assert all(one.ends_at - one.received_at == KEPT and one.state is MessageState.READ for one in kept)


@pytest.mark.parametrize("service", ["position", "event"])
@pytest.mark.parametrize("wire", ["safety_net_http", "safety_net_tcp", "fixed_head_tcp"])
async def test_a_site_s_own_kind_of_position_moves_the_unit_and_is_kept_by_sample(room, wire, service):
    """A city may be told positions under a code of its own; the same kind as a plain event is kept whole."""
    linkage, body = told_under_own_kind(wire, service, room.town.clock.now())
    room.intake = Intake(room.world, {wire: linkage})
    raw = RawMessage(wire, POLICE, "application/json", {}, body, room.town.clock.now())
    answer = await room.intake.receive(raw, Sender(POLICE, frozenset()))
    assert answer.ok
    kept = [one.ends_at - one.received_at for one in room.store.rows.messages.values()]
    is_position = service == "position"
    assert (kept == [KEPT]) is is_position
    assert [one.raw.unit for one in room.world.positions.all()] == (["순12"] if is_position else [])


def told_under_own_kind(wire: str, service: str, now: datetime) -> tuple[Any, bytes]:
    """A linkage of a site that lists a kind of its own, and a message of it: unit 순12 at the crossing."""
    kind = {"service": service, "ko": "차량 위치", "en": "Where a car is"}
    number, place = "20261123120000001", CROSSING
    if wire == "fixed_head_tcp":
        names = ["SEND_NUM", "EVT_GRD", "EVT_TYP", "LON", "LAT", "UNIT_ID", "BJD_CD", "EVT_DTM", "SENDER_ID"]
        table = {
            "kinds": {"30/112": {"kind": "GGCAR01", **kind}},
            "bodies": {"30/112": names},
        }
        stamp = f"{now.astimezone(KST):%Y%m%d%H%M%S}"
        values = [number, "C1", "", str(place.lon), str(place.lat), "순12", "", stamp, "gg112"]
        inside = ("\x1e".join(values) + ";").encode()
        head = f"3010{stamp}112UCP{stamp}{len(inside):010d}".encode()
        return fixed_head_tcp.open_linkage(table), head + inside
    order = Order("ORD-1", number, "GO-1", "agency-112", "112_dispatch", ("순12",), now, place)
    table = {"kinds": {"GGCAR01": kind}, "order_kinds": {"112_dispatch": "GGCAR01"}}
    module = safety_net_tcp if wire == "safety_net_tcp" else safety_net_http
    linkage = module.open_linkage(table)
    return linkage, linkage.order(order)


class SealedPlain(PlainLinkage):
    """A plain message whose body shows nothing until it is opened."""

    def parse(self, raw):
        return super().parse(replace(raw, body=base64.b64decode(json.loads(raw.body)["body"])))


async def test_a_sealed_position_too_is_kept_by_sample_and_not_for_long(room):
    room.intake = Intake(room.world, {"plain": SealedPlain()})
    for second in range(90):
        said = {"kind": "112UC110", "service": "position", "items": {"UNIT_ID": "순12"}, "place": HERE}
        inside = base64.b64encode(json.dumps({**said, "occurrence": str(second)}).encode()).decode()
        answer = await room.hear_bytes(json.dumps({"encAt": "Y", "body": inside}).encode(), Sender(POLICE, frozenset()))
        assert answer.ok
        room.town.clock.pass_(seconds=1)
    kept = list(room.store.rows.messages.values())
    assert [one.ends_at - one.received_at for one in kept] == [KEPT, KEPT]


@pytest.mark.parametrize(
    ("change", "type_code"),
    [({"items": {}}, "4101"), ({"place": None}, "4101")],
)
async def test_a_position_of_nobody_or_nowhere_is_refused_in_words_and_kept_whole(room, change, type_code):
    answer = await tell(room, **change)
    assert (answer.ok, answer.type_code) == (False, type_code)
    (kept,) = room.store.rows.messages.values()
    assert (kept.state, kept.problem) == (MessageState.BAD, type_code)
    assert room.world.positions.all() == []


async def test_another_agencys_unit_is_not_moved(room):
    room.world.positions.know_units([Unit(UnitId("팔달1"), FIRE, "팔달1", UnitKind.ENGINE, FAR_AWAY)])
    answer = await tell(room, unit="팔달1")
    assert (answer.ok, answer.type_code) == (False, "4001")
    assert room.world.positions.latest("팔달1") is None


async def test_a_flood_of_reports_holds_up_no_position(room):
    room.rules_flood()
    await tell(room)
    assert len(room.world.positions.all()) == 1


async def test_a_trial_moves_nobody(room):
    body = json.dumps({"kind": "112UC110", "service": "position", "items": {"UNIT_ID": "순12"}, "place": HERE}).encode()
    answer = await room.hear_bytes(body, Sender(POLICE, frozenset(), sandbox=True))
    assert answer.ok
    assert room.world.positions.all() == []
