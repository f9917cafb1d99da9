"""Everything that is put comes back as it was: on both databases, and in the store other tests put in their place."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fakes.store import FakeStore
from goldentime.city.audit.chain import GENESIS, find_first_broken
from goldentime.city.incidents.incident import Disposition, State
from goldentime.city.incidents.sight import Sight, Wanted
from goldentime.core.ids import AccountId, AgencyId, CameraId, GrantId, IncidentId, MessageId, SiteId
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
