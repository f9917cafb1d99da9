"""Whoever changes the access log behind our back is found out, and where."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.blank_database import open_blank
from fakes.clock import StandingClock
from goldentime.adapters.sql import SqlStore, open_store, verify
from goldentime.city.audit.chain import Entry, chained
from sql import samples as s
from sql.conftest import Place

LENGTH = 30


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, None, None)  # type: ignore[arg-type]


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    with open_blank(place.folder, clock=StandingClock()) as store:
        for number in range(LENGTH):
            store.change_now(lambda tx, n=number: tx.audit(s.entry(number=n)))
        yield store


def test_an_untouched_log_holds(store: SqlStore) -> None:
    assert verify(store) == (LENGTH, None)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'acc-lee'",
        "at = at + 1",
        "action = 'ViewRefused'",
        "agency = NULL",
        "incident = 'inc-2'",
        "camera = 'b-9'",
        "data = '{}'",
        "digest = zeroblob(32)",
        "previous = zeroblob(32)",
        "position = 1000",
    ],
)
def test_a_changed_entry_is_named(store: SqlStore, place: Place, change: str) -> None:
    assert place.tamper(f"UPDATE audit_entry SET {change} WHERE position = 17") == 1  # noqa: S608  (the changes above)
    assert verify(store)[1] == 17


def test_a_removed_entry_is_named(store: SqlStore, place: Place) -> None:
    place.tamper("DELETE FROM audit_entry WHERE position = 9")
    assert verify(store)[1] == 9


def test_a_cut_tail_is_named(store: SqlStore, place: Place) -> None:
    place.tamper("DELETE FROM audit_entry WHERE position > 21")
    assert verify(store)[1] == 22


def test_an_emptied_log_is_named(store: SqlStore, place: Place) -> None:
    place.tamper("DELETE FROM audit_entry")
    assert verify(store)[1] == 1


def test_a_cut_tail_with_its_head_set_back_is_found_for_want_of_the_master_key(store: SqlStore, place: Place) -> None:
    last = store.read_now(lambda look: look.list_audit(after=20, limit=1))[0]
    place.tamper("DELETE FROM audit_entry WHERE position > 21")
    place.tamper("UPDATE head SET position = 21, digest = ? WHERE log = 'audit'", last.digest)
    assert verify(store) == (21, 22)


def test_a_chain_forged_from_end_to_end_is_found_for_want_of_the_master_key(store: SqlStore, place: Place) -> None:
    last = store.read_now(lambda look: look.list_audit(before=0, limit=1))[0]
    innocent = Entry(last.entry.at, "ViewOpened", "acc-somebody-else")
    forged = chained(innocent, position=last.position, previous=last.previous)
    place.tamper("DELETE FROM audit_entry WHERE position = ?", LENGTH)
    row = (LENGTH, 0, forged.previous, forged.digest)
    place.tamper("INSERT INTO audit_entry VALUES (?, ?, '', '', NULL, NULL, NULL, '{}', ?, ?)", *row)
    assert verify(store)[1] == LENGTH  # clumsily forged: the row does not match its digest
    set_ = "at = (SELECT at FROM audit_entry WHERE position = 1), action = 'ViewOpened', actor = 'acc-somebody-else'"
    place.tamper(f"UPDATE audit_entry SET {set_} WHERE position = ?", LENGTH)  # noqa: S608  (the words above)
    place.tamper("UPDATE head SET digest = ? WHERE log = 'audit'", forged.digest)
    assert verify(store) == (LENGTH, LENGTH + 1)


def test_the_log_goes_on_after_tampering_and_still_names_the_place(store: SqlStore, place: Place) -> None:
    place.tamper("UPDATE audit_entry SET actor = 'acc-lee' WHERE position = 3")
    assert store.change_now(lambda tx: tx.audit(s.entry())) == LENGTH + 1
    assert verify(store)[1] == 3


def test_opening_again_does_not_heal_a_removed_head(store: SqlStore, place: Place) -> None:
    store.close()
    place.tamper("DELETE FROM head WHERE log = 'audit'")
    with open_store(place.folder, clock=StandingClock()) as again:
        assert verify(again)[1] is not None
