"""What is told of an incident in words that may name a person: sealed under its own key while that lives."""

import json
from collections.abc import Mapping
from typing import Any

from goldentime.city.incidents.incident import Incident
from goldentime.core.ids import IncidentId
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World
from goldentime.messages.report import Report


def seal_words(world: World, tx: Change, incident: Incident, words: Mapping[str, Any]) -> None:
    """Keep the words until the city's end date; what a later message leaves out stays as an earlier one told it."""
    earlier = read_words(tx, incident.id)
    merged = {**earlier, **{key: value for key, value in words.items() if value}}
    ends_at = incident.opened_at + world.rules.personal_data_kept
    tx.seal(f"incident/{incident.id}", "words", json.dumps(merged, ensure_ascii=False).encode(), ends_at=ends_at)


def words_of(report: Report) -> dict[str, Any]:
    """The parts of a report that may tell of a person."""
    return {
        "place_words": report.place_words,
        "content": report.content,
        "reporter": report.person_name,
        "items": dict(report.items),
        "notes": [note.to_dict() for note in report.notes],
    }


def read_words(look: Reading, incident: IncidentId) -> dict[str, Any]:
    """What was sealed; empty when nothing was, or when its time has come and the key is destroyed."""
    sealed = look.unseal(f"incident/{incident}", "words")
    return dict(json.loads(sealed)) if sealed else {}


def title_told(look: Reading, incident: Incident) -> str:
    """The title as it was sent or typed while the vault holds it, else what the service is called."""
    return str(read_words(look, incident.id).get("title") or incident.title)
