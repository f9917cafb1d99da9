"""What one change, many at once and a failing one do to each other, on both databases."""

import asyncio
import threading
import time

import pytest

from goldentime.adapters.sql import SqlStore, verify
from goldentime.core.errors import SendersError, StorageFailed
from goldentime.core.ids import IncidentId
from sql import samples as s
from sql.conftest import Place


class Changed(Exception):  # noqa: N818  (not an error, a way out)
    """Thrown by a change that thinks better of it."""


async def test_a_failing_change_takes_back_its_own_writes_and_nobody_elses(store: SqlStore) -> None:
    def good(name: str):
        def decide(tx):
            tx.put_incident(s.incident(name))
            tx.record(s.fact(subject=name))
            tx.audit(s.entry())
            return tx.next_number("day")

        return decide

    def bad(tx):
        tx.put_incident(s.incident("inc-bad"))
        tx.record(s.fact(subject="inc-bad"))
        tx.audit(s.entry())
        tx.next_number("day")
        assert tx.list_facts(subject="inc-bad")  # written, and still to be taken back
        raise Changed

    together = [store.change(good("inc-1")), store.change(bad), store.change(good("inc-2"))]
    first, failed, second = await asyncio.gather(*together, return_exceptions=True)
    assert (first, second) == (1, 2)
    assert isinstance(failed, Changed)
    incidents = await store.read(lambda look: look.list_incidents(open_only=True))
    assert {one.id for one in incidents} == {"inc-1", "inc-2"}
    facts = await store.read(lambda look: look.list_facts())
    assert [(one.position, one.fact.subject) for one in facts] == [(1, "inc-1"), (2, "inc-2")]
    assert verify(store) == (2, None)


async def test_a_change_the_database_refuses_fails_alone(store: SqlStore) -> None:
    def twice(tx):
        tx.put_incident(s.incident("inc-twice"))
        tx.put_key(s.key(b"same"))
        tx.put_key(type(s.key())("key-other", s.key().agency, b"same", sandbox=False, valid_from=s.NOW))

    outcomes = await asyncio.gather(
        store.change(lambda tx: tx.put_incident(s.incident("inc-1"))),
        store.change(twice),
        store.change(lambda tx: tx.put_incident(s.incident("inc-2"))),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], StorageFailed)
    assert outcomes[0] is None
    assert outcomes[2] is None
    incidents = await store.read(lambda look: look.list_incidents(open_only=True))
    assert {one.id for one in incidents} == {"inc-1", "inc-2"}


async def test_half_a_character_is_the_senders_fault_and_harms_nobody(store: SqlStore) -> None:
    broken = s.message(occurrence="\ud800")
    outcomes = await asyncio.gather(
        store.change(lambda tx: tx.put_message(broken)),
        store.change(lambda tx: tx.put_incident(s.incident())),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], SendersError)
    assert outcomes[1] is None


@pytest.mark.parametrize("raised", [StopIteration, SystemExit, KeyError])
async def test_whatever_a_change_raises_reaches_its_caller_and_stops_nobody(
    store: SqlStore, raised: type[BaseException]
) -> None:
    def bad(tx):
        tx.record(s.fact())
        raise raised

    expected = RuntimeError if raised is StopIteration else raised
    with pytest.raises(expected):
        await store.change(bad)
    with pytest.raises(expected):
        await asyncio.to_thread(store.change_now, bad)
    assert await store.change(lambda tx: tx.record(s.fact())) == 1


async def test_a_look_that_runs_out_of_items_says_so(store: SqlStore) -> None:
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(store.read(lambda look: next(iter(look.list_facts()))), 10)


async def test_positions_have_no_gap_and_follow_the_order_of_commits(store: SqlStore) -> None:
    seen: list[int] = []
    kept_numbers = [number for number in range(200) if number % 7 != 3]

    def one(number: int):
        def decide(tx):
            position = tx.record(s.fact(subject=f"inc-{number}"))
            if number % 7 == 3:
                raise Changed
            tx.audit(s.entry())
            return position

        return decide

    async def follow() -> None:
        while len(seen) < len(kept_numbers):
            facts = await store.read(lambda look: look.list_facts(after=seen[-1] if seen else 0))
            seen.extend(fact.position for fact in facts)
            await asyncio.sleep(0)

    following = asyncio.create_task(follow())
    outcomes = await asyncio.gather(*[store.change(one(n)) for n in range(200)], return_exceptions=True)
    await asyncio.wait_for(following, 20)
    kept = [each for each in outcomes if not isinstance(each, Changed)]
    assert len(kept) == len(kept_numbers)
    assert sorted(kept) == list(range(1, len(kept) + 1)) == seen
    assert verify(store) == (len(kept), None)


def test_two_stores_on_one_place_write_one_log_and_one_chain(place: Place) -> None:
    stores = [place.open(), place.open()]
    failures: list[BaseException] = []

    def work(store: SqlStore) -> None:
        def decide(tx):
            tx.record(s.fact())
            tx.audit(s.entry())
            return tx.next_number("day")

        try:
            for _ in range(40):
                store.change_now(decide)
        except BaseException as problem:
            failures.append(problem)
            raise

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert stores[0].read_now(lambda look: look.last_position()) == 80
    assert stores[1].change_now(lambda tx: tx.next_number("day")) == 81
    assert verify(stores[0]) == verify(stores[1]) == (80, None)


async def test_a_code_goes_to_one_of_many_who_come_at_once(place: Place) -> None:
    stores = [place.open(), place.open()]
    await stores[0].change(lambda tx: tx.put_code(s.code()))
    takers = [stores[n % 2].change(lambda tx: tx.take_code(b"c1")) for n in range(40)]
    got = [code for code in await asyncio.gather(*takers) if code is not None]
    assert got == [s.code()]


async def test_one_source_opens_one_incident_however_many_come_at_once(place: Place) -> None:
    stores = [place.open(), place.open()]

    def opening(number: int):
        def decide(tx):
            known = tx.find_incident_by_source("112", "OCR-1")
            if known is None:
                known = s.incident(f"inc-{number}")
                tx.put_incident(known)
                tx.put_source("112", "OCR-1", known.id)
            return known.id

        return decide

    opened = await asyncio.gather(*[stores[n % 2].change(opening(n)) for n in range(40)])
    assert len(set(opened)) == 1


async def test_a_look_stays_on_its_snapshot_while_others_write(store: SqlStore) -> None:
    await store.change(lambda tx: tx.record(s.fact()))
    looking, written = threading.Event(), threading.Event()

    def ask(look):
        before = look.last_position()
        looking.set()
        assert written.wait(10)
        return before, look.last_position(), len(look.list_facts())

    asking = asyncio.create_task(store.read(ask))
    assert await asyncio.to_thread(looking.wait, 10)
    await store.change(lambda tx: tx.record(s.fact()))
    written.set()
    assert await asking == (1, 1, 1)
    assert await store.read(lambda look: look.last_position()) == 2


async def test_followers_hear_of_commits_on_their_own_loop(store: SqlStore) -> None:
    heard: list[tuple[int, threading.Thread]] = []
    stop = store.subscribe(lambda position: heard.append((position, threading.current_thread())))
    await store.change(lambda tx: tx.record(s.fact()))
    await store.change(lambda tx: tx.put_incident(s.incident()))  # no fact, nothing to hear
    await store.change(lambda tx: [tx.record(s.fact()), tx.record(s.fact())])
    await store.change(lambda tx: None)
    assert heard == [(1, threading.current_thread()), (3, threading.current_thread())]
    stop()
    await store.change(lambda tx: tx.record(s.fact()))
    await store.change(lambda tx: None)
    assert len(heard) == 2


def test_what_was_changed_is_there_after_closing_and_opening_again(place: Place) -> None:
    with place.open() as store:
        store.change_now(lambda tx: [tx.put_incident(s.incident()), tx.audit(s.entry()), tx.record(s.fact())])
    again = place.open()
    assert again.read_now(lambda look: look.find_incident(IncidentId("inc-1"))) == s.incident()
    assert again.change_now(lambda tx: (tx.record(s.fact()), tx.audit(s.entry()))) == (2, 2)
    assert verify(again) == (2, None)


async def test_a_closed_store_refuses(store: SqlStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StorageFailed):
        await store.change(lambda tx: tx.record(s.fact()))
    with pytest.raises(StorageFailed):
        await store.read(lambda look: look.last_position())


async def test_a_follower_that_fails_stops_nobody(store: SqlStore) -> None:
    heard: list[int] = []

    def fails(position: int) -> None:
        heard.append(position)
        raise Changed

    await asyncio.to_thread(store.subscribe, fails)  # without a loop: called on the writer's own thread
    assert await store.change(lambda tx: tx.record(s.fact())) == 1
    assert await store.change(lambda tx: tx.record(s.fact())) == 2
    await store.change(lambda tx: None)
    assert heard == [1, 2]


async def test_a_quick_look_stays_on_the_loop_until_it_is_slow(store: SqlStore, place: Place) -> None:
    slow = False
    where: list[threading.Thread] = []

    def ask(look):
        where.append(threading.current_thread())
        begun = time.thread_time()
        while slow and time.thread_time() - begun < 0.005:
            pass
        return look.last_position()

    for _ in range(20):
        await store.read(ask)
    stays = where[-1] is threading.current_thread()
    assert stays is (place.url is None)  # a server is a network away: never on the loop
    slow = True
    await store.read(ask)
    slow = False
    await store.read(ask)
    assert where[-1] is not threading.current_thread()
