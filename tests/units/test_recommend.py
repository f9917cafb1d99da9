"""Who should go: stories a dispatcher would tell, and what always holds."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from goldentime.city.units.recommend import ALIKE_SECONDS, Candidate, Fitness, Suggested, fill_wants, rank_units
from goldentime.city.units.run_cards import Want
from goldentime.city.units.unit import Unit, UnitKind, UnitState
from goldentime.core.ids import AgencyId, UnitId
from goldentime.core.place import LonLat

HERE = LonLat(127.05, 37.25)


def unit(name: str, kind: UnitKind = UnitKind.PATROL, *also: str, beat: str = "", **more: object) -> Unit:
    return Unit(UnitId(name), AgencyId("a"), name, kind, HERE, frozenset(also), beat=beat, **more)  # type: ignore[arg-type]


def ranked(wants: Sequence[Want], *given: tuple[Candidate, float]) -> dict[str, Suggested]:
    found = rank_units(wants, [c for c, _ in given], [s for _, s in given])
    return {one.unit: one for one in found}


def chosen(found: dict[str, Suggested]) -> set[str]:
    return {name for name, one in found.items() if one.fitness is Fitness.SUGGESTED}


def ko(one: Suggested) -> str:
    return " / ".join(reason.ko for reason in one.reasons)


def test_the_unit_that_arrives_first_goes_and_says_when() -> None:
    far, near = Candidate(unit("P1"), age=4), Candidate(unit("P2"), age=9)
    found = ranked([Want("patrol")], (far, 400.0), (near, 200.0))
    assert list(found) == ["P2", "P1"]
    assert (found["P2"].fitness, found["P1"].fitness) == (Fitness.SUGGESTED, Fitness.POSSIBLE)
    assert ko(found["P2"]) == "도착 예상 3분 20초 / 위치 9초 전"


def test_leaving_the_station_takes_its_time_too() -> None:
    waiting = Candidate(unit("E1", UnitKind.ENGINE), turnout=80)
    moving = Candidate(unit("E2", UnitKind.ENGINE), age=3)
    found = ranked([Want("engine")], (waiting, 120.0), (moving, 170.0))
    assert chosen(found) == {"E2"}
    assert "출동 준비 80초 포함" in ko(found["E1"])
    assert "위치 신호 없음 · 차고지 기준" in ko(found["E1"])


def test_a_card_is_filled_by_what_each_can_do_not_by_who_is_nearest_alone() -> None:
    both = Candidate(unit("R1", UnitKind.RESCUE, "ladder"))
    ladder = Candidate(unit("L1", UnitKind.LADDER))
    engine = Candidate(unit("E1", UnitKind.ENGINE))
    wants = [Want("ladder"), Want("rescue"), Want("engine", 2)]
    found = ranked(wants, (both, 60.0), (ladder, 300.0), (engine, 200.0))
    assert {name: one.fills for name, one in found.items()} == {"R1": "rescue", "L1": "ladder", "E1": "engine"}
    filled = {one.capability: (one.suggested, one.missing) for one in fill_wants(wants, found.values())}
    assert filled == {"ladder": (1, 0), "rescue": (1, 0), "engine": (1, 1)}


def test_one_patrol_car_stays_in_its_beat() -> None:
    last = Candidate(unit("P1", beat="매탄"))
    first, second = Candidate(unit("P2", beat="영통")), Candidate(unit("P3", beat="영통"))
    found = ranked([Want("patrol", 2)], (last, 100.0), (first, 200.0), (second, 300.0))
    assert chosen(found) == {"P2"} | {"P1"}  # nobody else is left: the last of a beat goes, and says what it costs
    assert "매탄 구역의 마지막 순찰차" in ko(found["P1"])
    assert found["P3"].fitness is Fitness.HELD
    third = Candidate(unit("P4", beat="영통"))
    found = ranked([Want("patrol", 2)], (last, 100.0), (first, 200.0), (second, 300.0), (third, 400.0))
    assert chosen(found) == {"P2", "P3"}
    assert found["P1"].fitness is Fitness.HELD


def test_a_car_goes_to_a_scene_in_its_own_beat() -> None:
    own = Candidate(unit("P1", beat="매탄"), in_beat=True)
    found = ranked([Want("patrol")], (own, 100.0), (Candidate(unit("P2")), 200.0))
    assert chosen(found) == {"P1"}
    assert "자기 담당구역(매탄)" in ko(found["P1"])


def test_of_two_who_arrive_together_the_less_busy_goes() -> None:
    tired, fresh = Candidate(unit("P1"), today=6), Candidate(unit("P2"), today=1)
    found = ranked([Want("patrol")], (tired, 301.0), (fresh, 309.0))
    assert chosen(found) == {"P2"}
    assert "오늘 출동 6회" in ko(found["P1"])


def test_who_is_busy_elsewhere_or_cannot_get_there_is_listed_last_with_why() -> None:
    busy = Candidate(unit("P1", state=UnitState.ON_SCENE))
    cut_off = Candidate(unit("P2"))
    back = Candidate(unit("P3", state=UnitState.CLEAR), age=600)
    found = ranked([Want("patrol", 3)], (busy, 10.0), (cut_off, inf), (back, 500.0))
    assert [(name, one.fitness) for name, one in found.items()] == [
        ("P3", Fitness.SUGGESTED), ("P1", Fitness.BUSY), ("P2", Fitness.UNREACHABLE),
    ]  # fmt: skip
    assert "다른 상황 현장 도착" in ko(found["P1"])
    assert "지금 갈 수 있는 길이 없음" in ko(found["P2"])
    assert "귀소 중이라 바로 돌릴 수 있음" in ko(found["P3"])
    assert "위치가 10분 전 것" in ko(found["P3"])


def test_who_is_here_already_fills_the_card_first() -> None:
    there = Candidate(unit("E1", UnitKind.ENGINE, state=UnitState.ON_SCENE), here=True)
    wants = [Want("engine", 2)]
    found = ranked(
        wants,
        (there, inf),
        (Candidate(unit("E2", UnitKind.ENGINE)), 50.0),
        (Candidate(unit("E3", UnitKind.ENGINE)), 60.0),
    )
    assert (found["E1"].fitness, found["E2"].fitness, found["E3"].fitness) == (
        Fitness.COMMITTED, Fitness.SUGGESTED, Fitness.POSSIBLE,
    )  # fmt: skip
    assert fill_wants(wants, found.values())[0].missing == 0


KINDS = st.sampled_from(list(UnitKind))
WANTS = st.lists(
    st.builds(Want, st.sampled_from([kind.value for kind in UnitKind]), st.integers(1, 3)),
    max_size=4,
    unique_by=lambda want: want.capability,
)


@st.composite
def fleets(draw: st.DrawFn, *, beats: bool = True) -> list[tuple[Candidate, float]]:
    fleet = []
    for number in range(draw(st.integers(0, 9))):
        made = unit(
            f"U{number}",
            draw(KINDS),
            *draw(st.sets(KINDS.map(lambda kind: kind.value), max_size=2)),
            beat=draw(st.sampled_from(["", "A", "B"])) if beats else "",
            state=draw(st.sampled_from(list(UnitState))),
        )
        candidate = Candidate(made, in_beat=draw(st.booleans()), today=draw(st.integers(0, 5)))
        fleet.append((candidate, draw(st.floats(0, 3600) | st.just(inf))))
    return fleet


def rank(wants: Sequence[Want], fleet: Sequence[tuple[Candidate, float]]) -> tuple[Suggested, ...]:
    return rank_units(wants, [c for c, _ in fleet], [s for _, s in fleet])


@given(WANTS, fleets(), st.randoms())
def test_the_order_of_the_input_never_matters(wants, fleet, random) -> None:
    shuffled = random.sample(fleet, len(fleet))
    ours, theirs = rank(wants, fleet), rank(wants, shuffled)
    assert [(s.unit, s.fitness) for s in ours] == [(s.unit, s.fitness) for s in theirs]
    assert fill_wants(wants, ours) == fill_wants(wants, theirs)


@given(WANTS, fleets(beats=False), KINDS)
def test_adding_a_slower_unit_never_changes_who_was_chosen(wants, fleet, kind) -> None:
    slowest = max((s for _, s in fleet if isfinite(s)), default=0.0) + ALIKE_SECONDS
    before = {s.unit for s in rank(wants, fleet) if s.fitness is Fitness.SUGGESTED}
    after = {
        s.unit for s in rank(wants, [*fleet, (Candidate(unit("Z", kind)), slowest)]) if s.fitness is Fitness.SUGGESTED
    }
    assert before == after - {"Z"}


@given(WANTS, fleets())
def test_everybody_is_listed_once_and_only_the_free_and_reachable_are_suggested(wants, fleet) -> None:
    found = rank(wants, fleet)
    assert sorted(s.unit for s in found) == sorted(c.unit.id for c, _ in fleet)
    states = {c.unit.id: (c.unit, s) for c, s in fleet}
    for one in found:
        assert one.reasons
        if one.fitness is Fitness.SUGGESTED:
            made, seconds = states[one.unit]
            assert made.state in {UnitState.AVAILABLE, UnitState.CLEAR}
            assert isfinite(seconds)
            assert one.fills is not None
            assert made.can(one.fills)


@settings(max_examples=60)
@given(WANTS, fleets(beats=False))
def test_as_many_wants_are_filled_as_anyone_could_fill(wants, fleet) -> None:
    free = [c.unit for c, s in fleet if isfinite(s) and c.unit.state in {UnitState.AVAILABLE, UnitState.CLEAR}]
    places = [want.capability for want in wants for _ in range(want.count)]
    filled = sum(f.suggested for f in fill_wants(wants, rank(wants, fleet)))
    assert filled == most_filled(tuple(places), free)


def most_filled(places: tuple[str, ...], free: Sequence[Unit]) -> int:
    """Every way of giving places away, tried out: the largest number filled, by deficiency over sets (Hall, Ore)."""
    kinds = sorted(set(places))
    worst = 0
    for mask in range(1 << len(kinds)):
        some = {kind for bit, kind in enumerate(kinds) if mask >> bit & 1}
        wanted = sum(place in some for place in places)
        able = sum(any(one.can(kind) for kind in some) for one in free)
        worst = max(worst, wanted - able)
    return len(places) - worst


def test_a_want_is_of_something() -> None:
    assert replace(Want("engine"), count=2).count == 2
