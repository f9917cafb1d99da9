"""How a crew asks for support: on the incident's record once, however often a bad link sends it."""

import json
from datetime import datetime

from goldentime.city.audit.chain import Entry
from goldentime.city.people.account import Act, must
from goldentime.core.errors import Conflict, NotFound
from goldentime.core.fact import Fact
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.crew_bounds import find_crew_grant
from goldentime.flows.dispatch import NO_UNIT, Dispatch
from goldentime.flows.keep_note import get_incident
from goldentime.flows.ports import Change

RECENT = 200  # facts looked through for the same request


async def ask_support(dispatch: Dispatch, caller: Caller, *, request: str, words: str, at: datetime) -> bool:
    """Put the request on the incident's record; False when this very request is there already.

    `request` is the page's own number for it, `at` when it was pressed. Raises Conflict for a unit on no incident it
    may still read.
    """
    must(caller.account.role, Act.SERVE_UNIT)
    now = dispatch.world.clock.now()

    def decide(tx: Change) -> bool:
        unit = tx.find_unit(caller.account.unit) if caller.account.unit else None
        if unit is None or unit.removed_at is not None:
            raise NotFound(NO_UNIT)
        if unit.incident is None or find_crew_grant(tx, unit, now) is None:
            raise Conflict(Text("출동 중인 상황이 없습니다.", "The unit is on no incident."))
        incident = get_incident(tx, unit.incident)
        known = tx.list_newest_facts(incident.id, limit=RECENT)
        if any(one.fact.kind == "SupportAsked" and one.fact.data.get("request") == request for one in known):
            return False
        data = {"unit": unit.id, "agency": unit.agency, "by": caller.account.id, "request": request}
        position = tx.record(Fact("SupportAsked", incident.id, now, {**data, "pressed_at": at.isoformat()}))
        tx.audit(Entry(now, "SupportAsked", caller.account.id, unit.agency, incident.id, data={"unit": unit.id}))
        if words:
            body = json.dumps({"text": words, "by": unit.call_sign}, ensure_ascii=False).encode()
            ends_at = incident.opened_at + dispatch.world.rules.personal_data_kept
            tx.seal(f"incident/{incident.id}", f"note/{position}", body, ends_at=ends_at)
        return True

    return await dispatch.world.store.change(decide)
