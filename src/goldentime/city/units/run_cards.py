"""Which units a kind of incident wants: the run cards, a city's own before the defaults."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goldentime.core.text import Text

GRAVE = frozenset({"critical"})
_FIRE_119 = frozenset({"119_dispatch"})
_POLICE_112 = frozenset({"112_video", "112_dispatch"})


@dataclass(frozen=True, slots=True)
class Want:
    """So many units that can do one thing; `capability` is a kind of unit or something a unit is known to do."""

    capability: str
    count: int = 1

    def __post_init__(self) -> None:
        """Refuse a want of nothing."""
        if not self.capability or not 1 <= self.count <= 20:
            msg = f"a want is 1 to 20 of something: {self}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of an incident when a card is looked for; `words` are the sender's own for the kind and detail."""

    service: str
    kind: str = ""
    severity: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class RunCard:
    """Which calls it is for, what it wants, and where that comes from; an empty condition holds for every call.

    One for `casualties` says what whoever is hurt needs, and gives way to a card that says what happened.
    """

    id: str
    name: Text
    wants: tuple[Want, ...]
    services: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    source: str = ""
    casualties: bool = False

    def __post_init__(self) -> None:
        """Refuse a card that wants nothing, or the same thing twice."""
        capabilities = [want.capability for want in self.wants]
        if not capabilities or len(set(capabilities)) < len(capabilities):
            msg = f"a card wants something, and each thing once: {self.id}"
            raise ValueError(msg)

    def fits(self, call: Call) -> bool:
        """Whether the card is for this call."""
        return (
            (not self.services or call.service in self.services)
            and (not self.kinds or call.kind in self.kinds)
            and (not self.severities or call.severity in self.severities)
            and (not self.words or any(word in call.words for word in self.words))
        )

    def narrowness(self) -> int:
        """How many conditions it makes: the card that says most about a call is the one meant for it."""
        return sum(map(bool, (self.services, self.kinds, self.severities, self.words)))

    @property
    def tells_what(self) -> bool:
        """Whether it is for something that happened, rather than for a service or how grave the call is."""
        return not self.casualties and bool(self.kinds or self.words)

    def with_help(self, hurt: "RunCard | None") -> "RunCard":
        """The card that also wants what the hurt need: of each the greater count; itself where it wants that much."""
        wanted = {want.capability: want.count for want in self.wants}
        more = {want.capability: want.count for want in hurt.wants} if hurt else {}
        both = {one: max(wanted.get(one, 0), more.get(one, 0)) for one in wanted | more}
        if hurt is None or both == wanted:
            return self
        name = Text(f"{self.name.ko} + {hurt.name.ko}", f"{self.name.en} + {hurt.name.en}")
        wants = tuple(Want(capability, count) for capability, count in both.items())
        return replace(self, name=name, wants=wants, source="; ".join(filter(None, (self.source, hurt.source))))


_FIRE_ENGINEERING = (
    "미국 NFPA 1710(주택 화재 초기 출동)과 그에 맞춘 톨레도시 편성(펌프차 3, 사다리차 1, 구조차 1, 지휘차 1, 구급차 1)"
)
_AMPLE = "선착대가 보고 돌려보낼 수 있도록 넉넉히 보내는 소방의 출동 원칙; 대수는 이 제품이 정한 기본값"
_CODE_0 = "112 신고 코드 0·1: 관할을 묻지 않고 가장 가까운 순찰차, 공조 출동(경찰청 2016. 4. 1. 개편)"
_CODE_2 = "112 신고 코드 2: 관할 순찰차"
_PLAIN = "이 제품이 정한 기본값"

DEFAULT_CARDS: tuple[RunCard, ...] = (
    RunCard(
        "fire",
        Text("화재", "Fire"),
        (Want("command"), Want("engine", 3), Want("ladder"), Want("rescue"), Want("ambulance")),
        _FIRE_119,
        words=("화재", "불이", "불길", "연기", "폭발", "fire", "smoke"),
        source=_FIRE_ENGINEERING,
    ),
    RunCard(
        "vehicle_rescue",
        Text("구조·교통사고", "Rescue, road accident"),
        (Want("rescue"), Want("ambulance"), Want("engine")),
        _FIRE_119,
        words=("구조", "교통사고", "끼임", "추락", "붕괴", "갇힘", "rescue", "accident", "trapped"),
        source=_AMPLE,
    ),
    RunCard(
        "medical_grave",
        Text("구급(위중)", "Medical, grave"),
        (Want("ambulance", 2), Want("engine")),
        _FIRE_119,
        severities=GRAVE,
        words=("심정지", "의식", "호흡", "중증", "cardiac", "unconscious"),
        source="심정지 등 위중한 환자에는 구급차 두 대와 펌프차를 함께 보내는 다중출동; 대수는 이 제품이 정한 기본값",
        casualties=True,
    ),
    RunCard(
        "medical",
        Text("구급", "Medical"),
        (Want("ambulance"),),
        _FIRE_119,
        words=("구급", "환자", "부상", "쓰러", "medical", "injur"),
        source=_PLAIN,
        casualties=True,
    ),
    RunCard(
        "119",
        Text("119 출동", "119 call"),
        (Want("engine"), Want("ambulance")),
        _FIRE_119,
        source=_PLAIN,
    ),
    RunCard(
        "police_code_0",
        Text("112 긴급(코드 0·1)", "112 urgent (code 0, 1)"),
        (Want("patrol", 2),),
        _POLICE_112,
        severities=GRAVE,
        source=_CODE_0,
    ),
    RunCard(
        "police_code_2",
        Text("112 출동(코드 2)", "112 call (code 2)"),
        (Want("patrol"),),
        _POLICE_112,
        source=_CODE_2,
    ),
    RunCard(
        "wanted",
        Text("수배차량·전자발찌", "Wanted vehicle, anklet"),
        (Want("patrol", 2),),
        frozenset({"wanted_vehicle", "anklet"}),
        source=_CODE_0,
    ),
    RunCard(
        "vulnerable",
        Text("사회적 약자·안심귀가", "Vulnerable people, safe return"),
        (Want("patrol"),),
        frozenset({"vulnerable", "safe_return"}),
        source=_PLAIN,
    ),
    RunCard(
        "disaster",
        Text("재난", "Disaster"),
        (Want("command"), Want("engine", 2), Want("rescue"), Want("ambulance", 2), Want("patrol")),
        frozenset({"disaster"}),
        source=_AMPLE,
    ),
    RunCard("traffic", Text("교통", "Traffic"), (Want("patrol"),), frozenset({"traffic"}), source=_PLAIN),
)
CASUALTIES = frozenset(card.id for card in DEFAULT_CARDS if card.casualties)


def find_card(call: Call, own: Sequence[RunCard] = (), defaults: Sequence[RunCard] = DEFAULT_CARDS) -> RunCard | None:
    """The card for the call: a city's own before the defaults, of several the narrowest, the first of equals.

    A card for casualties goes before one that does not say what happened, and otherwise adds its wants to the one that
    does: a fire with someone hurt is a fire. A default of the same id as one of the city's own is replaced by it. None
    when no card fits: the dispatcher alone says what goes.
    """
    replaced = {card.id for card in own}
    hurt: RunCard | None = None
    for cards in (own, [card for card in defaults if card.id not in replaced]):
        fitting = [card for card in cards if card.fits(call)]
        hurt = hurt or _narrowest([card for card in fitting if card.casualties])
        found = _narrowest([card for card in fitting if card.tells_what or not (hurt or card.casualties)])
        if found:
            return found.with_help(hurt)
    return hurt


def _narrowest(cards: Sequence[RunCard]) -> RunCard | None:
    return max(cards, key=RunCard.narrowness, default=None)
