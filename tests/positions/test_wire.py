"""Position messages over the safety net: they move units, open nothing, and are kept by sample only."""

import base64
import json
from dataclasses import replace

import pytest

from fakes.room import CROSSING, FAR_AWAY, PlainLinkage, Room
from fakes.town import FIRE, POLICE
from goldentime.city.units.unit import Unit, UnitKind
from goldentime.core.ids import UnitId
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.positions.take_position_reports import KEPT
from goldentime.messages.exchange import Sender
from goldentime.messages.kept import MessageState

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
