"""What the second's beat does: matches, tells, keeps, watches for arrival; and what is left after a restart."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.room import CROSSING, Room
from fakes.town import POLICE
from goldentime.city.roads.line import LinkId, NodeId, RoadLink, Roads
from goldentime.city.units.states import Step
from goldentime.city.units.unit import Unit, UnitKind, UnitState
from goldentime.core.ids import UnitId
from goldentime.core.place import LonLat, distance_metres
from goldentime.edges.wire.links import link_rows
from goldentime.flows.known_city import CityFiles, KnownCity
from goldentime.flows.links.link_health import LinkHealth
from goldentime.flows.positions.follow_positions import PositionBeat
from goldentime.flows.positions.keep_positions import PositionKeeper, TrackRules, list_track
from goldentime.flows.positions.position_sources import PositionSources
from goldentime.flows.positions.spot_arrivals import Arrivals
from goldentime.flows.positions.take_positions import Positions
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.messages.position import Position

CAR = Unit(UnitId("순12"), POLICE, "순12", UnitKind.PATROL, CROSSING)
ROAD = RoadLink(LinkId("L1"), NodeId("a"), NodeId("b"), "나루로", "107", (((126.99, 37.25), (127.01, 37.25)),), 1, 50.0)


def east(metres: float, north: float = 0.0) -> LonLat:
    return LonLat(CROSSING.lon + metres / 88_500, CROSSING.lat + north / 111_195)


class Day:
    """A room with one road and one car, beat by beat."""

    def __init__(self) -> None:
        self.room = Room()
        self.clock, self.store = self.room.town.clock, self.room.store
        self.told: list[set[str]] = []
        self.steps: list[tuple[str, Step]] = []
        self.begin()
        self.store.seed(lambda tx: tx.put_unit(CAR))

    def begin(self) -> None:
        city = KnownCity(CityFiles(roads=Roads((ROAD,))))
        self.positions = Positions(self.clock)
        self.world = replace(self.room.world, city=city, positions=self.positions)
        self.keeper = PositionKeeper(self.store, self.clock, TrackRules(kept=timedelta(days=2)))
        self.beat = PositionBeat(self.world, self.keeper, Arrivals(self.world, self.step), self.tell)

    async def step(self, unit: UnitId, step: Step) -> None:
        self.steps.append((unit, step))

    async def tell(self, moved: set[str]) -> None:
        self.told.append(moved)

    async def drives(self, place: LonLat, *, seconds: float = 1.0, kmh: float = 36.0) -> None:
        self.clock.pass_(seconds=seconds)
        self.positions.take([Position("순12", POLICE, place, self.clock.now(), kmh, 90.0, 5.0)])
        await self.beat.beat()


@pytest.fixture
def day():
    return Day()


async def test_a_car_beside_its_road_is_put_on_it_and_told_of(day):
    await day.drives(east(-100, north=6))
    await day.drives(east(-90, north=6))
    tracked = day.positions.latest("순12")
    assert tracked.matched.link == "L1"
    assert tracked.matched.off == pytest.approx(6, abs=1)
    assert distance_metres(tracked.place, east(-90)) < 3
    assert day.told[1] == {"순12"}


async def test_a_car_far_from_every_road_stays_where_it_says_it_is(day):
    await day.drives(east(0, north=200))
    assert day.positions.latest("순12").matched is None


async def test_the_last_place_is_known_again_after_a_restart_with_its_age(day):
    await day.drives(east(40))
    day.clock.pass_(minutes=3)
    day.begin()
    assert await day.keeper.restore(day.positions) == 1
    await day.beat.beat()
    tracked = day.positions.latest("순12")
    assert tracked.unit == CAR
    assert tracked.age(day.clock.now()) == timedelta(minutes=3)


async def test_a_track_is_kept_thinned_sealed_and_only_while_its_days_key_lives(day):
    start = day.clock.now()
    for second in range(60):
        await day.drives(east(10.0 * second))
    points = await day.store.read(lambda look: list_track(look, "순12", start, day.clock.now()))
    assert 11 <= len(points) <= 13
    assert [round((point.at - start).total_seconds()) for point in points][:3] == [1, 6, 11]
    assert all(subject.startswith("track/2026") for subject, _ in day.store.rows.sealed)
    day.clock.pass_(days=4)
    await destroy_expired(day.store, day.clock, kept=timedelta(days=90))
    assert await day.store.read(lambda look: list_track(look, "순12", start, day.clock.now())) == []


async def test_a_car_that_stands_leaves_a_point_every_two_minutes_only(day):
    start = day.clock.now()
    for _ in range(50):
        await day.drives(CROSSING, seconds=5, kmh=0)
    points = await day.store.read(lambda look: list_track(look, "순12", start, day.clock.now()))
    assert len(points) == 3


async def test_what_storage_could_not_take_is_written_when_it_is_back(day):
    await day.drives(CROSSING)
    kept, day.store.broken = day.store.rows.last_positions, True
    with pytest.raises(Exception, match="Storage"):
        await day.drives(east(30))
    day.store.broken = False
    await day.beat.beat()
    ((last, _),) = day.store.rows.last_positions.values()
    assert last.place != next(iter(kept.values()))[0].place


async def test_a_car_under_orders_is_seen_to_leave_and_to_arrive(day):
    await day.room.hear(place=[CROSSING.lon, CROSSING.lat])
    (incident,) = day.room.incidents
    sent = replace(CAR, state=UnitState.ORDERED, incident=incident.id, version=2)
    await day.drives(east(-500), kmh=0)
    day.store.seed(lambda tx: (tx.put_unit(sent), tx.put_incident(replace(incident, version=9))))
    day.beat._units_at = -1  # the fake writes no fact of it
    for second in range(55):
        metres = min(0.0, -500 + 12.0 * second)
        await day.drives(east(metres), kmh=43.2 if metres else 0)
    assert (UnitId("순12"), Step.DEPART) in day.steps
    assert day.steps[-1] == (UnitId("순12"), Step.ARRIVE)
    assert day.steps.index((UnitId("순12"), Step.DEPART)) < day.steps.index((UnitId("순12"), Step.ARRIVE))


async def test_each_way_in_has_its_own_light_that_moves_once_a_beat(day):
    changed = []
    links = LinkHealth(day.clock, lambda: changed.append(1))
    links.agencies = [day.store.rows.agencies[POLICE]]
    sources = PositionSources(day.positions, links)
    sources.take([Position("순12", POLICE, CROSSING, day.clock.now(), source="mqtt")] * 50)
    sources.note(POLICE, "cot", ok=False, detail="unreachable")
    before = len(changed)
    sources.note_heard()
    sources.note_heard()
    assert len(changed) == before + 1
    (row,) = link_rows(links)
    assert {light["linkage"]: light["state"] for light in row["lights"]} == {"mqtt": "healthy", "cot": "failed"}
