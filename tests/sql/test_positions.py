"""Where each unit was last comes back after a restart, and where it was before only while its day's key lives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.store import FakeStore
from goldentime.core.place import LonLat
from goldentime.flows.ports import Store
from goldentime.messages.position import Position
from sql import samples as s
from sql.conftest import Place

FULL = Position("순12", "agency-112", LonLat(127.0286123, 37.2636), s.NOW, 45.5, 359.5, 6.0, "mqtt")
SCARCE = Position("phone-1", None, LonLat(-0.1, -37.0), s.LATER)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def store(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Store:
    return FakeStore() if request.param == "memory" else new_place(request.param).open()


async def test_the_last_position_of_every_unit_comes_back_and_is_replaced(store: Store) -> None:
    both = [(SCARCE, s.LATER), (FULL, s.NOW)]
    await store.change(lambda tx: tx.put_last_positions(both))
    assert list(await store.read(lambda look: look.list_last_positions())) == both
    moved = replace(FULL, place=LonLat(127.03, 37.27), at=s.LATER, speed_kmh=None, heading=None, accuracy_m=None)
    await store.change(lambda tx: tx.put_last_positions([(moved, s.LATER)]))
    assert list(await store.read(lambda look: look.list_last_positions())) == [(SCARCE, s.LATER), (moved, s.LATER)]


async def test_units_not_heard_of_for_long_are_forgotten(store: Store) -> None:
    await store.change(lambda tx: tx.put_last_positions([(SCARCE, s.LATER), (FULL, s.NOW)]))
    assert await store.change(lambda tx: tx.forget_last_positions(s.NOW + timedelta(seconds=1))) == 1
    assert [one.unit for one, _ in await store.read(lambda look: look.list_last_positions())] == ["phone-1"]


async def test_sealed_items_of_a_subject_are_listed_by_name_until_its_key_is_destroyed(store: Store) -> None:
    def fill(tx):
        for second in ("100000", "100005", "100010"):
            tx.seal("track/20261123", second, second.encode(), ends_at=s.LATER)
        tx.seal("track/20261124", "100005", b"another day", ends_at=s.LATER)

    await store.change(fill)

    def ask(look):
        return list(look.list_sealed("track/20261123", first="100001", last="100010"))

    assert await store.read(ask) == [("100005", b"100005"), ("100010", b"100010")]
    await store.change(lambda tx: tx.destroy("track/20261123", s.LATER))
    assert await store.read(ask) == []
