"""From the wire into a real store: messages keep their order, refused ones are kept, repeats are one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from edges_tcp.conftest import Line, message
from fakes.hall import FIRE, POLICE, Pictures, furnish
from goldentime.adapters.sql import open_store
from goldentime.city.incidents.incident import State
from goldentime.core.clock import SystemClock
from goldentime.core.ids import AgencyId
from goldentime.edges.tcp.door import Door
from goldentime.edges.tcp.listening import listening_from
from goldentime.edges.tcp.server import TcpServer
from goldentime.edges.wire.links import link_rows
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.intake.reception import Reception
from goldentime.flows.people.manage_keys import issue_key
from goldentime.linkages import fixed_head_tcp, safety_net_tcp
from goldentime.sim.agencies.scenario import Agency
from goldentime.sim.agencies.tcp_wire import WIRES, Fix

pytestmark = pytest.mark.socket
OCCURRENCES = 40


class City:
    """A platform whose 119 comes in behind the fixed head."""

    def __init__(self, platform, store, server, linkage) -> None:
        self.platform, self.store, self.server, self.linkage = platform, store, server, linkage

    async def knock(self) -> Line:
        return Line(self.linkage, *await asyncio.open_connection("127.0.0.1", self.server.port))


@pytest_asyncio.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    with open_store(tmp_path / "data", clock=SystemClock()) as store:
        platform = furnish(tmp_path / "data", store, Pictures())
        linkage = fixed_head_tcp.open_linkage({})
        intake = Intake(platform.world, {linkage.name: linkage})
        reception = Reception(platform.world, platform.door, intake, platform.links)
        peer = {"agency": FIRE.id, "addresses": ["127.0.0.1"], "codes": ["119"]}
        listening = listening_from({"peers": [peer]})
        server = TcpServer(Door(linkage, reception, listening, SystemClock()), listening)
        await server.start()
        running = asyncio.create_task(intake.run())
        yield City(platform, store, server, linkage)
        await server.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def told(linkage, number: int, state: str) -> bytes:
    return message(linkage, number).replace(b"1010", f"10{state}".encode(), 1)


async def test_beginning_change_and_end_sent_in_one_breath_are_acted_on_in_that_order(city):
    line = await city.knock()
    states = ("10", "40", "91")
    sent = [told(city.linkage, number, state) for number in range(OCCURRENCES) for state in states]
    line.writer.write(b"".join(sent))
    answers = [await line.answer() for _ in sent]
    assert {answer.code for answer in answers} == {"2000"}
    for place, answer in enumerate(answers):
        words = ("접수했습니다", "변경 정보를", "상황을 종결하고")[place % 3]
        assert words in answer.words, (place, answer.words)
    incidents = city.store.read_now(lambda look: look.list_incidents(open_only=False))
    assert {incident.reports for incident in incidents} == {2}
    assert {incident.state for incident in incidents} == {State.CLOSED}
    line.writer.close()


async def test_the_same_message_sent_again_over_another_connection_gets_the_same_answer_and_opens_nothing(city):
    first, second = await city.knock(), await city.knock()
    sent = told(city.linkage, 1, "10")
    again = sent[:24] + b"20261123091500" + sent[38:]  # SND_DTM is written anew
    first.writer.write(sent)
    answer = await first.answer()
    second.writer.write(again)
    assert await second.answer() == answer
    assert len(city.store.read_now(lambda look: look.list_incidents(open_only=False))) == 1


async def test_what_is_refused_is_kept_with_its_answer(city):
    line = await city.knock()
    line.writer.write(told(city.linkage, 1, "10").replace(b"UCP", b"XXX", 1) + b"nonsense" * 10 + b"\n")
    codes = {(await line.answer()).code for _ in range(2)}
    assert codes == {"4001", "4000"}
    kept = city.store.read_now(lambda look: look.list_messages())
    assert {(one.state.value, one.problem) for one in kept} == {("bad", "4001"), ("refused", "garbage")}
    assert all(one.answer for one in kept)


async def test_a_session_by_key_and_the_links_light(city):
    made = await issue_key(city.store, SystemClock(), lambda count: b"k" * count, AgencyId(FIRE.id), sandbox=False)
    line = await city.knock()
    assert await line.ask(city.linkage.write_login(made.secret, SystemClock().now())) == "2000"
    assert await line.ask(told(city.linkage, 1, "10")) == "2000"
    row = next(row for row in link_rows(city.platform.links) if row["id"] == FIRE.id)
    lights = [(light["linkage"], light["state"], light["counts"]["logins"]) for light in row["lights"]]
    assert lights == [("fixed_head_tcp", "healthy", 1)], "and nothing of it on the light of another linkage"


async def test_a_message_of_a_tcp_linkage_that_is_set_aside_dims_that_linkages_light(city):
    city.platform._message_failed(AgencyId(FIRE.id), "5000", "fixed_head_tcp")
    row = next(row for row in link_rows(city.platform.links) if row["id"] == FIRE.id)
    assert [(light["linkage"], light["state"]) for light in row["lights"]] == [("fixed_head_tcp", "failed")]


async def test_an_agency_that_the_city_names_no_longer_is_not_let_in_by_its_address(city):
    assert await city.platform.door.neighbour(AgencyId("agency-gone"), frozenset({"119"})) is None
    foreign = await city.platform.door.neighbour(AgencyId("agency-112"), frozenset({"119"}))
    assert foreign is None, "none of these codes is its own, and none must not mean any"


async def test_a_patrol_cars_position_moves_it_and_opens_nothing(city):
    linkage = safety_net_tcp.open_linkage({})
    intake = Intake(city.platform.world, {linkage.name: linkage})
    reception = Reception(city.platform.world, city.platform.door, intake, city.platform.links)
    peer = {"agency": POLICE.id, "addresses": ["127.0.0.1"], "codes": ["P41"]}
    listening = listening_from({"peers": [peer]})
    server = TcpServer(Door(linkage, reception, listening, SystemClock()), listening)
    await server.start()
    now, agency = SystemClock().now(), Agency("112", "P41", "B41", "112")
    wire = WIRES["safety_net_tcp"]
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    sent = wire.position(agency, Fix("P1", 127.0512, 37.2503, 31.5, 90), now)
    writer.write(sent)
    heard = await wire.hear(reader, sent)
    assert heard.type_code == "2000", heard
    writer.close()
    await server.stop()
    tracked = city.platform.world.positions.latest(f"{POLICE.id}/P1")
    assert tracked is not None, heard
    assert city.store.read_now(lambda look: look.list_incidents(open_only=False)) == []
