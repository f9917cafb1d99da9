"""An incident is found by the number that people say of it, however many came after it, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from goldentime.adapters.sql import SqlStore
from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident
from goldentime.core.ids import IncidentId
from goldentime.flows.links import search_messages as messages
from goldentime.flows.record import search_record as record
from sql import samples as s

OLD = replace(s.incident("inc-old"), number="GO-1123-0007")


def filled(store: SqlStore) -> None:
    def decide(tx: object) -> None:
        tx.put_incident(OLD)
        for number in range(5):
            later = s.NOW + timedelta(minutes=1 + number)
            tx.put_incident(replace(s.incident(f"inc-{number}", at=later), number=f"GO-1124-100{number}"))

    store.change_now(decide)


def numbered(store: SqlStore, typed: str, limit: int = 9) -> list[Incident]:
    return list(store.read_now(lambda look: look.list_incidents_numbered(typed, limit=limit)))


def test_an_incident_is_found_by_its_number_and_by_the_end_of_it_and_by_nothing_else(store: SqlStore) -> None:
    filled(store)
    again = replace(s.incident("inc-year-later", at=s.NOW + timedelta(days=365)), number=OLD.number)
    store.change_now(lambda tx: tx.put_incident(again))
    for typed in ("GO-1123-0007", "1123-0007", "0007"):
        assert numbered(store, typed) == [again, OLD]
    assert numbered(store, "0007", limit=1) == [again]
    for typed in ("007", "GO", "GO-1123", "%", "_007", "1123%", "\\0007", ""):
        assert numbered(store, typed) == [], typed


def test_messages_and_the_record_are_found_by_the_number_of_an_incident_older_than_all_that_are_looked_through(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    kept = replace(s.message(), incident=OLD.id)

    def decide(tx: object) -> None:
        tx.put_message(kept)
        tx.audit(Entry(s.NOW, "ViewOpened", "acc-kim", incident=OLD.id))

    store.change_now(decide)
    monkeypatch.setattr(messages, "SCANNED_AT_MOST", 3)
    monkeypatch.setattr(record, "SCANNED_AT_MOST", 3)
    for typed in ("0007", OLD.number, IncidentId("inc-old")):
        page = store.read_now(
            lambda look, typed=typed: messages.search_messages(look, messages.LogQuery(incident=typed))
        )
        assert [one.id for one in page.items] == [kept.id]
        found = store.read_now(lambda look, typed=typed: record.search(look, record.AuditQuery(incident=typed)))
        assert [one.entry.incident for one in found.items] == [OLD.id]
    nothing = store.read_now(lambda look: messages.search_messages(look, messages.LogQuery(incident="0008")))
    assert nothing.items == ()
