"""Closures and the memory of speeds come back as they were, on both databases and in the store of other tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.store import FakeStore
from goldentime.city.roads.closures import Closure, ClosureId, Scope
from goldentime.city.roads.line import LinkId
from goldentime.core.ids import AccountId
from goldentime.core.place import LonLat
from goldentime.flows.ports import Store
from sql import samples as s
from sql.conftest import Place


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def store(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Store:
    return FakeStore() if request.param == "memory" else new_place(request.param).open()


FULL = Closure(
    id=ClosureId("closure-1"),
    links=frozenset({LinkId("2260058800"), LinkId("2260058801")}),
    scope=Scope.EXCEPT_EMERGENCY,
    reason="행사",
    closed_at=s.NOW,
    until=s.NOW + timedelta(hours=2),
    by=AccountId("acc-1"),
    place=LonLat(127.0, 37.2),
    radius=30.0,
)
SCARCE = Closure(ClosureId("closure-2"), frozenset(), Scope.FOR_ALL, "", s.NOW)


async def test_a_closure_comes_back_and_is_listed_until_it_is_opened(store: Store) -> None:
    await store.change(lambda tx: [tx.put_closure(SCARCE), tx.put_closure(FULL)])
    assert list(await store.read(lambda look: look.list_closures())) == [FULL, SCARCE]
    opened = replace(FULL, opened_at=s.LATER)
    await store.change(lambda tx: tx.put_closure(opened))
    assert list(await store.read(lambda look: look.list_closures())) == [SCARCE]
    assert await store.read(lambda look: look.find_closure(FULL.id)) == opened
    assert await store.read(lambda look: look.find_closure(ClosureId("closure-none"))) is None


async def test_what_was_learned_of_speeds_is_replaced_by_name(store: Store) -> None:
    await store.change(lambda tx: tx.put_road_memory({"live": b"{}", "learned/weekday/34": b"old"}))
    await store.change(lambda tx: tx.put_road_memory({"learned/weekday/34": b"new"}))
    assert await store.read(lambda look: look.list_road_memory()) == {"live": b"{}", "learned/weekday/34": b"new"}
