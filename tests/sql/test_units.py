"""Units and their orders come back as they were, on both databases and in the store other tests put in their place."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fakes.store import FakeStore
from goldentime.city.people.account import Account, Role
from goldentime.city.units.unit import UnitState
from goldentime.core.ids import AccountId, AgencyId, IncidentId, OrderId, UnitId
from goldentime.flows.ports import Store
from sql import samples as s
from sql.conftest import Place


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def store(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Store:
    return FakeStore() if request.param == "memory" else new_place(request.param).open()


async def test_a_unit_comes_back_field_by_field_and_is_replaced_by_id(store: Store) -> None:
    full, scarce = s.full_unit(), s.unit()
    await store.change(lambda tx: [tx.put_unit(full), tx.put_unit(scarce)])
    assert await store.read(lambda look: (look.find_unit(full.id), look.find_unit(scarce.id))) == (full, scarce)
    changed = replace(scarce, state=UnitState.CLEAR, capabilities=frozenset({"als"}), version=2)
    await store.change(lambda tx: tx.put_unit(changed))
    assert await store.read(lambda look: look.find_unit(scarce.id)) == changed
    assert await store.read(lambda look: look.find_unit(UnitId("none"))) is None


async def test_units_in_use_are_listed_by_agency_and_incident(store: Store) -> None:
    gone = s.full_unit()
    there = s.unit("E-2", incident=IncidentId("inc-1"))
    police = s.unit("P-1", agency=AgencyId("112-suwon"), incident=IncidentId("inc-1"))
    free = s.unit("E-3")
    await store.change(lambda tx: [tx.put_unit(one) for one in (gone, police, there, free)])
    assert await store.read(lambda look: list(look.list_units())) == [there, free, police]
    assert await store.read(lambda look: list(look.list_units(agency=AgencyId("119-suwon")))) == [there, free]
    assert await store.read(lambda look: list(look.list_units(incident=IncidentId("inc-1")))) == [there, police]

    def both(look):
        return list(look.list_units(agency=AgencyId("112-suwon"), incident=IncidentId("inc-1")))

    assert await store.read(both) == [police]


async def test_orders_are_found_by_id_and_incident_and_remember_who_was_called_back(store: Store) -> None:
    first, second = s.order(), s.order("ord-2", withdrawn=frozenset({"E-1"}))
    other = s.order("ord-3", incident=IncidentId("inc-2"))
    await store.change(lambda tx: [tx.put_order(one) for one in (second, other, first)])
    assert await store.read(lambda look: list(look.list_orders(IncidentId("inc-1")))) == [first, second]
    assert await store.read(lambda look: look.find_order(OrderId("ord-2"))) == second
    assert await store.read(lambda look: look.find_order(OrderId("ord-9"))) is None


async def test_a_crew_s_account_and_grant_name_its_unit(store: Store) -> None:
    account = Account(AccountId("acc-crew"), "e1", "매탄펌프1", Role.CREW, AgencyId("119-suwon"), unit=UnitId("E-1"))
    grant = replace(s.grant(), agency=None, unit=UnitId("E-1"))
    await store.change(lambda tx: [tx.put_account(account), tx.put_grant(grant)])
    assert await store.read(lambda look: look.find_account(account.id)) == account
    assert await store.read(lambda look: look.find_grant(grant.id)) == grant
