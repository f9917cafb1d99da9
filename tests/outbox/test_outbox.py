"""What waits in the outbox arrives once and in order, or ends on record, whatever happens to them, the line or us."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fakes.centre import HERE, CalledBack, Centre, either
from fakes.town import POLICE
from goldentime.edges.wire.links import link_rows
from goldentime.flows.outgoing.carrier import Silence
from goldentime.flows.outgoing.channel import Channel
from goldentime.flows.outgoing.send_outgoing import GIVEN_UP_AFTER, Outbox
from goldentime.flows.record.destroy_expired import destroy_expired
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import OutgoingMessage


@either
@pytest.mark.parametrize("outage", ["down", "mute", "acting but mute"])
async def test_thirty_minutes_down_lose_and_repeat_nothing_and_keep_each_incidents_order(
    outage: str, *, standard: bool
) -> None:
    centre = Centre(standard)
    incidents = [await centre.reported(f"2026112312000000{n}") for n in range(5)]
    centre.police.down, centre.police.mute = outage == "down", outage == "mute"
    centre.police.dies_answering = 1_000_000 if outage == "acting but mute" else 0
    for step in ("acknowledge", "take", "순찰차를 보냈습니다.", "close"):
        for incident in incidents:
            await centre.do(incident, step)
        await centre.go_on(minutes=7.5, every=10)
    assert centre.waiting() == 20
    before = len(centre.police.came)
    centre.police.down = centre.police.mute = False
    centre.police.dies_answering = 0
    await centre.go_on(minutes=2)
    assert (len(centre.police.taken), centre.waiting()) == (20, 0)
    if outage == "down":
        assert (before, len(centre.police.came)) == (0, 25 if standard else 20)  # the second 20 of each goes again
    for number in range(5):
        theirs = [one["number"] for one in centre.police.taken if one["number"].startswith(f"2026112312000000{number}")]
        assert theirs == [f"2026112312000000{number}-{k}" for k in range(1, 5)]


@either
@pytest.mark.parametrize("outage", ["down", "mute"])
async def test_a_second_step_of_one_state_is_not_lost_when_the_first_was_taken_before_the_silence(
    outage: str, *, standard: bool
) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "acknowledge")
    await centre.outbox.turn()
    centre.police.down, centre.police.mute = outage == "down", outage == "mute"
    await centre.do(incident, "take", "순찰차를 보냈습니다.", "구급차를 불렀습니다.")
    await centre.go_on(minutes=30, every=10)
    assert (len(centre.police.taken), centre.waiting()) == (1, 3)
    centre.police.down = centre.police.mute = False
    await centre.go_on(minutes=3)
    assert [one["number"][-2:] for one in centre.police.taken] == ["-1", "-2", "-3", "-4"]
    assert [one.state for one in centre.room.store.rows.outgoing.values()] == ["sent"] * 4


@either
async def test_dying_between_marking_a_message_and_sending_it_loses_none(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "acknowledge")
    await centre.outbox.turn()
    send = centre.police.send
    await centre.do(incident, "take")

    async def killed(message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        raise KeyboardInterrupt

    centre.police.send = killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await centre.outbox.turn()
    assert [one.reached for one in centre.room.store.rows.outgoing.values() if one.state == "waiting"] == [True]
    centre.police.send = send  # type: ignore[method-assign]
    centre.start()
    await centre.go_on(minutes=0.1)
    assert [one["number"][-2:] for one in centre.police.taken] == ["-1", "-2"]
    assert centre.waiting() == 0


async def test_while_an_address_is_down_it_is_knocked_at_once_in_a_minute_not_for_every_message() -> None:
    centre = Centre()
    knocks = 0
    send = centre.police.send

    async def counted(message, parts):
        nonlocal knocks
        knocks += 1
        return await send(message, parts)

    centre.police.send = counted  # type: ignore[method-assign]
    centre.police.down = True
    for number in range(30):
        await centre.do(await centre.reported(f"202611231200{number:05d}"), "take")
    await centre.go_on(minutes=30, every=3)
    assert 25 <= knocks <= 50


@either
async def test_an_answer_lost_on_the_way_repeats_the_same_bytes_and_nothing_is_taken_twice(*, standard: bool) -> None:
    centre = Centre(standard)
    incident = await centre.reported()
    await centre.do(incident, "take", "close")
    centre.police.dies_answering = 2
    await centre.go_on(minutes=5, every=3)
    assert len(centre.police.came) == 4
    assert centre.police.came[0] == centre.police.came[1] == centre.police.came[2]
    assert [one["number"][-2:] for one in centre.police.taken] == ["-1", "-2"]
    assert centre.waiting() == 0


@either
async def test_a_platform_that_dies_between_sending_and_noting_it_sends_the_same_again(*, standard: bool) -> None:
    centre = Centre(standard)
    await centre.do(await centre.reported(), "take")
    centre.police.verdict = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)  # killed with the frame on the line
    try:
        await centre.outbox.turn()
    except KeyboardInterrupt:
        centre.police.verdict = lambda _: Reply(Verdict.TAKEN)
    first = centre.police.came[0]
    centre.start()
    await centre.outbox.turn()
    assert centre.police.came == [first, first]
    assert (len(centre.police.taken), centre.waiting()) == (1, 0)


async def test_exists_is_believed_only_of_what_may_have_arrived_before() -> None:
    centre = Centre()
    centre.police.verdict = lambda _: Reply(Verdict.EXISTS, "4100")
    incident = await centre.reported()
    await centre.do(incident, "close")  # nothing was said under this number before
    await centre.go_on(minutes=1)
    (message,) = centre.room.store.rows.outgoing.values()
    assert (message.state, message.problem) == ("refused", "4100")
    assert [fact.data["reason"] for fact in centre.room.store.facts("AgencyNotTold")] == ["4100"]


async def test_one_dead_address_holds_up_no_answer_to_another() -> None:
    centre, asked = Centre(), []

    class Lines:
        async def send(self, message, parts):
            asked.append(parts["url"])
            return Silence(reached=False, why="unreachable") if b"dead" in parts["url"] else Reply(Verdict.TAKEN)

    origins = frozenset({"https://112.example"})
    centre.room.store.seed(lambda tx: tx.put_agency(replace(tx.find_agency(POLICE), origins=origins)))
    centre.room.intake = type(centre.room.intake)(centre.room.world, {"plain": CalledBack()})
    for number in range(1, 4):
        await centre.room.hear(occurrence=f"{number}", place=HERE, callback="https://112.example/dead")
    await centre.room.hear(occurrence="1", state="changed", callback="https://112.example/live")
    outbox = Outbox(centre.room.world, [Channel(POLICE, "callback", Lines())], centre.links)
    await outbox.turn()
    assert asked == [b"https://112.example/dead", b"https://112.example/live"]


async def test_a_refused_message_is_shown_with_its_reason_and_lets_those_behind_it_pass() -> None:
    centre = Centre()
    centre.police.verdict = lambda told: Reply(
        Verdict.REFUSED if told["state"] == "changed" else Verdict.TAKEN, "4102", "상태코드 오류"
    )
    incident = await centre.reported()
    await centre.do(incident, "take", "확인했습니다.", "close")
    await centre.go_on(minutes=1)
    states = [(o.state, o.problem) for o in sorted(centre.room.store.rows.outgoing.values(), key=lambda o: o.sequence)]
    assert states == [("sent", ""), ("refused", "4102"), ("sent", "")]
    assert [fact.data["reason"] for fact in centre.room.store.facts("AgencyNotTold")] == ["4102"]


@either
async def test_one_incident_the_other_side_cannot_take_now_holds_up_no_other(*, standard: bool) -> None:
    centre = Centre(standard)
    stuck, other = await centre.reported("20261123120000001"), await centre.reported("20261123120000002")
    centre.police.verdict = lambda told: Reply(Verdict.LATER if told["about"] == stuck.number else Verdict.TAKEN)
    await centre.do(stuck, "take", "close")
    await centre.do(other, "take", "close")
    await centre.go_on(minutes=1)
    assert [one["about"] for one in centre.police.taken] == [other.number] * 2
    centre.police.verdict = lambda _: Reply(Verdict.TAKEN)
    await centre.go_on(minutes=2)
    assert [one["number"][-2:] for one in centre.police.taken[2:]] == ["-1", "-2"]


async def test_what_nobody_took_for_three_days_is_given_up_on_record() -> None:
    centre = Centre()
    centre.police.down = True
    await centre.do(await centre.reported(), "take")
    centre.room.town.clock.pass_(seconds=GIVEN_UP_AFTER["wire"].total_seconds() + 1)
    await centre.outbox.turn()
    (message,) = centre.room.store.rows.outgoing.values()
    assert (message.state, message.problem) == ("given_up", "too_old")


async def test_a_message_whose_words_were_destroyed_is_given_up_and_never_sent() -> None:
    centre = Centre()
    centre.police.down = True
    await centre.do(await centre.reported(), "take")
    clock = centre.room.town.clock
    centre.room.world = replace(
        centre.room.world, rules=replace(centre.room.world.rules, personal_data_kept=timedelta(days=1))
    )
    clock.pass_(days=91)
    await destroy_expired(centre.room.store, clock, kept=timedelta(days=90))
    centre.police.down = False
    await centre.outbox.turn()
    assert centre.police.came == []
    assert centre.waiting() == 0


async def test_the_light_tells_since_when_it_fails_how_much_waits_and_when_it_is_well_again() -> None:
    centre = Centre()
    centre.police.down = True
    incident = await centre.reported()
    began = centre.room.town.clock.now()
    await centre.do(incident, "take", "close")
    await centre.go_on(minutes=3)
    await centre.outbox.count()
    row = next(one for one in link_rows(centre.links) if one["id"] == POLICE)
    (out,) = [light for light in row["lights"] if light["direction"] == "out"]
    assert (row["state"], out["waiting"]) == ("failed", 2)
    assert began <= datetime.fromisoformat(out["failing_since"]) <= began + timedelta(seconds=1)
    assert out["detail"]["ko"] == "상대에 연결할 수 없습니다. 2건이 기다립니다."
    centre.police.down = False
    await centre.go_on(minutes=2)
    await centre.outbox.count()
    row = next(one for one in link_rows(centre.links) if one["id"] == POLICE)
    assert (row["state"], row["waiting"]) == ("healthy", 0)


@pytest.mark.parametrize("why", ["unreachable", "no_answer", "bad_answer", "forbidden", "login_refused", "failed"])
async def test_the_light_says_every_silence_in_words_and_calls_none_of_them_a_refusal(why: str) -> None:
    centre = Centre()

    async def silent(message: OutgoingMessage, parts: Mapping[str, bytes]) -> Silence:
        return Silence(reached=True, why=why)

    centre.police.send = silent  # type: ignore[method-assign]
    await centre.do(await centre.reported(), "take")
    await centre.outbox.turn()
    row = next(one for one in link_rows(centre.links) if one["id"] == POLICE)
    (out,) = [light for light in row["lights"] if light["direction"] == "out"]
    assert why not in out["detail"]["ko"] + out["detail"]["en"]
    assert "refused a message" not in out["detail"]["en"]
