"""Messages that come in one moment are kept in one change, and none suffers for another."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goldentime.adapters.sql import SqlStore
from goldentime.core.errors import SendersError, StorageFailed
from goldentime.core.ids import MessageId
from goldentime.core.text import Text
from goldentime.flows.intake.keep_together import MOST_TOGETHER, KeepTogether
from goldentime.flows.intake.kept_messages import answered, unseal
from goldentime.messages.exchange import Answer, RawMessage
from goldentime.messages.kept import KeptMessage

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
UNSTORABLE = "text/\ud800"


class CountedStore:
    """A real store that counts its changes, and fails when told to."""

    def __init__(self, real: SqlStore) -> None:
        self.real, self.changes, self.broken = real, 0, False

    async def change(self, decide: Callable[[Any], Any]) -> Any:
        self.changes += 1
        if self.broken:
            raise StorageFailed(Text("저장소가 응답하지 않습니다.", "Storage does not answer."))
        return await self.real.change(decide)

    def read(self, ask: Callable[[Any], Any]) -> Awaitable[Any]:
        return self.real.read(ask)


@pytest.fixture
def counted(store: SqlStore) -> CountedStore:
    return CountedStore(store)


def a_message(number: int, *, content_type: str = "application/json") -> tuple[KeptMessage, RawMessage]:
    raw = RawMessage("plain", "agency-112", content_type, {"x-scsns-svcty": "EVENT"}, b"report %d" % number, NOW)
    ends = NOW + timedelta(days=30)
    digest = number.to_bytes(32, "big")
    return KeptMessage(
        MessageId(f"msg-{number:04d}"), "plain", "agency-112", content_type, digest, len(raw.body), NOW, ends
    ), raw


async def kept_bodies(store: SqlStore) -> dict[str, bytes | None]:
    def ask(look: Any) -> dict[str, bytes | None]:
        found = {message.id: unseal(look, message) for message in look.list_kept()}
        return {name: raw.body if raw else None for name, raw in found.items()}

    return await store.read(ask)


async def test_messages_of_one_moment_share_a_change_and_each_has_its_bytes(counted: CountedStore) -> None:
    keeping = KeepTogether(counted)
    found = await asyncio.gather(*[keeping.keep(*a_message(number)) for number in range(20)])
    assert found == [None] * 20
    assert counted.changes == 1
    assert await kept_bodies(counted.real) == {f"msg-{n:04d}": b"report %d" % n for n in range(20)}


async def test_no_change_holds_more_than_its_share(counted: CountedStore) -> None:
    keeping = KeepTogether(counted)
    await asyncio.gather(*[keeping.keep(*a_message(number)) for number in range(MOST_TOGETHER + 1)])
    assert counted.changes == 2
    assert len(await kept_bodies(counted.real)) == MOST_TOGETHER + 1


async def test_one_that_cannot_be_stored_is_told_so_and_the_others_are_kept(counted: CountedStore) -> None:
    keeping = KeepTogether(counted)
    wrong = a_message(1, content_type=UNSTORABLE)
    found = await asyncio.gather(
        keeping.keep(*a_message(0)), keeping.keep(*wrong), keeping.keep(*a_message(2)), return_exceptions=True
    )
    assert (found[0], found[2]) == (None, None)
    assert isinstance(found[1], SendersError)
    assert set(await kept_bodies(counted.real)) == {"msg-0000", "msg-0002"}


async def test_when_storage_fails_everyone_hears_it_and_the_next_are_kept(counted: CountedStore) -> None:
    keeping = KeepTogether(counted)
    counted.broken = True
    found = await asyncio.gather(*[keeping.keep(*a_message(number)) for number in range(3)], return_exceptions=True)
    assert [type(one) for one in found] == [StorageFailed] * 3
    assert len({id(one) for one in found}) == 3
    counted.broken = False
    assert await keeping.keep(*a_message(4)) is None
    assert set(await kept_bodies(counted.real)) == {"msg-0004"}


async def test_one_answered_before_is_found_among_new_ones_and_not_kept_again(counted: CountedStore) -> None:
    keeping = KeepTogether(counted)
    message, raw = a_message(7)
    answer = Answer(b"{}", "application/json", "2000", ok=True)
    await counted.real.change(lambda tx: tx.put_message(answered(message, answer)))
    again, _ = a_message(7)
    found = await asyncio.gather(keeping.keep(*a_message(8)), keeping.keep(again, raw))
    assert found[0] is None
    assert found[1] is not None
    assert found[1].answer == b"{}"
    assert set(await kept_bodies(counted.real)) == {"msg-0008"}


async def test_a_sender_that_hangs_up_costs_the_others_nothing(counted: CountedStore) -> None:
    keeping = KeepTogether(counted)
    leaving = asyncio.ensure_future(keeping.keep(*a_message(0)))
    staying = asyncio.ensure_future(keeping.keep(*a_message(1)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying is None
    assert set(await kept_bodies(counted.real)) == {"msg-0000", "msg-0001"}
