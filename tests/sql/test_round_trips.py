"""Everything that is put comes back as it was: on both databases, and in the store other tests put in their place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fakes.store import FakeStore
from goldentime.city.audit.chain import GENESIS, find_first_broken
from goldentime.city.grants.grant import Grant
from goldentime.city.incidents.incident import Disposition, Incident, State
from goldentime.city.incidents.sight import Sight, Wanted
from goldentime.core.errors import Conflict
from goldentime.core.ids import AccountId, AgencyId, CameraId, GrantId, IncidentId, MessageId, SiteId, ViewId
from goldentime.edges.wire.timeline import timeline
from goldentime.flows.ports import Store
from goldentime.messages.kept import MessageState
from sql import samples as s
from sql.conftest import Place


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.socket)])
def store(request: pytest.FixtureRequest, new_place: Callable[[str], Place]) -> Store:
    return FakeStore() if request.param == "memory" else new_place(request.param).open()


async def test_an_incident_comes_back_field_by_field_and_is_replaced_by_id(store: Store) -> None:
    full, scarce = s.full_incident(), s.incident()
    await store.change(lambda tx: [tx.put_incident(full), tx.put_incident(scarce)])
    found = await store.read(lambda look: (look.find_incident(full.id), look.find_incident(scarce.id)))
    assert found == (full, scarce)
    changed = replace(full, version=8, place=None, closed_at=None, disposition=None, owner=None)
    await store.change(lambda tx: tx.put_incident(changed))
    assert await store.read(lambda look: look.find_incident(full.id)) == changed
    assert await store.read(lambda look: look.find_incident(IncidentId("inc-none"))) is None


async def test_open_incidents_are_listed_newest_first_and_closed_ones_by_when_they_closed(store: Store) -> None:
    first, second = s.incident("inc-a"), s.incident("inc-b", at=s.LATER)
    over = replace(s.incident("inc-c", state=State.CLOSED), closed_at=s.LATER, disposition=Disposition.HANDLED)
    await store.change(lambda tx: [tx.put_incident(one) for one in (first, over, second)])

    def ask(look):
        return (
            look.list_incidents(open_only=True),
            look.list_incidents(open_only=False, limit=2),
            look.list_seen(Wanted(Sight(), State.CLOSED, s.NOW)),
            look.list_seen(Wanted(Sight(), State.CLOSED, s.LATER.replace(year=2027))),
        )

    running, newest, closed, none = await store.read(ask)
    assert list(running) == [second, first]
    assert list(newest) == [second, over]
    assert list(closed) == [over]
    assert list(none) == []


async def test_a_list_is_cut_after_it_was_narrowed_to_what_may_be_seen(store: Store) -> None:
    fire, code = AgencyId("119-suwon"), IncidentId("inc-own")
    own, trial = s.incident("inc-own"), replace(s.incident("inc-trial"), sandbox=True)
    newer = [s.incident(f"inc-{n}", at=s.LATER) for n in range(5)]
    grant = replace(s.grant("gr-own"), incident=code, agency=fire)
    await store.change(lambda tx: [tx.put_incident(one) for one in (own, trial, *newer)] and tx.put_grant(grant))

    def ask(look):
        seen = [Wanted(sight, State.OPEN) for sight in (Sight(agency=fire), Sight(incident=code), Sight())]
        return [([one.id for one in look.list_seen(each, limit=2)], look.count_seen(each)) for each in seen]

    assert await store.read(ask) == [(["inc-own"], 1), (["inc-own"], 1), (["inc-4", "inc-3"], 6)]

    def within_a_change(tx):
        tx.put_grant(replace(grant, id=GrantId("gr-two"), incident=IncidentId("inc-2")))
        return tx.count_seen(Wanted(Sight(agency=fire), State.OPEN))

    assert await store.change(within_a_change) == 2


async def test_the_first_incident_of_a_source_wins_and_is_found_by_it(store: Store) -> None:
    one, other = s.incident("inc-1"), s.incident("inc-2")

    def decide(tx):
        tx.put_incident(one)
        tx.put_incident(other)
        tx.put_source("P4800000000", "OCR-1", one.id)
        tx.put_source("P4800000000", "OCR-1", other.id)
        tx.put_source("119", "OCR-1", other.id)

    await store.change(decide)
    await store.change(lambda tx: tx.put_source("P4800000000", "OCR-1", other.id))
    assert await store.read(lambda look: look.find_incident_by_source("P4800000000", "OCR-1")) == one
    assert await store.read(lambda look: look.find_incident_by_source("119", "OCR-1")) == other
    assert await store.read(lambda look: look.find_incident_by_source("119", "OCR-2")) is None


async def test_numbers_count_within_the_day(store: Store) -> None:
    assert await store.change(lambda tx: [tx.next_number("20260501") for _ in range(3)]) == [1, 2, 3]
    assert await store.change(lambda tx: tx.next_number("20260502")) == 1
    assert await store.change(lambda tx: tx.next_number("20260501")) == 4


async def test_picks_come_back_in_order_and_widening_puts_more_behind_them(store: Store) -> None:
    mine = IncidentId("inc-1")
    first, more = [s.pick("b-1", 1), s.pick("a-1", 2)], [s.pick("c-1", 1)]
    await store.change(lambda tx: tx.put_picks(mine, first, 500.0, anew=True))
    await store.change(lambda tx: tx.put_picks(mine, more, 800.0, anew=False))
    expected = [(first[0], 500.0), (first[1], 500.0), (more[0], 800.0)]
    assert list(await store.read(lambda look: look.list_picks(mine))) == expected

    def anew(tx):
        tx.put_picks(IncidentId("inc-2"), first, 500.0, anew=True)
        tx.put_picks(mine, more, 500.0, anew=True)
        return tx.list_picks(mine)

    assert list(await store.change(anew)) == [(more[0], 500.0)]

    def twice(tx):
        tx.put_picks(mine, first, 500.0, anew=True)
        tx.put_picks(mine, more, 800.0, anew=True)

    await store.change(twice)
    assert list(await store.read(lambda look: look.list_picks(mine))) == [(more[0], 800.0)]


async def test_messages_come_back_and_are_found_by_digest_once_understood_and_answered(store: Store) -> None:
    full, kept = s.full_message(), s.message()
    await store.change(lambda tx: [tx.put_message(full), tx.put_message(kept)])
    assert await store.read(lambda look: look.find_message(full.id)) == full
    assert await store.read(lambda look: look.find_message(MessageId("msg-none"))) is None
    assert await store.read(lambda look: look.find_answered(kept.digest)) is None
    bad = replace(kept, state=MessageState.BAD, answer=b"4000", answer_type="text/plain", problem="4000")
    await store.change(lambda tx: tx.put_message(bad))
    assert await store.read(lambda look: look.find_answered(kept.digest)) is None  # what was wrong may be mended by now
    understood = replace(kept, state=MessageState.READ, answer=b"2000", answer_type="text/plain")
    await store.change(lambda tx: tx.put_message(understood))
    assert await store.read(lambda look: look.find_answered(kept.digest)) == understood


async def test_parts_and_unread_messages_are_listed_oldest_first(store: Store) -> None:
    late = s.message(state=MessageState.PART, occurrence="OCR-1", received_at=s.LATER)
    early = s.message(state=MessageState.PART, occurrence="OCR-1")
    other = s.message(state=MessageState.PART, occurrence="OCR-2")
    unread = s.message()
    await store.change(lambda tx: [tx.put_message(one) for one in (late, early, other, unread)])
    assert list(await store.read(lambda look: look.list_parts("112-suwon", "OCR-1"))) == [early, late]
    assert list(await store.read(lambda look: look.list_kept())) == [unread]


async def test_grants_are_found_by_id_incident_and_person(store: Store) -> None:
    agencys, duty = s.grant(), s.duty_grant()
    await store.change(lambda tx: [tx.put_grant(agencys), tx.put_grant(duty)])
    assert await store.read(lambda look: look.find_grant(agencys.id)) == agencys
    assert await store.read(lambda look: look.find_grant(duty.id)) == duty
    assert await store.read(lambda look: look.find_grant(GrantId("gra-none"))) is None
    assert list(await store.read(lambda look: look.list_grants(incident=IncidentId("inc-1")))) == [agencys]
    assert list(await store.read(lambda look: look.list_grants(account=AccountId("acc-kim")))) == [duty]
    assert list(await store.read(lambda look: look.list_grants())) == [agencys, duty]


async def test_an_agencys_grants_that_ran_out_are_found_and_its_incident_is_then_seen_no_more(store: Store) -> None:
    incident, grant = s.incident("inc-1"), s.grant(incident=IncidentId("inc-1"))
    over = replace(grant, id=GrantId("gra-2"), incident=IncidentId("inc-2"), ended_at=grant.starts_at)
    await store.change(
        lambda tx: [tx.put_incident(incident), tx.put_grant(grant), tx.put_grant(over), tx.put_grant(s.duty_grant())]
    )
    moment, before = timedelta(microseconds=1), grant.expires_at - timedelta(microseconds=1)

    async def run_out(after: datetime, until: datetime) -> list[Grant]:
        return list(await store.read(lambda look: look.list_grants_run_out(after=after, until=until)))

    assert await run_out(before, grant.expires_at) == [grant]
    assert await run_out(grant.expires_at, grant.expires_at + moment) == []
    assert await run_out(before - moment, before) == []

    async def seen(at: datetime) -> list[Incident]:
        wanted = Wanted(Sight(grant.agency, in_force_at=at), State.OPEN)
        return list(await store.read(lambda look: look.list_seen(wanted)))

    assert await seen(before) == [incident]
    assert await seen(grant.expires_at) == []


async def test_open_views_are_found_by_incident_grant_and_session(store: Store) -> None:
    mine, ended = s.view("vie-1"), s.view("vie-2", ended_at=s.LATER, opened_at=s.LATER)
    other = s.view("vie-3", incident=None, agency=None, grant=GrantId("gra-2"), session=b"other")
    await store.change(lambda tx: [tx.put_view(one) for one in (mine, ended, other)])

    def ask(look):
        return (
            look.find_view(ended.id),
            look.find_view(ViewId("vie-none")),
            look.list_open_views(),
            look.list_open_views(incident=IncidentId("inc-1")),
            look.list_open_views(grant=GrantId("gra-2")),
            look.list_open_views(session=b"\x00session", grant=GrantId("gra-2")),
            look.list_views(since=s.LATER),
        )

    found, none, all_open, of_incident, of_grant, of_both, since = await store.read(ask)
    assert (found, none) == (ended, None)
    assert list(all_open) == [mine, other]
    assert list(of_incident) == [mine]
    assert list(of_grant) == [other]
    assert list(of_both) == []
    assert list(since) == [ended]
    assert list(await store.read(lambda look: look.list_views_of(IncidentId("inc-1")))) == [mine, ended]


async def test_views_that_still_name_a_person_are_found_by_when_they_ended_the_longest_ended_first(
    store: Store,
) -> None:
    late, early = s.view("v-a", ended_at=s.LATER), s.view("v-b", ended_at=s.NOW)
    others = s.view("v-c"), s.view("v-d", ended_at=s.NOW, person="")
    await store.change(lambda tx: [tx.put_view(view) for view in (late, early, *others)])
    assert list(await store.read(lambda look: look.list_views_naming(s.LATER))) == [early, late]
    assert list(await store.read(lambda look: look.list_views_naming(s.LATER, limit=1))) == [early]
    assert list(await store.read(lambda look: look.list_views_naming(s.NOW))) == [early]


async def test_accounts_come_back_and_a_name_belongs_to_one(store: Store) -> None:
    kim, lee = s.account(), s.full_account()
    await store.change(lambda tx: [tx.put_account(kim), tx.put_account(lee)])
    assert list(await store.read(lambda look: look.list_accounts())) == [kim, lee]
    assert await store.read(lambda look: look.find_account(AccountId("acc-lee"))) == lee
    assert await store.read(lambda look: look.find_account_by_name("kim")) == kim
    with pytest.raises(Conflict):
        await store.change(lambda tx: tx.put_account(replace(lee, name="kim")))
    await store.change(lambda tx: tx.put_account(replace(kim, display_name="김철수")))
    assert (await store.read(lambda look: look.find_account_by_name("kim"))).display_name == "김철수"


async def test_sessions_end_one_by_one_or_all_of_a_person(store: Store) -> None:
    one, two, three = s.session(b"1"), s.session(b"2", kind="viewer", incident="inc-1"), s.session(b"3", "acc-lee")
    four = s.session(b"4", agency=AgencyId("112-suwon"))
    await store.change(lambda tx: [tx.put_session(each) for each in (one, two, three, four)])
    assert await store.read(lambda look: look.find_session(b"2")) == two
    await store.change(lambda tx: tx.end_session(b"1"))
    assert await store.read(lambda look: look.find_session(b"1")) is None
    assert list(await store.change(lambda tx: tx.end_sessions_of(AccountId("acc-kim")))) == [b"2", b"4"]
    assert await store.read(lambda look: (look.find_session(b"4"), look.find_session(b"3"))) == (None, three)
    assert list(await store.change(lambda tx: tx.end_sessions_of(AccountId("acc-kim")))) == []


async def test_sessions_and_codes_whose_time_is_over_are_found_and_forgotten(store: Store) -> None:
    early, late = replace(s.session(b"1"), expires_at=s.NOW), s.session(b"2")

    def decide(tx):
        tx.put_session(late)
        tx.put_session(early)
        tx.put_code(s.code(b"old"))
        tx.put_code(replace(s.code(b"new"), expires_at=s.LATER.replace(year=2027)))
        return tx.list_expired_sessions(s.NOW), tx.list_expired_sessions(s.LATER), tx.forget_codes(s.LATER)

    over, all_over, forgotten = await store.change(decide)
    assert list(over) == [early]
    assert list(all_over) == [early, late]
    assert forgotten == 1
    assert await store.read(lambda look: (look.find_code(b"old"), look.find_code(b"new") is None)) == (None, False)


async def test_a_code_is_taken_once(store: Store) -> None:
    code = s.code()

    def put_and_take(tx):
        tx.put_code(code)
        return tx.take_code(code.digest)

    assert await store.change(put_and_take) == code
    await store.change(lambda tx: tx.put_code(code))
    assert await store.read(lambda look: look.find_code(code.digest)) == code
    assert await store.change(lambda tx: tx.take_code(code.digest)) == code
    assert await store.change(lambda tx: tx.take_code(code.digest)) is None
    assert await store.read(lambda look: look.find_code(code.digest)) is None


async def test_agencies_and_keys_come_back(store: Store) -> None:
    agency, key = s.agency(), s.key()
    rotated = s.key(b"k2", valid_until=s.LATER)
    await store.change(lambda tx: [tx.put_agency(agency), tx.put_key(key), tx.put_key(rotated)])
    assert await store.read(lambda look: look.find_agency(agency.id)) == agency
    assert list(await store.read(lambda look: look.list_agencies())) == [agency]
    assert await store.read(lambda look: look.find_key(b"k2")) == rotated
    assert await store.read(lambda look: look.find_key(b"none")) is None
    assert list(await store.read(lambda look: look.list_keys())) == [key, rotated]


async def test_cameras_and_groups_come_back(store: Store) -> None:
    scarce, full = s.camera(), s.full_camera()
    await store.change(lambda tx: [tx.put_camera(scarce), tx.put_camera(full)])
    assert list(await store.read(lambda look: look.list_cameras())) == [scarce, full]
    assert await store.read(lambda look: look.find_camera(full.id)) == full
    assert await store.read(lambda look: look.find_camera(CameraId("none"))) is None
    assert await store.read(lambda look: look.find_site(SiteId("none"))) is None
    group = s.group()
    await store.change(lambda tx: [tx.put_group(group), tx.put_group(s.group("grp-2", "acc-lee"))])
    assert list(await store.read(lambda look: look.list_groups(AccountId("acc-kim")))) == [group]
    assert await store.change(lambda tx: tx.remove_group("grp-1", AccountId("acc-lee"))) is False
    assert await store.change(lambda tx: tx.remove_group("grp-1", AccountId("acc-kim"))) is True
    assert list(await store.read(lambda look: look.list_groups(AccountId("acc-kim")))) == []


async def test_facts_are_read_in_order_from_a_cursor_and_by_subject(store: Store) -> None:
    kinds = ["IncidentOpened", "CamerasChosen", "IncidentClosed"]
    positions = await store.change(lambda tx: [tx.record(s.fact(kind, f"inc-{kind[0]}")) for kind in kinds])
    assert positions == [1, 2, 3]
    facts = await store.read(lambda look: look.list_facts(after=1))
    assert [(one.position, one.fact) for one in facts] == [
        (2, s.fact(kinds[1], "inc-C")),
        (3, s.fact(kinds[2], "inc-I")),
    ]
    about = await store.read(lambda look: look.list_facts(subject="inc-I", limit=1))
    assert [one.fact.kind for one in about] == ["IncidentOpened"]
    assert await store.read(lambda look: look.last_position()) == 3


async def test_the_timeline_shows_the_newest_facts_of_an_incident_newest_first(store: Store) -> None:
    kinds = ["IncidentOpened", *["IncidentAcknowledged"] * 3, "IncidentTaken", "PlaceConfirmed"]
    await store.change(lambda tx: [tx.record(s.fact(kind, "inc-1")) for kind in kinds])
    await store.change(lambda tx: tx.record(s.fact("IncidentOpened", "inc-2")))
    last = await store.read(lambda look: look.list_newest_facts("inc-1", limit=2))
    assert [(one.position, one.fact.kind) for one in last] == [(6, "PlaceConfirmed"), (5, "IncidentTaken")]
    rows = await store.read(lambda look: timeline(look, IncidentId("inc-1"), agency=None, limit=3))
    assert [row["position"] for row in rows] == [6, 5, 4]


async def test_audit_entries_form_one_chain_that_is_paged_from_both_ends(store: Store) -> None:
    assert await store.read(lambda look: look.audit_head()) == (0, GENESIS)
    for number in range(5):
        await store.change(lambda tx, n=number: tx.audit(s.entry(metres=n + 0.5, by=None, ok=True, 이름="값\x00")))

    def ask(look):
        return (
            look.list_audit(after=2, limit=2),
            look.list_audit(before=0, limit=2),
            look.list_audit(before=3),
            look.list_audit(),
            look.audit_head(),
        )

    after, newest, before, all_of_them, head = await store.read(ask)
    assert [one.position for one in after] == [3, 4]
    assert [one.position for one in newest] == [5, 4]
    assert [one.position for one in before] == [2, 1]
    assert all_of_them[0].entry == s.entry(metres=0.5, by=None, ok=True, 이름="값\x00")
    assert find_first_broken(all_of_them, head=head) is None


async def test_a_change_sees_its_own_writes_before_they_are_durable(store: Store) -> None:
    def decide(tx):
        tx.put_incident(s.incident())
        tx.record(s.fact())
        tx.audit(s.entry())
        tx.seal("incident/inc-1", "words", b"secret", ends_at=s.LATER)
        return (
            tx.find_incident(IncidentId("inc-1")),
            len(tx.list_facts()),
            len(tx.list_audit()),
            tx.unseal("incident/inc-1", "words"),
            tx.last_position(),
            tx.audit_head()[0],
        )

    assert await store.change(decide) == (s.incident(), 1, 1, b"secret", 1, 1)
