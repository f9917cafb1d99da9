"""Greens asked for come back as they were put, on both databases."""

from dataclasses import replace
from datetime import timedelta

from goldentime.adapters.sql import SqlStore
from goldentime.city.signals.junction import JunctionId
from goldentime.city.signals.off import EVERYONE, PriorityOff
from goldentime.city.signals.request import Reason, Request, RequestId, State
from goldentime.core.ids import IncidentId, OrderId
from sql import samples as s

ONE = Request(
    RequestId("sig-1"), "P-12", IncidentId("inc-1"), JunctionId("sig-1130"), "link-1", "link-2", 0, s.NOW, s.LATER
)


def test_open_greens_are_found_until_they_end_and_an_incident_s_newest_first(store: SqlStore) -> None:
    two = replace(ONE, id=RequestId("sig-2"), leaving=None, state=State.REQUESTED, requested_at=s.NOW)
    elsewhere = replace(ONE, id=RequestId("sig-3"), incident=IncidentId("inc-2"))
    for one in (ONE, two, elsewhere):
        store.change_now(lambda tx, one=one: tx.put_signal_request(one))
    assert store.read_now(lambda look: look.list_open_signal_requests()) == [ONE, two, elsewhere]
    done = replace(
        two, state=State.RELEASED, green_at=s.NOW, ended_at=s.NOW + timedelta(seconds=40), reason=Reason.PASSED
    )
    store.change_now(lambda tx: tx.put_signal_request(done))
    assert store.read_now(lambda look: look.list_open_signal_requests()) == [ONE, elsewhere]
    assert store.read_now(lambda look: look.list_signal_requests(ONE.incident)) == [done, ONE]


def test_for_whom_priority_is_off_is_kept_until_it_is_on_again(store: SqlStore) -> None:
    everyone, car = PriorityOff(EVERYONE, None, s.NOW), PriorityOff("P-12", OrderId("ord-1"), s.NOW)
    for one in (car, everyone, replace(car, since=s.LATER)):
        store.change_now(lambda tx, one=one: tx.put_priority_off(one))
    assert store.read_now(lambda look: look.list_priority_off()) == [everyone, replace(car, since=s.LATER)]
    store.change_now(lambda tx: tx.drop_priority_off(EVERYONE))
    assert store.read_now(lambda look: look.list_priority_off()) == [replace(car, since=s.LATER)]
