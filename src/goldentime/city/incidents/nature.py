"""What an incident is about in a few sorts, told from the words of whoever reports it, and which sorts go together."""

import re
from enum import StrEnum

from goldentime.core.text import Text


class Nature(StrEnum):
    """What happened, as far as two agencies mean the same by it."""

    TRAFFIC = "traffic"
    FIRE = "fire"
    RESCUE = "rescue"
    MEDICAL = "medical"
    VIOLENCE = "violence"
    DISORDER = "disorder"
    THEFT = "theft"
    MISSING = "missing"
    SELF_HARM = "self_harm"
    GAS = "gas"
    FLOOD = "flood"
    UNKNOWN = "unknown"


NATURE_NAMES: dict[Nature, Text] = {
    Nature.TRAFFIC: Text("교통사고", "traffic accident"),
    Nature.FIRE: Text("화재", "fire"),
    Nature.RESCUE: Text("구조", "rescue"),
    Nature.MEDICAL: Text("구급", "medical"),
    Nature.VIOLENCE: Text("폭력", "violence"),
    Nature.DISORDER: Text("소란·주취", "disorder"),
    Nature.THEFT: Text("절도", "theft"),
    Nature.MISSING: Text("실종", "missing person"),
    Nature.SELF_HARM: Text("자해·자살 기도", "self-harm"),
    Nature.GAS: Text("가스·위험물", "gas or hazard"),
    Nature.FLOOD: Text("침수·붕괴", "flood or collapse"),
    Nature.UNKNOWN: Text("기타", "other"),
}

# Looked for in this order: the first that a text holds decides, the rarer and more telling before the common ones.
_WORDS: tuple[tuple[Nature, str], ...] = (
    (Nature.SELF_HARM, "자살|자해|투신|뛰어내리|번개탄"),
    (Nature.GAS, "가스|유해물질|화학물질|폭발물|누출"),
    (Nature.TRAFFIC, "교통사고|추돌|충돌|뺑소니|접촉사고|역주행|차에 치|오토바이 사고|차량 전복|차량이 전복|음주운전"),
    (Nature.FIRE, "화재|불이 났|불이 나|불길|연기|폭발|타는 냄새"),
    (Nature.FLOOD, "침수|붕괴|무너|산사태|물에 잠"),
    (Nature.VIOLENCE, "폭행|강도|흉기|칼을|칼로|칼 든|위협|때리|때려|싸움|싸우|스토킹|성추행|데이트폭력|가정폭력|상해"),
    (Nature.THEFT, "절도|도난|훔쳐|훔치|소매치기|침입"),
    (Nature.MISSING, "실종|미귀가|길을 잃|찾아 달라|배회"),
    (Nature.RESCUE, "구조|갇혀|갇힘|갇힌|끼임|끼여|고립|추락|물에 빠"),
    (Nature.MEDICAL, "구급|쓰러|의식|호흡|심정지|경련|출혈|통증|다쳐|다친|부상|환자|낙상|응급"),
    (Nature.DISORDER, "소란|주취|행패|술에 취|시비|고성|소음"),
)
_ANY = re.compile("|".join(f"(?P<{nature.value}>{words})" for nature, words in _WORDS))
_LONGEST = 400  # letters of a content that are looked at: the first sentences tell
_ORDER = {nature: place for place, (nature, _) in enumerate(_WORDS)}

# How much likelier it is that one event is told so by two callers than that two unrelated ones meet, as natural
# logarithms of the ratio. The same sort and those named here speak for one event, all others against it.
SAME_NATURE, OTHER_NATURE, UNTOLD_NATURE = 1.9, -3.0, 0.0
_TOGETHER: dict[frozenset[Nature], float] = {
    frozenset({Nature.TRAFFIC, Nature.MEDICAL}): 0.9,
    frozenset({Nature.TRAFFIC, Nature.RESCUE}): 1.6,
    frozenset({Nature.TRAFFIC, Nature.FIRE}): 0.8,
    frozenset({Nature.FIRE, Nature.RESCUE}): 1.3,
    frozenset({Nature.FIRE, Nature.MEDICAL}): -0.2,
    frozenset({Nature.FIRE, Nature.GAS}): 1.7,
    frozenset({Nature.GAS, Nature.RESCUE}): 1.1,
    frozenset({Nature.GAS, Nature.MEDICAL}): 0.2,
    frozenset({Nature.VIOLENCE, Nature.MEDICAL}): 0.9,
    frozenset({Nature.VIOLENCE, Nature.DISORDER}): 0.9,
    frozenset({Nature.VIOLENCE, Nature.THEFT}): 0.6,
    frozenset({Nature.DISORDER, Nature.MEDICAL}): 0.3,
    frozenset({Nature.SELF_HARM, Nature.RESCUE}): 2.0,
    frozenset({Nature.SELF_HARM, Nature.MEDICAL}): 1.0,
    frozenset({Nature.MISSING, Nature.RESCUE}): 1.2,
    frozenset({Nature.MISSING, Nature.MEDICAL}): -0.6,
    frozenset({Nature.FLOOD, Nature.RESCUE}): 1.8,
    frozenset({Nature.RESCUE, Nature.MEDICAL}): 0.9,
}


def nature_of(*texts: str) -> Nature:
    """What the texts tell, the more telling text first: a kind's detail before its content."""
    for text in texts:
        found = {str(match.lastgroup) for match in _ANY.finditer(text[:_LONGEST])}
        if found:
            return min((Nature(name) for name in found), key=_ORDER.__getitem__)
    return Nature.UNKNOWN


def affinity(a: Nature, b: Nature) -> float:
    """How far the two sorts speak for one event (above 0) or against it; the order does not matter."""
    if Nature.UNKNOWN in (a, b):
        return UNTOLD_NATURE
    return SAME_NATURE if a is b else _TOGETHER.get(frozenset({a, b}), OTHER_NATURE)
