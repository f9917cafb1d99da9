"""What is alike, paired and timed comes back as it was put, on both databases."""

from dataclasses import replace
from datetime import timedelta

from goldentime.adapters.sql import SqlStore
from goldentime.city.incidents.golden_time import Clock
from goldentime.city.incidents.nature import Nature
from goldentime.city.incidents.pairing import Cause, Pairing, PairState
from goldentime.city.incidents.same import Trace, cell_of, cells_near
from goldentime.core.ids import AccountId, AgencyId, IncidentId
from goldentime.core.place import LonLat
from sql import samples as s

HERE = LonLat(127.01, 37.01)
BARE = Trace(IncidentId("inc-1"), s.NOW, HERE, 0.0, Nature.FIRE, frozenset(), "", "agency-112")
FULL = Trace(
    IncidentId("inc-2"), s.NOW, HERE, 90.5, Nature.TRAFFIC, frozenset({1, 2**47}), "c0ffee", "agency-119", drill=True
)
PAIR = Pairing(
    IncidentId("inc-1"), IncidentId("inc-2"), PairState.SUGGESTED, Cause.LIKENESS, 4.25, 120.5, 130.0,
    Nature.TRAFFIC, Nature.MEDICAL, s.NOW,
)  # fmt: skip
CLOCK = Clock(IncidentId("inc-1"), "GO-0501-0001", AgencyId("agency-119"), "119_dispatch", False, s.NOW)


def test_a_trace_comes_back_by_cell_and_by_caller_the_newest_first_and_once(store: SqlStore) -> None:
    late = replace(BARE, incident=IncidentId("inc-3"), at=s.NOW + timedelta(minutes=1))
    nowhere = replace(FULL, incident=IncidentId("inc-4"), place=None)
    old = replace(BARE, incident=IncidentId("inc-5"), at=s.NOW - timedelta(hours=1))
    for one in (BARE, FULL, late, nowhere, old):
        store.change_now(lambda tx, one=one: tx.put_trace(one))
    assert store.read_now(lambda look: look.find_trace(FULL.incident)) == FULL

    def near(caller: str, limit: int = 9) -> list[str]:
        since = s.NOW - timedelta(minutes=30)
        return [t.incident for t in store.read_now(
            lambda look: look.list_traces([cell_of(HERE)], caller, since=since, limit=limit))]  # fmt: skip

    assert near("")[0] == "inc-3"
    assert set(near("")) == {"inc-1", "inc-2", "inc-3"}
    assert near("", 1) == ["inc-3"]
    assert set(near("c0ffee")) == {"inc-1", "inc-2", "inc-3", "inc-4"}
    store.change_now(lambda tx: tx.drop_trace(late.incident))
    assert set(near("")) == {"inc-1", "inc-2"}


def test_every_place_within_reach_lies_in_one_of_the_four_cells() -> None:
    for lon, lat in ((127.0, 37.0), (126.9999, 36.9999), (-0.001, 0.001), (128.9, 38.6)):
        cells = cells_near(LonLat(lon, lat))
        assert cell_of(LonLat(lon, lat)) in cells
        assert 1 <= len(cells) <= 4


def test_a_pairing_is_found_from_either_side(store: SqlStore) -> None:
    store.change_now(lambda tx: tx.put_pairing(PAIR))
    joined = replace(PAIR, state=PairState.JOINED, metres=None, by=AccountId("acc-kim"))
    store.change_now(lambda tx: tx.put_pairing(joined))
    for incident in ("inc-1", "inc-2"):
        assert store.read_now(lambda look, one=incident: look.list_pairings(IncidentId(one))) == [joined]
    assert store.read_now(lambda look: look.find_pairing(IncidentId("inc-2"), IncidentId("inc-1"))) == joined
    assert store.read_now(lambda look: look.find_pairing(IncidentId("inc-2"), IncidentId("inc-3"))) is None


def test_clocks_are_listed_by_call_and_drills_never_among_the_others(store: SqlStore) -> None:
    full = replace(
        CLOCK,
        incident=IncidentId("inc-2"),
        called_at=s.LATER,
        **{f"{one}_at": s.LATER for one in ("intake", "listed", "seen", "ordered", "departed", "arrived", "closed")},
        by_hand=frozenset({"arrived", "departed"}),
    )
    drill = replace(CLOCK, incident=IncidentId("inc-3"), drill=True)
    police = replace(CLOCK, incident=IncidentId("inc-4"), agency=None)
    own = replace(full, whose="agency-119", nature=Nature.FIRE)
    for one in (CLOCK, full, own, drill, police):
        store.change_now(lambda tx, one=one: tx.put_clock(one))

    def listed(agency: str | None = None, *, drill: bool = False) -> list[Clock]:
        of = AgencyId(agency) if agency else None
        return list(store.read_now(lambda look: look.list_clocks(
            since=s.NOW, until=s.LATER + timedelta(seconds=1), agency=of, drill=drill, limit=9)))  # fmt: skip

    assert listed() == [CLOCK, police, full, own]
    assert listed("agency-119") == [own]
    assert listed(drill=True) == [drill]
    assert store.read_now(lambda look: look.find_clock(full.incident)) == full
    store.change_now(lambda tx: tx.drop_clocks(full.incident))
    assert listed() == [CLOCK, police]
    store.change_now(lambda tx: tx.forget_clocks())
    assert listed() == []


def test_a_readers_cursor_begins_at_nothing_and_moves(store: SqlStore) -> None:
    assert store.read_now(lambda look: look.find_cursor("clocks")) == 0
    store.change_now(lambda tx: tx.put_cursor("clocks", 7))
    store.change_now(lambda tx: tx.put_cursor("clocks", 9))
    assert store.read_now(lambda look: look.find_cursor("clocks")) == 9
