"""Every act on record has its words in both languages."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

from goldentime.city.audit.chain import Entry
from goldentime.city.audit.words import WORDS, words_for

PAST_TENSE = (
    r"(?=\w+[a-z][A-Z])([A-Z][a-z]+)+([a-z]ed|Made|Taken|Kept|Read|Sent|Told|Apart|Back|Again|In|Out|On|Off|Up)"
)
FACTS_ONLY = {
    "CamerasChosen",
    "CameraFailed",
    "CameraRecovered",
    "IncidentUpdated",
    "LateReportKept",
    "AgencyReceived",
    "AgencyTold",
    "EndingAsked",
    "AgencyNotTold",
    "IncidentsCompared",  # two reports weighed anew: what is done about them is on record
    *("UnitAsked", "UnitStayed"),
    *("UnitOrdered", "UnitCalledBack"),  # the order itself is on record
}
SOURCE = Path(__file__).parents[2] / "src" / "goldentime"


def test_every_act_on_record_in_the_source_has_words() -> None:
    said = {action for path in SOURCE.rglob("*.py") for action in actions_in(path)}
    assert {
        "ViewOpened",
        "SignedIn",
        "IncidentTaken",
        "GrantWidened",
        "AccountDisabled",
    } <= said  # the search finds them
    assert said - FACTS_ONLY <= set(WORDS)
    assert set(WORDS) <= said


def test_the_words_tell_the_reason_and_how_long_it_took() -> None:
    entry = Entry(
        datetime(2026, 11, 23, tzinfo=UTC), "ViewEnded", "acc-kim", data={"ending": "closed", "seconds": 83.2}
    )
    assert words_for(entry).ko == "영상 열람이 끝남 — 상황 종결, 83초"
    assert words_for(entry).en == "A live view ended: incident closed, 83 s"


def actions_in(path: Path) -> set[str]:
    """The acts a file may put on record: in its rooms every name in the past tense."""
    nodes = ast.walk(ast.parse(path.read_text()))
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    if not {"flows", "incidents", "grants", "cameras", "http", "units"} & set(path.parent.parts):
        return set()
    return {word for word in words if re.fullmatch(PAST_TENSE, word)}
