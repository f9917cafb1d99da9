"""How speeds measured by others reach the road graph: checked one by one, in force at once, learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep

import numpy as np
from numpy.typing import NDArray

from goldentime.city.roads.conditions import VALID
from goldentime.city.roads.learned import SLOT, LearnedSpeeds
from goldentime.city.roads.line import LinkId
from goldentime.core.errors import Refused
from goldentime.core.text import Text
from goldentime.flows.world import World
from goldentime.messages.exchange import Sender

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SERVICE = "road_speeds"  # what an agency must be named for in the settings
AHEAD = timedelta(minutes=1)  # a sender's clock may be wrong by so much
FASTEST_KMH = 200.0
BREATH = 250  # speeds looked at before the loop may have the interpreter again; about a millisecond
NAMED_AT_MOST = 100  # of the speeds that could not be used


@dataclass(frozen=True, slots=True)
class SpeedTold:
    """One link's speed as a sender gives it, before anything is believed of it."""

    link_id: str
    kmh: float
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class SpeedsTaken:
    """What became of a sender's speeds: `refused` names the first unusable ones by their place in the list."""

    taken: int
    unknown: int
    old: int
    bad: int
    refused: Sequence[tuple[int, str, Text]]


async def may_tell_speeds(world: World, sender: Sender | None) -> Sender:
    """The sender, if its agency is named for road speeds; raises Refused."""
    agency = None
    if sender is not None:
        agency = await world.store.read(lambda look: look.find_agency(sender.agency))
    if sender is None or agency is None or not agency.named or SERVICE not in agency.services:
        text = Text("도로 속도를 보낼 수 있는 인증키가 아닙니다.", "This key may not tell road speeds.")
        raise Refused(text, code="refused")
    return sender


def take_speeds(world: World, told: Sequence[SpeedTold], *, sandbox: bool) -> SpeedsTaken:
    """Put the usable ones in force in one go; may run beside the loop. A sandbox's are checked only."""
    now, live, learned = world.clock.now(), world.city.live_roads, world.city.learned
    latest, oldest = now + AHEAD, now - VALID
    bad: list[tuple[int, str, Text]] = []
    newest: dict[LinkId, SpeedTold] = {}
    old = 0
    for at, one in enumerate(told):
        if at % BREATH == 0:
            sleep(0)  # lets the loop have the interpreter: a request must not wait for a province's speeds
        if problem := _problem(one, latest):
            bad.append((at, one.link_id, problem))
            continue
        old += one.measured_at <= oldest
        known_one = newest.get(LinkId(one.link_id))
        if known_one is None or known_one.measured_at < one.measured_at:
            newest[LinkId(one.link_id)] = one
    sleep(0)
    rows = live.rows(newest)
    known = rows >= 0
    kmh = np.array([one.kmh for one in newest.values()], dtype=np.float64)[known]
    sleep(0)
    when = np.array([one.measured_at.timestamp() for one in newest.values()], dtype=np.float64)[known]
    sleep(0)
    if not sandbox:
        fresh = when > live.measured.at[rows[known]]  # the same one sent again teaches nothing
        live.set_measured(rows[known], kmh, when, now=now)
        if learned.links is live.graph.ids:  # not while another network is being taken over
            _learn(learned, rows[known][fresh], kmh[fresh], when[fresh])
    return SpeedsTaken(int(known.sum()), int((~known).sum()), old, len(bad), tuple(bad[:NAMED_AT_MOST]))


def _learn(learned: LearnedSpeeds, rows: Ints, kmh: Floats, at: Floats) -> None:
    quarter = at // SLOT.total_seconds()
    for one in np.unique(quarter).tolist():
        these = quarter == one
        learned.take(rows[these], kmh[these], datetime.fromtimestamp(one * SLOT.total_seconds(), UTC))


def _problem(one: SpeedTold, latest: datetime) -> Text | None:
    if not 0.0 <= one.kmh <= FASTEST_KMH:
        return Text("속도가 0~200 km/h가 아님", "a speed must be 0 to 200 km/h")
    if one.measured_at.tzinfo is None:
        return Text("측정 시각에 시간대가 없음", "the time of measurement has no zone")
    if one.measured_at > latest:
        return Text("측정 시각이 앞날임", "measured in the future")
    return None
