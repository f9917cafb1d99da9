"""How a person's own words join an incident's record: sealed in the vault, a fact only says that they are there."""

import json

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident
from goldentime.core.errors import NotFound
from goldentime.core.fact import Fact
from goldentime.core.ids import IncidentId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.outgoing.tell_agencies import tell_action
from goldentime.flows.ports import Change, Reading
from goldentime.flows.world import World


def get_incident(look: Reading, incident_id: IncidentId) -> Incident:
    """The incident; raises NotFound."""
    incident = look.find_incident(incident_id)
    if incident is None:
        raise NotFound(Text("그런 상황이 없습니다.", "There is no such incident."))
    return incident


def keep_note(world: World, tx: Change, incident: Incident, caller: Caller, text: str) -> None:
    """Add one note; the words go to the vault under the incident's key."""
    now = world.clock.now()
    position = tx.record(Fact("NoteKept", incident.id, now, {"by": caller.account.id}))
    body = json.dumps({"text": text, "by": caller.person}, ensure_ascii=False).encode()
    tx.seal(
        f"incident/{incident.id}",
        f"note/{position}",
        body,
        ends_at=incident.opened_at + world.rules.personal_data_kept,
    )


async def add_note(world: World, caller: Caller, incident_id: IncidentId, text: str) -> None:
    """Keep an operator's note on an incident, open or closed; raises NotFound."""
    await world.store.change(lambda tx: keep_note(world, tx, get_incident(tx, incident_id), caller, text))


async def note_action(world: World, caller: Caller, incident_id: IncidentId, text: str) -> int:
    """Keep what was done (조치사항) as a note and tell its agencies; how many messages go out. Raises NotFound."""

    def decide(tx: Change) -> int:
        incident = get_incident(tx, incident_id)
        keep_note(world, tx, incident, caller, text)
        tx.audit(Entry(world.clock.now(), "ActionTold", caller.account.id, None, incident.id))
        return tell_action(world, tx, incident, text)

    return await world.store.change(decide)
