"""Which dangers a report's own words name, so that a crew reads them first."""

import re
from collections.abc import Mapping

from goldentime.core.text import Text

# What crews are warned of before they arrive, in the words callers use; the first that fits of a row counts.
WORDS: Mapping[str, Text] = {
    r"흉기|식칼|과도|칼을|칼로|망치|도끼": Text("흉기 소지", "armed"),
    r"총기|권총|엽총|공기총": Text("총기 소지", "firearm"),
    r"폭발물|폭탄|사제폭발": Text("폭발물", "explosives"),
    r"가스\s?(누출|냄새|폭발)|LPG|LNG|도시가스": Text("가스 누출", "gas leak"),
    r"화학|유독|황산|염산|불산|암모니아|유해물질": Text("유해화학물질", "hazardous chemicals"),
    r"감전|고압선|전선이": Text("감전 위험", "electrocution"),
    r"붕괴|무너": Text("붕괴 위험", "collapse"),
    r"갇힘|갇혔|고립": Text("고립자 있음", "people trapped"),
    r"의식\s?(없|저하|불명)|심정지|호흡\s?(없|곤란)": Text("의식·호흡 이상", "unconscious or not breathing"),
    r"맹견|개에게\s?물|멧돼지": Text("위험 동물", "dangerous animal"),
    r"코로나|결핵|감염": Text("감염 주의", "infectious disease"),
    r"배터리|전기차|리튬": Text("배터리 화재", "battery fire"),
}
_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in WORDS.items())


def hazards_in(words: str) -> tuple[Text, ...]:
    """The dangers the words name, in the table's order; a caller's words are no proof of more or less."""
    return tuple(text for pattern, text in _PATTERNS if pattern.search(words))
