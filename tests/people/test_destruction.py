"""What goes when its time has come, from the vault, the views and the messages, and what stays of it."""

from dataclasses import replace
from datetime import timedelta

from fakes.store import Transaction
from fakes.town import POLICE, ROBBERY, Town, look
from goldentime.city.audit.chain import find_first_broken
from goldentime.city.grants.grant import Ending
from goldentime.city.incidents.incident import State
from goldentime.core.ids import MessageId
from goldentime.core.place import LonLat
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.messages.kept import KeptMessage

KEPT = timedelta(days=90)


async def test_personal_data_is_destroyed_when_its_time_has_come_and_the_chain_still_holds(town: Town) -> None:
    incident = town.open_robbery()
    end = town.clock.now() + timedelta(days=90)
    town.store.seed(lambda c: c.seal(f"incident/{ROBBERY}", "words", "정윤호 010-0000".encode(), ends_at=end))
    town.store.seed(lambda c: c.seal("message/m-1", "body", b"raw", ends_at=end + timedelta(days=1)))
    view = look(town, "one")
    town.store.seed(lambda c: c.put_incident(replace(incident, state=State.CLOSED)))
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 0
    town.clock.pass_(days=90)
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 1
    assert await town.store.read(lambda r: r.unseal(f"incident/{ROBBERY}", "words")) is None
    assert await town.store.read(lambda r: r.unseal("message/m-1", "body")) == b"raw"
    assert town.store.rows.views[view.id].person == ""
    (entry,) = town.store.entries("DataDestroyed")
    assert (entry.actor, entry.incident) == ("system", ROBBERY)
    assert [fact.subject for fact in town.store.facts("DataDestroyed")] == [f"incident/{ROBBERY}"]
    assert find_first_broken(town.store.rows.links) is None
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 0


async def test_a_view_names_an_operator_and_an_agencys_person_for_the_same_time_after_it_ended(town: Town) -> None:
    views = [look(town, "duty", incident=None, agency=None), look(town, "operator", agency=None), look(town, "agency")]
    running = look(town, "running", incident=None, agency=None)
    for view in views:
        over = replace(view, ended_at=town.clock.now(), ending=Ending.VIEWER_LEFT)
        town.store.seed(lambda c, over=over: c.put_view(over))
    town.clock.pass_(days=89)
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 0
    town.clock.pass_(days=1)
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 1
    rows = town.store.rows.views
    assert [(rows[view.id].person, rows[view.id].account) for view in views] == [("", "acc-kim")] * 3
    assert rows[running.id].person == "정윤호"
    (entry,) = town.store.entries("DataDestroyed")
    assert (entry.actor, entry.data) == ("system", {"subject": "views", "views": 3})
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 0


async def test_with_an_incidents_key_go_the_names_of_all_who_looked_operators_too(town: Town) -> None:
    incident = town.open_robbery()
    town.store.seed(lambda c: c.put_incident(replace(incident, state=State.CLOSED)))
    town.store.seed(lambda c: c.seal(f"incident/{ROBBERY}", "words", b"words", ends_at=town.clock.now()))
    over = [
        replace(look(town, name, agency=agency), ended_at=town.clock.now())
        for name, agency in (("a", None), ("b", POLICE))
    ]
    town.store.seed(lambda c: [c.put_view(view) for view in over])
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 1
    assert {view.person for view in town.store.rows.views.values()} == {""}


async def test_an_open_incident_keeps_its_data_a_day_longer_and_lets_the_next_subject_end(town: Town) -> None:
    town.open_robbery()
    now = town.clock.now()
    town.store.seed(lambda c: c.seal(f"incident/{ROBBERY}", "words", b"words", ends_at=now))
    town.store.seed(lambda c: c.seal("message/m-1", "body", b"raw", ends_at=now))
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 1
    assert await town.store.read(lambda r: r.unseal(f"incident/{ROBBERY}", "words")) == b"words"
    assert len(town.store.entries("RetentionProlonged")) == 1
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 0
    assert town.store.rows.views == {}


async def test_with_the_data_go_the_typed_title_the_exact_place_the_answers_and_the_digest(town: Town) -> None:
    now, town_hall = town.clock.now(), LonLat(127.02861, 37.26361)
    incident = replace(town.open_robbery(), state=State.CLOSED, title="김철수 집 강도", place=town_hall)
    incident = replace(incident, scene=town_hall, told_place=town_hall)
    message = KeptMessage(
        MessageId("m-1"),
        "safety_net_http",
        POLICE,
        "",
        b"d",
        3,
        now,
        now,
        answer="한빛로 1".encode(),
        answer_type="2000",
        provisional="한빛로 1, 접수".encode(),
    )

    def settle(change: Transaction) -> None:
        change.put_incident(incident)
        change.put_message(message)
        for subject in (f"incident/{ROBBERY}", "message/m-1"):
            change.seal(subject, "words", b"raw", ends_at=now)

    town.store.seed(settle)
    assert await destroy_expired(town.store, town.clock, kept=KEPT) == 2
    left = await town.store.read(lambda r: (r.find_incident(ROBBERY), r.find_message(MessageId("m-1"))))
    assert left[0].title == "112 긴급영상"
    assert left[0].place == LonLat(127.03, 37.26)
    assert (left[0].scene, left[0].told_place) == (None, None)
    assert "1 km" in left[0].estimated
    assert (left[1].answer, left[1].answer_type, left[1].provisional) == (b"", "2000", None)
    assert left[1].digest == b""
