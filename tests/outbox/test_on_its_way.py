"""What is given up by hand while it is being sent, and what an error nobody foresaw may hold up: nothing else."""

import asyncio

import pytest

from fakes.agency_line import AgencyLine
from fakes.centre import Centre
from fakes.town import FIRE, POLICE
from goldentime.core.ids import OutgoingId
from goldentime.flows.outgoing import send_outgoing
from goldentime.flows.outgoing.settle_outgoing import settle
from goldentime.flows.watching.grant_agency import share_incident
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import OutgoingMessage, OutgoingState


async def test_what_is_given_up_by_hand_before_its_turn_is_not_sent() -> None:
    centre = Centre()
    first, second = await centre.reported("20261123120000001"), await centre.reported("20261123120000002")
    await centre.do(first, "take")
    await centre.do(second, "take")

    async def send_and_give_up_the_other(message, parts):
        await give_up(centre, *[one.id for one in outgoing(centre) if one.id != message.id])
        return await AgencyLine.send(centre.police, message, parts)

    centre.police.send = send_and_give_up_the_other  # type: ignore[method-assign]
    await centre.outbox.turn()
    assert len(centre.police.came) == 1
    assert sorted(one.state for one in outgoing(centre)) == ["given_up", "sent"]


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.TAKEN, "sent"), (Verdict.REFUSED, "given_up"), (Verdict.LATER, "given_up")]
)
async def test_what_is_given_up_on_its_way_is_sent_only_if_the_other_side_took_it(verdict: Verdict, state: str) -> None:
    centre = Centre()
    await centre.do(await centre.reported(), "take")

    async def give_up_and_send(message, parts):
        await give_up(centre, message.id)
        return Reply(verdict, "4102")

    centre.police.send = give_up_and_send  # type: ignore[method-assign]
    await centre.outbox.turn()
    (message,) = outgoing(centre)
    assert message.state == state
    assert [fact.data["reason"] for fact in centre.room.store.facts("AgencyNotTold")] == ["by_hand"]


async def test_an_error_nobody_foresaw_holds_up_neither_other_messages_nor_other_agencies() -> None:
    centre = Centre()
    cursed, blessed = await centre.reported("20261123120000001"), await centre.reported("20261123120000002")
    for incident in (cursed, blessed):
        await centre.do(incident, "take")
        await share_incident(centre.room.world, await centre.room.caller("kim"), incident.id, FIRE)

    def stumble(told):
        return 1 / 0 if told["about"] == cursed.number else Reply(Verdict.TAKEN)

    centre.police.verdict = stumble
    running = asyncio.create_task(centre.outbox.run())
    await both_have_some(centre)
    assert not running.done()
    running.cancel()
    assert {one["about"] for one in centre.police.taken} == {blessed.number}
    assert {o.problem for o in outgoing(centre) if o.agency == POLICE} == {"", "failed"}


async def test_a_channel_whose_looks_fail_stops_no_other_and_goes_on_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_outgoing, "LOOK_EVERY", 0.01)
    centre = Centre()
    incident = await centre.reported()
    await share_incident(centre.room.world, await centre.room.caller("kim"), incident.id, FIRE)
    await centre.do(incident, "take")
    sweep, failures = centre.outbox._give_up_old, 0

    async def sweep_badly(channel, now):
        nonlocal failures
        if channel.agency == POLICE and failures < 3:
            failures += 1
            raise ZeroDivisionError
        await sweep(channel, now)

    monkeypatch.setattr(centre.outbox, "_give_up_old", sweep_badly)
    running = asyncio.create_task(centre.outbox.run())
    await both_have_some(centre)
    running.cancel()
    assert failures == 3


def outgoing(centre: Centre) -> list[OutgoingMessage]:
    return list(centre.room.store.rows.outgoing.values())


async def give_up(centre: Centre, *messages: OutgoingId) -> None:
    """As an administrator does by hand."""
    now = centre.room.town.clock.now()
    for one in messages:
        await centre.room.store.change(
            lambda tx, one=one: settle(tx, tx.find_outgoing(one), OutgoingState.GIVEN_UP, now, problem="by_hand")
        )


async def both_have_some(centre: Centre) -> None:
    async with asyncio.timeout(5):
        while not centre.police.taken or not centre.fire.taken:  # noqa: ASYNC110  (a condition of the lines')
            await asyncio.sleep(0.01)
