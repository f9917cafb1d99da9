"""How the incidents that may be, or are, one with another read as JSON for the control room; no agency is told."""

from typing import Any

from goldentime.city.incidents.incident import State
from goldentime.city.incidents.nature import NATURE_NAMES
from goldentime.city.incidents.opening import SERVICE_NAMES
from goldentime.city.incidents.pairing import Pairing, PairState
from goldentime.core.ids import IncidentId
from goldentime.flows.ports import Reading

Json = dict[str, Any]
_NAMES = {PairState.SUGGESTED: "alike", PairState.JOINED: "joined", PairState.APART: "apart"}


def pairings_of(look: Reading, incident: IncidentId) -> dict[str, list[Json]]:
    """`alike` those suggested and `apart` those told apart, both open, and `joined`; the likeliest first."""
    told: dict[str, list[Json]] = {name: [] for name in _NAMES.values()}
    own = look.find_incident(incident)
    is_open = own is not None and own.state is State.OPEN
    for pairing in look.list_pairings(incident):
        row = _row(look, pairing, incident) if pairing.state in _NAMES else None
        if row is not None and (pairing.state is PairState.JOINED or (is_open and row["state"] == State.OPEN.value)):
            told[_NAMES[pairing.state]].append(row)
    return told


def _row(look: Reading, pairing: Pairing, incident: IncidentId) -> Json | None:
    other = look.find_incident(pairing.other(incident))
    if other is None:
        return None
    mine, theirs = pairing.first_nature, pairing.second_nature
    if incident != pairing.first:
        mine, theirs = theirs, mine
    agency = look.find_agency(other.agency) if other.agency else None
    return {
        "id": other.id,
        "number": other.number,
        "service": other.service.value,
        "service_name": SERVICE_NAMES[other.service].to_dict(),
        "agency": {"id": agency.id, "name": agency.name.to_dict()} if agency else None,
        "state": other.state.value,
        "metres": pairing.metres,
        "seconds": round(pairing.seconds),
        "nature": NATURE_NAMES[mine].to_dict(),
        "other_nature": NATURE_NAMES[theirs].to_dict(),
        "cause": pairing.cause.value,
        "at": pairing.at.isoformat(),
    }
