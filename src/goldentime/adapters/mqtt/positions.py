"""How positions come in from an MQTT broker: which topic names which unit, and where in its JSON everything is."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import aiomqtt
import msgspec
import structlog

from goldentime.core.clock import KST, Clock
from goldentime.core.errors import BadMessage
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.messages.position import Position

log = structlog.get_logger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a lost broker is tried again
LARGEST_PAYLOAD = 16 << 10
QUEUED = 50_000  # messages held while the loop is busy; beyond that the oldest words are no loss
KMH = {"km/h": 1.0, "m/s": 3.6, "kn": 1.852}
FieldName = Literal["unit", "lon", "lat", "at", "speed", "heading", "accuracy"]


@dataclass(frozen=True, slots=True)
class MqttBroker:
    """A broker and how its messages are laid out; `fields` are dotted paths, `unit_level` a topic level, from 0."""

    host: str
    port: int = 1883
    topics: tuple[str, ...] = ("fleet/+/position",)
    unit_level: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    speed_unit: str = "km/h"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str | None = None
    tls: ssl.SSLContext | None = None
    qos: int = 0


class MqttPositions:
    """Listens until cancelled; `take` is handed positions in bites, `note` whether the broker can be heard."""

    def __init__(
        self,
        broker: MqttBroker,
        agency: str,
        take: Callable[[Sequence[Position]], object],
        note: Callable[[bool, str | Text], None],
        clock: Clock,
    ) -> None:
        """Not connected yet."""
        self._broker, self._agency, self._take, self._note, self._clock = broker, agency, take, note, clock

    async def run(self) -> None:
        """Listen for good; a broker that is lost is tried again, ever more slowly."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._client() as client:
                    for topic in self._broker.topics:
                        await client.subscribe(topic, qos=self._broker.qos)
                    self._note(True, "")
                    pause = FIRST_PAUSE
                    async for message in client.messages:
                        self._hear(str(message.topic), message.payload)
            except (aiomqtt.MqttError, OSError, TimeoutError) as problem:
                log.warning("mqtt_broker_lost", problem=type(problem).__name__)
                self._note(False, "unreachable")
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _client(self) -> aiomqtt.Client:
        broker = self._broker
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            identifier=broker.client_id,
            tls_context=broker.tls,
            timeout=10,
            max_queued_incoming_messages=QUEUED,
        )

    def _hear(self, topic: str, payload: Any) -> None:
        try:
            self._take(read_positions(self._broker, self._agency, (topic, payload), self._clock.now()))
        except BadMessage as bad:
            self._note(False, bad.text)


def read_positions(broker: MqttBroker, agency: str, message: tuple[str, Any], now: datetime) -> list[Position]:
    """The positions in one message (topic, payload): a JSON object, or an array, of which the good ones are taken.

    Raises BadMessage when there is none.
    """
    topic, payload = message
    if not isinstance(payload, bytes | bytearray) or len(payload) > LARGEST_PAYLOAD:
        raise _bad("메시지가 너무 큽니다.", "The message is too large.")
    try:
        said = msgspec.json.decode(bytes(payload))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):  # a bad byte and depth have errors of their own
        raise _bad("JSON을 읽을 수 없습니다.", "The JSON cannot be read.") from None
    if not isinstance(said, list):
        return [_read(broker, agency, (topic, said), now)]
    good, bad = [], None
    for one in said:
        try:
            good.append(_read(broker, agency, (topic, one), now))
        except BadMessage as wrong:
            bad = wrong
    if bad is not None and not good:
        raise bad
    return good


def _read(broker: MqttBroker, agency: str, message: tuple[str, Any], now: datetime) -> Position:
    topic, said = message
    levels = topic.split("/")
    if broker.unit_level is not None and broker.unit_level < len(levels):
        unit: Any = levels[broker.unit_level]
    else:
        unit = _find(said, broker.fields.get("unit", "unit"))
    if not isinstance(unit, str | int) or isinstance(unit, bool) or not str(unit).strip() or len(str(unit)) > 64:
        raise _bad("차량 번호가 없습니다.", "There is no unit.")
    lon, lat = (_number(said, broker.fields.get(name, name)) for name in ("lon", "lat"))
    if lon is None or lat is None:
        raise _bad("좌표가 없습니다.", "There are no coordinates.")
    try:
        place = LonLat(lon, lat)
    except ValueError:
        raise _bad("좌표가 아닙니다.", "Not coordinates.") from None
    speed = _number(said, broker.fields.get("speed", "speed_kmh"))
    heading = _number(said, broker.fields.get("heading", "heading"))
    accuracy = _number(said, broker.fields.get("accuracy", "accuracy_m"))
    return Position(
        unit=str(unit).strip(),
        agency=agency,
        place=place,
        at=_time(_find(said, broker.fields.get("at", "at")), now),
        speed_kmh=None if speed is None or speed < 0 else speed * KMH[broker.speed_unit],
        heading=None if heading is None else heading % 360.0,
        accuracy_m=None if accuracy is None or accuracy < 0 else accuracy,
        source="mqtt",
    )


def _find(said: Any, path: str) -> Any:
    """What lies at the dotted path; None when nothing does."""
    for name in path.split("."):
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _number(said: Any, path: str) -> float | None:
    value = _find(said, path)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None


def _time(value: Any, now: datetime) -> datetime:
    """ISO 8601 (Korea's when it names no zone), or seconds or milliseconds since 1970; now when there is none."""
    if value is None:
        return now
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        at = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        raise _bad("시각을 읽을 수 없습니다.", "The time cannot be read.") from None
    return at if at.tzinfo else at.replace(tzinfo=KST)


def _bad(ko: str, en: str) -> BadMessage:
    return BadMessage(Text(ko, en))
