"""The privacy officer's reading of the record: found, checked, named, and itself on record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fakes.town import PEPPER, POLICE, ROBBERY, Town, look
from goldentime.city.audit.chain import Entry
from goldentime.city.grants.grant import Ending
from goldentime.core.errors import Refused
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.flows.record.read_record import PIECE, Record, is_night
from goldentime.flows.record.search_record import SCANNED_AT_MOST, AuditQuery
from goldentime.flows.watching.open_viewer import CodeWish, Viewers

KEPT = timedelta(days=90)


@pytest.fixture
def record(town: Town) -> Record:
    return Record(store=town.store, clock=town.clock)


def fill(town: Town, count: int, *, action: str = "ViewOpened", incident: str | None = None) -> None:
    def decide(change: object) -> None:
        for n in range(count):
            change.audit(Entry(town.clock.now(), action, f"acc-{n % 3}", incident=incident))

    town.store.seed(decide)


def tamper(town: Town, position: int, **changed: object) -> None:
    links = town.store.rows.links
    links[position - 1] = replace(links[position - 1], entry=replace(links[position - 1].entry, **changed))


async def test_the_record_is_read_newest_first_in_pages_that_miss_and_repeat_nothing(
    town: Town, record: Record
) -> None:
    fill(town, 250)
    officer = await town.caller("park")
    seen: list[int] = []
    before = None
    while True:
        page = await record.page(officer, AuditQuery(limit=60, before=before))
        seen += [link.position for link in page.items]
        if page.next is None:
            break
        before = page.next
    assert seen == sorted(range(1, len(seen) + 1), reverse=True)
    assert len(seen) == 252  # the sign-in, the 250, and the reading itself


async def test_filters_find_what_they_name_however_far_back(town: Town, record: Record) -> None:
    fill(town, 1, action="ViewRefused", incident="inc-old")
    fill(town, 3000)
    officer = await town.caller("park")
    for query in (AuditQuery(incident="inc-old"), AuditQuery(action="ViewRefused")):
        page = await record.page(officer, query)
        assert [link.position for link in page.items] == [1]
    assert {link.entry.actor for link in (await record.page(officer, AuditQuery(actor="acc-1"))).items} == {"acc-1"}


async def test_a_search_that_would_take_too_long_says_where_to_go_on(town: Town, record: Record) -> None:
    fill(town, 1, action="ViewRefused")
    fill(town, SCANNED_AT_MOST + 1500)
    officer = await town.caller("park")
    first = await record.page(officer, AuditQuery(action="ViewRefused"))
    assert not first.items
    second = await record.page(officer, AuditQuery(action="ViewRefused", before=first.next))
    assert [link.position for link in second.items] == [1]


@pytest.mark.parametrize("name", ["kim", "jung", "choi"])
async def test_nobody_but_the_privacy_officer_reads_the_record(town: Town, record: Record, name: str) -> None:
    caller = await town.caller(name)
    with pytest.raises(Refused):
        await record.page(caller, AuditQuery())
    with pytest.raises(Refused):
        await record.verify(caller)
    with pytest.raises(Refused):
        await record.views(caller, outside=None, since=town.clock.now(), limit=10)


async def test_reading_and_verifying_the_record_are_on_record(town: Town, record: Record) -> None:
    officer = await town.caller("park")
    await record.page(officer, AuditQuery(actor="acc-kim"))
    await record.verify(officer)
    assert town.store.entries("RecordRead")[0].data == {"actor": "acc-kim"}
    assert town.store.entries("RecordVerified")[0].data["ok"] is True


async def test_what_an_officer_typed_is_never_on_record(town: Town, record: Record) -> None:
    officer = await town.caller("park")
    typed = AuditQuery(actor="피의자홍길동", incident="홍길동 사건", action="홍길동 열람", camera="홍길동네")
    await record.page(officer, typed)
    await record.page(officer, AuditQuery(actor="kim", action="RecordRead"))
    assert "홍길동" not in repr(town.store.rows.links)
    said = [dict(entry.data) for entry in town.store.entries("RecordRead")]
    assert said[0] == dict.fromkeys(("actor", "incident", "action", "camera"), "unknown")
    assert said[1] == {"actor": "acc-kim", "action": "RecordRead"}


async def test_a_sound_record_is_said_to_be_sound(town: Town, record: Record) -> None:
    officer = await town.caller("park")
    fill(town, 1_999)
    verified = await record.verify(officer)
    assert (verified.ok, verified.checked, verified.first_broken) == (True, 2_000, None)


@pytest.mark.parametrize("position", [1, PIECE, PIECE + 1, 2 * PIECE, 450])
async def test_the_first_altered_entry_is_named(town: Town, record: Record, position: int) -> None:
    fill(town, 450)
    officer = await town.caller("park")
    assert (await record.verify(officer)).ok
    tamper(town, position, actor="acc-someone-else")
    verified = await record.verify(officer)
    assert (verified.ok, verified.first_broken, verified.checked) == (False, position, position - 1)
    assert f"{position}번" in verified.text.ko


@pytest.mark.parametrize("position", [1, PIECE + 1, 400])
async def test_a_removed_entry_is_named(town: Town, record: Record, position: int) -> None:
    fill(town, 400)
    officer = await town.caller("park")
    del town.store.rows.links[position - 1]
    assert (await record.verify(officer)).first_broken == position


async def test_the_officer_is_shown_views_without_an_incident_and_views_at_night(town: Town, record: Record) -> None:
    town.open_robbery()
    begin = town.clock.now()
    look(town, "noon")
    look(town, "on-duty", incident=None, agency=None)
    town.clock.pass_(hours=11)  # 23 o'clock in Korea
    look(town, "night")
    officer = await town.caller("park")

    async def shown(outside: str | None) -> list[str]:
        return [one.view.id for one in await record.views(officer, outside=outside, since=begin, limit=10)]

    assert await shown(None) == ["vue-night", "vue-on-duty", "vue-noon"]
    assert await shown("incident") == ["vue-on-duty"]
    assert await shown("night") == ["vue-night"]


async def test_who_looked_is_found_by_the_name_shown_and_an_incident_by_the_end_of_its_number(
    town: Town, record: Record
) -> None:
    town.open_robbery()
    seen = look(town, "by-code")
    town.store.seed(lambda change: change.audit(Entry(town.clock.now(), "ViewOpened", str(seen.account))))
    officer = await town.caller("park")
    for typed in (seen.person, f"{seen.person} (경기남부경찰청 112)"):
        assert {link.entry.actor for link in (await record.page(officer, AuditQuery(actor=typed))).items} >= {
            seen.account
        }
    assert (await record.page(officer, AuditQuery(actor="정윤"))).items == []


@pytest.mark.parametrize(
    ("hour", "night"), [(12, False), (13, True), (20, True), (21, False)]
)  # UTC: 21, 22, 5, 6 in Korea
def test_night_is_from_22_to_6_in_korea(hour: int, *, night: bool) -> None:
    assert is_night(datetime(2026, 11, 23, hour, tzinfo=UTC)) is night


async def test_a_view_that_ended_tells_why(town: Town, record: Record) -> None:
    town.open_robbery()
    view = look(town, "one")
    over = replace(view, ended_at=town.clock.now(), ending=Ending.REVOKED)
    town.store.seed(lambda c: c.put_view(over))
    (shown,) = await record.views(await town.caller("park"), outside=None, since=town.clock.now(), limit=5)
    assert shown.view.ending is Ending.REVOKED
    assert shown.account is not None


async def test_the_officer_filters_by_what_people_are_called(town: Town, record: Record) -> None:
    incident = town.open_robbery()
    fill(town, 3, incident=ROBBERY)
    town.store.seed(lambda c: c.audit(Entry(town.clock.now(), "IncidentOpened", POLICE, POLICE, ROBBERY)))
    await town.caller("kim")
    officer = await town.caller("park")

    async def found(**asked: str) -> list[str]:
        page = await record.page(officer, AuditQuery(**asked))
        return [link.entry.action for link in page.items if link.entry.action != "RecordRead"]

    assert await found(actor="Kim") == await found(actor="kim") == ["DutyStarted", "SignedIn"]
    assert await found(actor="경기남부경찰청 112") == ["IncidentOpened"]
    assert await found(incident=incident.number) == ["IncidentOpened", *["ViewOpened"] * 3]
    assert await found(action="열람을 시작") == await found(action="viewopened") == ["ViewOpened"] * 3
    assert await found(action="no such act") == []


async def test_the_officer_reads_names_and_a_code_viewers_only_while_the_vault_holds_it(
    town: Town, record: Record
) -> None:
    town.open_robbery()
    viewers = Viewers(
        store=town.store, clock=town.clock, randomness=town.randomness, pepper=PEPPER, retention=timedelta(days=90)
    )
    opened = await viewers.exchange((await viewers.issue_code(POLICE, CodeWish(ROBBERY, "정윤호"))).code)
    officer = await town.caller("park")

    async def who() -> set[str]:
        page = await record.page(officer, AuditQuery(action="ViewerOpened"))
        return {page.names[link.position] for link in page.items}

    assert await who() == {"정윤호 (경기남부경찰청 112)"}
    town.store.seed(lambda c: c.destroy(f"incident/{ROBBERY}", town.clock.now()))
    assert await who() == {opened.caller.account.id}
    page = await record.page(officer, AuditQuery(actor="park"))
    assert set(page.names.values()) == {"Park"}


async def test_where_someone_signed_in_from_is_sealed_two_years_and_shown_to_the_officer_only(
    town: Town, record: Record
) -> None:
    await town.sign_in("kim", address="10.20.30.40")
    assert "10.20.30.40" not in repr([town.store.rows.links, town.store.rows.facts, town.store.rows.sessions])
    officer = await town.caller("park")

    async def addresses() -> set[str]:
        page = await record.page(officer, AuditQuery(actor="kim", action="SignedIn"))
        return set(page.addresses.values())

    assert await addresses() == {"10.20.30.40"}
    town.clock.pass_(days=730)
    await destroy_expired(town.store, town.clock, kept=KEPT)
    assert await addresses() == {"10.20.30.40"}
    town.clock.pass_(days=1)
    await destroy_expired(town.store, town.clock, kept=KEPT)
    assert await addresses() == set()
