"""A control room with a town's people, a crossing of working cameras and a linkage that speaks plain JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from fakes.town import PEPPER, POLICE, Town
from fakes.video import RememberedVideo
from goldentime.city.agencies.agency import Agency
from goldentime.city.cameras.inventory import Camera, Purpose, Site, Status, camera_id
from goldentime.city.cameras.streams import Stream
from goldentime.core.errors import BadMessage
from goldentime.core.ids import SiteId
from goldentime.core.place import LonLat
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.intake.receive_message import Intake
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.watching.duty import start_duty
from goldentime.flows.world import Rules, World
from goldentime.messages.exchange import Answer, Outcome, Outgoing, RawMessage, Sender
from goldentime.messages.report import Report, ReportState

CROSSING = LonLat(127.0, 37.25)
FAR_AWAY = LonLat(127.2, 37.25)
POLICE_SENDER = Sender(POLICE, frozenset())


class PlainLinkage:
    """A linkage whose messages are the report's own fields as JSON."""

    name = "plain"
    read = 0

    def parse(self, raw: RawMessage) -> Report:
        try:
            said = json.loads(raw.body)
            place = LonLat(*said.pop("place")) if said.get("place") else None
            part = tuple(said.pop("part", (1, 1)))
            state = ReportState(said.pop("state", "occurred"))
            known = {"sender": "P41", "system": "112", "kind": "112UC001", "kind_name": "112 긴급영상", "urgent": True}
            known |= {"service": "112_video", "occurrence": "1"}
            said.pop("place", None)
            if said.get("content") == "break the reader" and not raw.headers:
                self.read += 1
                if self.read > 1:  # the second look, when it is worked off
                    raise ZeroDivisionError
            at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
            return Report(**{**known, **said}, state=state, place=place, part=part, occurred_at=at)
        except (ValueError, TypeError, AttributeError) as error:
            raise BadMessage(Text("읽을 수 없습니다.", "Cannot be read."), type_code="4000") from error

    def deliver(self, outcome: Outcome) -> Answer:
        told = {"kind": outcome.kind.value, "cameras": [camera.label for camera in outcome.cameras]}
        if outcome.notes:
            told["notes"] = [note.ko for note in outcome.notes]
        type_code = outcome.type_code or "2000"
        return Answer(json.dumps(told).encode(), "application/json", type_code, ok=type_code == "2000")

    def deliver_error(self, error: BadMessage) -> Answer:
        return Answer(error.text.en.encode(), "text/plain", error.type_code, ok=False)

    def fingerprint(self, raw: RawMessage) -> bytes:
        return raw.body

    def may_be_position(self, raw: RawMessage) -> bool:
        return b'"position"' in raw.body or b'"Y"' in raw.body

    def callback(self, report: Report, outcome: Outcome, origins: frozenset[str]) -> Outgoing | None:
        return None


def crossing_cameras(count: int = 6) -> list[Camera]:
    """One working camera on each of `count` poles, 40 m apart in a row through the crossing."""
    cameras = []
    for number in range(count):
        place = LonLat(CROSSING.lon + (number - count / 2) * 0.00045, CROSSING.lat + 0.0001)
        site = SiteId(f"site-{number}")
        cameras.append(Camera(camera_id(site, 1), site, 1, place, Purpose.CRIME, Status.WORKING))
    return cameras


@dataclass
class Room:
    """Everything the flows about incidents are handed."""

    town: Town = field(default_factory=Town)
    video: RememberedVideo = field(default_factory=RememberedVideo)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        """Put up the cameras."""
        cameras = crossing_cameras()
        sites = [
            Site(c.site_id, f"개소 {c.site_id}", c.place, 1, c.purpose, address="가온시 나루동 1-1") for c in cameras
        ]
        self.city = KnownCity(CityFiles(cameras=cameras, sites=sites))
        town = self.town
        self.store = town.store
        positions = Positions(town.clock)
        self.world = World(
            town.store,
            town.clock,
            town.randomness,
            self.city,
            self.video,
            self.rules,
            positions=positions,
            pepper=PEPPER,
        )
        self.intake = Intake(self.world, {"plain": PlainLinkage()})
        town.store.seed(lambda tx: self._furnish(tx, cameras))

    def _furnish(self, tx: Any, cameras: Iterable[Camera]) -> None:
        agency = tx.find_agency(POLICE)
        tx.put_agency(
            replace(agency, services=frozenset({"112_video"}), senders=frozenset())
            if isinstance(agency, Agency)
            else agency
        )
        for camera in cameras:
            tx.rows.cameras[camera.id] = camera
            tx.rows.streams[camera.id] = Stream(camera.id, f"rtsp://10.0.0.1/{camera.id}")

    async def hear(self, sender: Sender = POLICE_SENDER, **said: Any) -> dict[str, Any]:
        """The linkage's answer to a message with these fields."""
        answer = await self.hear_bytes(json.dumps(said).encode(), sender)
        return json.loads(answer.body)

    async def hear_bytes(self, body: bytes, sender: Sender = POLICE_SENDER) -> Answer:
        """The answer to raw bytes."""
        raw = RawMessage("plain", sender.agency, "application/json", {}, body, self.town.clock.now())
        return await self.intake.receive(raw, sender)

    def rules_flood(self) -> None:
        """From now on every message is one too many."""
        self.world = replace(self.world, rules=replace(self.rules, flood_backlog=0))
        self.intake = Intake(self.world, {"plain": PlainLinkage()})

    async def caller(self, name: str, *, camera_purposes: frozenset[str] | None = None) -> Caller:
        """A signed-in person; an operator is on duty."""
        caller = await self.town.caller(name)
        if caller.account.role.value == "operator":
            await self.store.change(lambda tx: start_duty(tx, caller.session, self.town.clock.now(), camera_purposes))
        return caller

    @property
    def incidents(self) -> list[Any]:
        """Every incident there is."""
        return list(self.store.rows.incidents.values())
