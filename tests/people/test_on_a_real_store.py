"""The stories that lean on what a database does, on the embedded one."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.blank_database import open_blank
from fakes.town import PASSWORD, PEPPER, POLICE, ROBBERY, Town
from goldentime.adapters.sql import SqlStore, verify
from goldentime.city.grants.grant import Ending, View
from goldentime.city.incidents.incident import State
from goldentime.core.errors import Conflict, Unauthenticated
from goldentime.core.ids import ViewId
from goldentime.flows.people.change_password import change_password
from goldentime.flows.people.manage_keys import Keys, find_valid_key
from goldentime.flows.people.sign_in import SignIn
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.flows.record.read_record import Record
from goldentime.flows.record.search_record import AuditQuery
from goldentime.flows.tokens import token_digest
from goldentime.flows.watching.duty import duty_grant_id
from goldentime.flows.watching.open_viewer import CodeWish, Viewers

KEPT = timedelta(days=90)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def store(town: Town, tmp_path: Path) -> Iterator[SqlStore]:
    """The town's people and its robbery, in a database."""
    with open_blank(tmp_path, clock=town.clock) as opened:
        town.open_robbery()
        rows = town.store.rows

        def settle(change: object) -> None:
            for put, values in (
                (change.put_agency, rows.agencies),
                (change.put_account, rows.accounts),
                (change.put_incident, rows.incidents),
                (change.put_grant, rows.grants),
            ):
                for value in values.values():
                    put(value)

        opened.change_now(settle)
        yield opened


@pytest.fixture
def door(town: Town, store: SqlStore) -> SignIn:
    return SignIn(
        store=store,
        hasher=town.hasher,
        clock=town.clock,
        randomness=town.randomness,
        pepper=PEPPER,
        end_views=town.end_views,
    )


async def caller(town: Town, door: SignIn, name: str) -> object:
    done = await door.sign_in(name, PASSWORD, "10.0.0.1")
    return type(await town.caller(name))(done.account, done.session)


async def test_a_changed_password_keeps_this_session_and_ends_the_other(
    town: Town, store: SqlStore, door: SignIn
) -> None:
    here, there = await caller(town, door, "kim"), await caller(town, door, "kim")
    assert await change_password(door, here, PASSWORD, "another long password") == [there.session.digest]
    assert await store.read(lambda r: r.find_session(here.session.digest)) == here.session
    assert await store.read(lambda r: r.find_session(there.session.digest)) is None
    grant = await store.read(lambda r: r.find_grant(duty_grant_id(there.session.digest)))
    assert grant.ended_at == town.clock.now()


async def test_signing_out_ends_the_session_for_good(town: Town, store: SqlStore, door: SignIn) -> None:
    kim = await caller(town, door, "kim")
    await door.sign_out(kim)
    assert await store.read(lambda r: r.find_session(kim.session.digest)) is None


async def test_a_code_is_exchanged_once_by_many_and_the_name_ends_with_the_incident(
    town: Town, store: SqlStore
) -> None:
    viewers = Viewers(
        store=store,
        clock=town.clock,
        randomness=town.randomness,
        pepper=PEPPER,
        retention=timedelta(days=90),
    )
    issued = await viewers.issue_code(POLICE, CodeWish(ROBBERY, "정윤호", "P-1"))
    answers = await asyncio.gather(*(viewers.exchange(issued.code) for _ in range(10)), return_exceptions=True)
    (opened,) = [answer for answer in answers if not isinstance(answer, Unauthenticated)]
    name = f"person/{opened.caller.account.id}"
    assert await store.read(lambda r: r.unseal(f"incident/{ROBBERY}", name)) == "정윤호".encode()
    town.clock.pass_(days=91)
    assert await destroy_expired(store, town.clock, kept=KEPT) == 0  # still open: kept a day longer
    assert await destroy_expired(store, town.clock, kept=KEPT) == 0
    assert await store.read(lambda r: r.unseal(f"incident/{ROBBERY}", name)) == "정윤호".encode()
    assert verify(store)[1] is None


async def test_keys_and_the_record_live_in_the_database(town: Town, store: SqlStore, door: SignIn) -> None:
    admin, officer = await caller(town, door, "choi"), await caller(town, door, "park")
    keys = Keys(store=store, clock=town.clock, randomness=town.randomness)
    issued = await keys.create(admin, POLICE, sandbox=False)
    assert (await find_valid_key(store, town.clock, issued.secret)) == issued.key
    await keys.revoke(admin, issued.key.id)
    assert await find_valid_key(store, town.clock, issued.secret) is None
    with pytest.raises(Conflict):
        await keys.revoke(admin, issued.key.id)
    record = Record(store=store, clock=town.clock)
    page = await record.page(officer, AuditQuery(actor="acc-choi"))
    assert [link.entry.action for link in page.items] == ["KeyRevoked", "KeyIssued", "SignedIn"]
    assert (await record.verify(officer)).ok


async def test_what_names_people_is_forgotten_when_its_time_has_passed(
    town: Town, store: SqlStore, door: SignIn
) -> None:
    viewers = Viewers(
        store=store,
        clock=town.clock,
        randomness=town.randomness,
        pepper=PEPPER,
        retention=timedelta(days=90),
    )
    kim = await caller(town, door, "kim")
    unused = await viewers.issue_code(POLICE, CodeWish(ROBBERY, "정윤호"))
    opened = await viewers.exchange((await viewers.issue_code(POLICE, CodeWish(ROBBERY, "정윤호"))).code)
    town.clock.pass_(minutes=31)
    await destroy_expired(store, town.clock, kept=KEPT)
    assert await store.read(lambda r: r.find_session(opened.caller.session.digest)) is None
    assert await store.read(lambda r: r.find_code(token_digest(unused.code))) is None
    assert await store.read(lambda r: r.find_session(kim.session.digest)) == kim.session
    town.clock.pass_(hours=12)
    await destroy_expired(store, town.clock, kept=KEPT)
    assert await store.read(lambda r: r.find_session(kim.session.digest)) is None
    duty = await store.read(lambda r: r.find_grant(duty_grant_id(kim.session.digest)))
    assert duty.ending is Ending.EXPIRED


async def test_a_closed_incidents_names_end_with_its_key_also_in_its_views(town: Town, store: SqlStore) -> None:
    now = town.clock.now()
    view = View(
        id=ViewId("vue-1"),
        grant="gra-1",
        camera="cam-1",
        account="viewer-police-1",
        person="정윤호",
        agency=POLICE,
        incident=ROBBERY,
        session=b"",
        opened_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    closed = replace(town.store.rows.incidents[ROBBERY], state=State.CLOSED)
    store.change_now(lambda c: (c.put_view(view), c.put_incident(closed)))
    store.change_now(lambda c: c.seal(f"incident/{ROBBERY}", "words", b"words", ends_at=now))
    assert await destroy_expired(store, town.clock, kept=KEPT) == 1
    kept = await store.read(lambda r: r.find_view(view.id))
    assert (kept.person, kept.account) == ("", "viewer-police-1")
    assert await store.read(lambda r: r.unseal(f"incident/{ROBBERY}", "words")) is None
    assert verify(store)[1] is None


async def test_a_record_cut_short_with_its_head_written_anew_is_found(
    town: Town, store: SqlStore, door: SignIn, tmp_path: Path
) -> None:
    for name in ("kim", "lee"):
        await caller(town, door, name)
    officer = await caller(town, door, "park")
    head, _ = await store.read(lambda r: r.audit_head())
    with closing(sqlite3.connect(tmp_path / "goldentime.db")) as thief, thief:
        thief.execute("DELETE FROM audit_entry WHERE position = ?", (head,))
        (digest,) = thief.execute("SELECT digest FROM audit_entry WHERE position = ?", (head - 1,)).fetchone()
        thief.execute("UPDATE head SET position = ?, digest = ? WHERE log = 'audit'", (head - 1, digest))
    assert verify(store)[1] == head
    verified = await Record(store=store, clock=town.clock).verify(officer)
    assert (verified.ok, verified.first_broken) == (False, head)
