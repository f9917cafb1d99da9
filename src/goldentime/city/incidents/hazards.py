"""Which dangers a report's own words name, so that a crew reads them first, and which of them the wind carries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from goldentime.core.text import Text


@dataclass(frozen=True, slots=True)
class Hazard:
    """A danger; an `airborne` one is come near from upwind."""

    text: Text
    airborne: bool = False


# Where a place's name ends: the same letters go on in words that are a danger (불산중독, 황산고압, 염산교체).
_ENDS = r"(?=\d|[^\w]|$|(?:에서|에|으로|의|은|는|이|가|을|를|까지|부터|쪽|앞|옆)(?![가-힣]))"
_PLACES = rf"(?:면|읍|리|동|벌|교|초|중|고){_ENDS}|로{_ENDS}(?!\s?(?:인[한해하]|화상|부상|추정))"

# Everyday words, streets and districts that are spelled with a danger's letters; they are left out before the search.
_INNOCENT = re.compile(
    r"너무\s?너무|칼로리|과도[한하히]|망치[고려는면지]|총기\s?(?:허가|소지\s?허가|반납)|장난감\s?(?:총|권총|칼)"
    r"|(?:세금|물|문자)폭탄|폭탄\s?(?:주|세일|할인|발언|선언)"
    rf"|(?:황산|염산|불산)(?:(?:면|읍|동)사무소|[면읍]민|교차로|교회|(?:초등|중|고등)학교|시장|공원|{_PLACES})"
    rf"|감전(?:역|시장|사거리|교육|{_PLACES})"
    r"|(?:멘탈|가정|가슴이|억장이|마음이)\s?(?:붕괴|무너)|(?:사회적|외교적)\s?고립|고립(?:감|가구|청년)"
    r"|(?:죄|문제|안전|시민|책임|주인)의식|멧돼지\s?(?:고기|식당|갈비)"
    r"|(?:악성코드|랜섬웨어|바이러스에?\s?컴퓨터|컴퓨터)[^.,]{0,6}감염|감염병?\s?(?:예방|관리)"
    r"|화재\s?(?:경보|감지|보험|예방|점검|훈련)\w*|담배\s?(?:연기|냄새)|배기\s?가스"
    rf"|연기(?:했|하(?:기로|자고|려)|됐|됨|된|되(?:었|어|는)|\s?(?:학원|신청)|자들?{_ENDS})"  # put off, or on a stage
)
# What follows a danger that the caller says is not there; one that went (없어졌다가) or is asked (아니냐고) is told.
_NOT_SO = re.compile(
    r"[은는이가도]?\s?(?:없음|없습(?!니까)|없고|없다(?!가|더)|없어(?!\s?[졌지진짐져질])|없는(?!지|\s?줄)"
    r"|아님(?=\s*(?:$|[.,!)]))|아니(?:라(?!면)|고|며|다(?!가)|에요|예요)|아닙니다)(?![가-힣]*\s?\?)"
)

_BLADES = r"(?<![가-힣])(?:부엌|주방|회|커터|과일|사시미)?칼(?:을|로|에\s?찔|\s?(?:든|들|휘두|부림))"
_LEAKS = r"누출|누설|유출|냄새|폭발|새[고는요어]|샌다|샙니다|터[져졌]"
_BURNS = r"불[이길꽃]|불\s?(?:나|났|난|붙|타)|화재|연기|폭발|발화|타는|타고|열폭주"

# What crews are warned of before they arrive, in the words callers use. A thing that also stands about in peace (a gas
# station, an electric car) counts only beside a word of what happens to it.
WORDS: Sequence[tuple[str, Hazard]] = (
    (rf"흉기|식칼|과도|{_BLADES}|(?<![가-힣])(?:쇠망치|망치|손도끼|도끼)", Hazard(Text("흉기 소지", "armed"))),
    (r"총기|권총|엽총|공기총", Hazard(Text("총기 소지", "firearm"))),
    (r"폭발물|폭탄|사제폭발", Hazard(Text("폭발물", "explosives"))),
    (
        r"폭발\s?(?:위험|우려|가능|직전|사고|할\s?(?:것|거|수|듯))|폭발(?:했|함|음이|이\s?(?:나|났|일))",
        Hazard(Text("폭발 위험", "risk of explosion")),
    ),
    (
        rf"(?:가스|LPG|LNG|프로판|부탄)[^.,]{{0,8}}(?:{_LEAKS})|유독\s?가스|일산화탄소",
        Hazard(Text("가스 누출", "gas leak"), airborne=True),
    ),
    (
        (
            r"화학\s?(?:물질|약품|가스|사고|폭발|화상)|유독\s?(?:물질|성|연기|가스)|황산|염산|불산|암모니아|유해\s?(?:화학)?물질"
            r"|염소(?:\s?가스|[^.,]{0,6}(?:누출|유출|노출))|불화수소|포름알데[히하]드|포르말린|시안화|톨루엔"
        ),
        Hazard(Text("유해화학물질", "hazardous chemicals"), airborne=True),
    ),
    (
        r"감전|고압선|전(?:기|깃)?선[^.,]{0,6}(?:끊|떨어|늘어|처져|스파크|불꽃)",
        Hazard(Text("감전 위험", "electrocution")),
    ),
    (r"붕괴|무너[지져졌진질짐집]", Hazard(Text("붕괴 위험", "collapse"))),
    (r"갇힘|갇혔|갇혀|갇힌|고립", Hazard(Text("고립자 있음", "people trapped"))),
    (
        r"의식[은이도]?\s?(?:없|저하|불명|잃)|심정지|호흡[은이도]?\s?(?:없|곤란|정지)|숨[을도]?\s?(?:안|못)\s?쉬",
        Hazard(Text("의식·호흡 이상", "unconscious or not breathing")),
    ),
    (r"맹견|개(?:에게|한테)\s?물[려렸린림]|멧돼지", Hazard(Text("위험 동물", "dangerous animal"))),
    (
        r"코로나(?:\s?19)?\s?(?:확진|양성|환자|의심|감염|증상)|결핵|감염",
        Hazard(Text("감염 주의", "infectious disease")),
    ),
    (
        rf"(?:배터리|전기차|리튬)[^.,]{{0,12}}(?:{_BURNS})|(?:{_BURNS})[^.,]{{0,4}}(?:배터리|전기차|리튬)",
        Hazard(Text("배터리 화재", "battery fire"), airborne=True),
    ),
    (
        r"화재|불이\s?(?:나|났|난|붙|번)|불\s?(?:났|나고|길)|연기",
        Hazard(Text("화재·연기", "fire or smoke"), airborne=True),
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), hazard) for pattern, hazard in WORDS)


def hazards_in(words: str) -> tuple[Hazard, ...]:
    """The dangers the words name, in the table's order; a caller's words are no proof of more or less."""
    told = _INNOCENT.sub(" · ", words)
    return tuple(
        hazard
        for pattern, hazard in _PATTERNS
        if any(not _NOT_SO.match(told, found.end()) for found in pattern.finditer(told))
    )
