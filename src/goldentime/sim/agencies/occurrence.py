"""How a story of the scenario becomes one occurrence with a place, people and a course; all of them invented."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import cos, pi, radians, sin, sqrt
from random import Random

from goldentime.core.clock import KST
from goldentime.sim.agencies.scenario import Scenario, Step, Story

_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_GIVEN = (
    "가람",
    "나래",
    "다솜",
    "라온",
    "마루",
    "보람",
    "새봄",
    "아라",
    "이든",
    "참",
    "한별",
    "해든",
    "슬찬",
    "윤슬",
    "푸름",
)
_PLATE_LETTERS = "가나다라마바사아자거너더러머버서어저고노도로모보소오조"
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Message:
    """One report on the way: what the wire needs and nothing of the wire itself."""

    number: str  # ocrNbr
    story: Story
    state: str
    lon: float | None
    lat: float | None
    place: str
    content: str
    items: Mapping[str, str]
    occurred_at: datetime
    user: str
    following: tuple[Step, ...] = field(default=())


class Numbers:
    """Occurrence numbers of one agency: yyyyMMddHHmmssSSS in Seoul, never the same twice."""

    def __init__(self) -> None:
        """None given out yet."""
        self._last: datetime | None = None

    def next(self, now: datetime) -> str:
        """The number of now, or one millisecond after the last."""
        at = now.astimezone(KST)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if self._last is not None and at <= self._last:
            at = self._last + timedelta(milliseconds=1)
        self._last = at
        return at.strftime("%Y%m%d%H%M%S") + f"{at.microsecond // 1000:03d}"


def begin(scenario: Scenario, number: str, now: datetime, chance: Random, *, drill: bool = False) -> Message:
    """A new occurrence: a story and a place drawn by weight."""
    story = chance.choices(scenario.stories, [one.weight for one in scenario.stories])[0]
    spot = chance.choices(scenario.hotspots, [one.weight for one in scenario.hotspots])[0]
    distance, angle = spot.spread * sqrt(chance.random()), 2 * pi * chance.random()
    lat = spot.lat + distance * sin(angle) / _METRES_PER_DEGREE
    lon = spot.lon + distance * cos(angle) / (_METRES_PER_DEGREE * cos(radians(spot.lat)))
    words = _Words(chance, spot.name)
    pointed = story.place == "point"
    return Message(
        number=number,
        story=story,
        state="10",
        lon=round(lon, 6) if pointed else None,
        lat=round(lat, 6) if pointed else None,
        place=spot.name,
        content=_marked(words.fill(chance.choice(story.content)), drill=drill),
        items=_items(story.items, words, drill=drill),
        occurred_at=now,
        user=chance.choice(scenario.agency.users),
        following=tuple(_course(story, chance)),
    )


def follow(before: Message, chance: Random, *, drill: bool = False) -> Message:
    """The next message of the occurrence; raises IndexError when its course is over."""
    step, *rest = before.following
    words = _Words(chance, before.place)
    said = _marked(words.fill(chance.choice(step.content)), drill=drill) if step.content else before.content
    return Message(
        number=before.number,
        story=before.story,
        state=step.state,
        lon=before.lon,
        lat=before.lat,
        place=before.place,
        content=said,
        items={**before.items, **_items(step.items, words, drill=drill)},
        occurred_at=before.occurred_at,
        user=before.user,
        following=tuple(rest),
    )


def _course(story: Story, chance: Random) -> Iterator[Step]:
    return (step for step in story.steps if step.chance >= 1 or chance.random() < step.chance)


def _marked(content: str, *, drill: bool) -> str:
    return f"[훈련] {content}" if drill else content


def _items(items: Mapping[str, str], words: "_Words", *, drill: bool) -> dict[str, str]:
    filled = {key: words.fill(value) for key, value in items.items()}
    return {**filled, "DRILL_YN": "Y"} if drill else filled


class _Words:
    """Invented people and plates, the same ones throughout one message."""

    def __init__(self, chance: Random, place: str) -> None:
        self._values = {
            "place": place,
            "name": chance.choice(_SURNAMES) + chance.choice(_GIVEN),
            "phone": f"010-0000-{chance.randrange(10_000):04d}",  # 010-0000 is given to nobody
            "plate": f"{chance.randrange(10, 70)}{chance.choice(_PLATE_LETTERS)}{chance.randrange(1000, 10_000)}",
            "age": f"{chance.randrange(2, 9) * 10}대",
        }

    def fill(self, text: str) -> str:
        for name, value in self._values.items():
            text = text.replace("{" + name + "}", value)
        return text
