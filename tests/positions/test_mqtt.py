"""Vehicles reporting through an MQTT broker: what their messages say, and a broker that is lost and found again."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import aiomqtt
import pytest
from amqtt.broker import Broker

from fakes.clock import StandingClock
from goldentime.adapters.mqtt import positions as adapter
from goldentime.adapters.mqtt.positions import MqttBroker, MqttPositions, read_positions
from goldentime.core.errors import BadMessage
from goldentime.core.place import LonLat

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PLAIN = MqttBroker("broker.test")


def read(said, broker=PLAIN, topic="fleet/순12/position"):
    return read_positions(broker, "police", (topic, json.dumps(said).encode()), NOW)


def test_a_message_in_our_own_names_needs_no_mapping():
    at = (NOW - timedelta(seconds=3)).isoformat()
    said = {"unit": "순12", "lon": 127.0, "lat": 37.2, "at": at, "speed_kmh": 50, "heading": 360, "accuracy_m": 4}
    (position,) = read(said)
    assert (position.unit, position.agency, position.source) == ("순12", "police", "mqtt")
    assert position.at == NOW - timedelta(seconds=3)
    assert (position.speed_kmh, position.heading, position.accuracy_m) == (50.0, 0.0, 4.0)


def test_another_makers_message_is_read_by_its_paths_and_the_topic():
    fields = {"lon": "gps.x", "lat": "gps.y", "at": "ts", "speed": "gps.v", "heading": "gps.dir", "accuracy": "gps.err"}
    broker = MqttBroker("broker.test", unit_level=1, fields=fields, speed_unit="m/s")
    (position,) = read({"ts": 1_795_399_200_000, "gps": {"x": "127.5", "y": 37.2, "v": 10, "dir": -90}}, broker)
    assert (position.unit, position.place) == ("순12", LonLat(127.5, 37.2))
    assert (position.speed_kmh, position.heading, position.accuracy_m) == (36.0, 270.0, None)
    assert position.at == datetime.fromtimestamp(1_795_399_200, UTC)


def test_many_in_one_message_and_a_time_left_out():
    both = read([{"unit": 7, "lon": 127, "lat": 37}, {"unit": "lost"}, {"unit": "8", "lon": 127, "lat": 37}])
    assert [(one.unit, one.at) for one in both] == [("7", NOW), ("8", NOW)]


@pytest.mark.parametrize(
    "said",
    [
        {},
        [[]],
        "position",
        {"unit": "순1", "lon": 127},
        {"unit": "순1", "lon": 327, "lat": 37},
        {"unit": "순1", "lon": "east", "lat": 37},
        {"unit": "순1", "lon": True, "lat": 37},
        {"unit": "", "lon": 127, "lat": 37},
        {"unit": {"id": 1}, "lon": 127, "lat": 37},
        {"unit": "순1", "lon": 127, "lat": 37, "at": "soon"},
        {"unit": "순1", "lon": 127, "lat": 37, "at": 1e30},
    ],
)
def test_what_says_no_position_is_bad(said):
    with pytest.raises(BadMessage):
        read(said)


def test_what_is_no_json_or_too_large_is_bad():
    a_bad_byte, too_deep = b'{"unit": "\xff"}', b"[" * 8_000
    for payload in (b"{", b"\xff", a_bad_byte, too_deep, b"[" * 20_000, b" " * 20_000, "text", None):
        with pytest.raises(BadMessage):
            read_positions(PLAIN, "police", ("t", payload), NOW)


async def serve(port: int) -> Broker:
    listener = {"type": "tcp", "bind": f"127.0.0.1:{port}", "max_connections": 20}
    broker = Broker({"listeners": {"default": listener}, "auth": {"allow-anonymous": True}})
    await broker.start()
    return broker


@pytest.mark.socket
async def test_a_real_brokers_positions_arrive_again_after_it_was_down(monkeypatch, unused_tcp_port):
    monkeypatch.setattr(adapter, "FIRST_PAUSE", 0.05)
    taken: asyncio.Queue[str] = asyncio.Queue()
    notes: list[bool] = []
    broker = MqttBroker("127.0.0.1", unused_tcp_port, topics=("fleet/+/position",), unit_level=1)

    def take(positions):
        for one in positions:
            taken.put_nowait(one.unit)

    listening = MqttPositions(broker, "police", take, lambda ok, _detail: notes.append(ok), StandingClock())
    running = asyncio.create_task(listening.run())
    async with asyncio.timeout(20):
        for unit in ("순12", "순13"):
            server = await serve(unused_tcp_port)
            async with aiomqtt.Client("127.0.0.1", unused_tcp_port) as car:
                await car.publish(f"fleet/{unit}/position", b'{"unit": "\xff"}', retain=True)
                while taken.empty():  # until our side has subscribed
                    await car.publish(f"fleet/{unit}/position", b"[" * 8_000)
                    await car.publish(f"fleet/{unit}/position", b'{"lon": 127.0, "lat": 37.2}')
                    await asyncio.sleep(0.02)
            assert await taken.get() == unit
            await server.shutdown()
            while not taken.empty():
                taken.get_nowait()
    running.cancel()
    assert True in notes
    assert False in notes
