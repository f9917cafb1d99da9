"""How an operator joins two incidents, tells them apart and takes it back over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from goldentime.city.incidents.pairing import PairStep
from goldentime.city.people.account import Act
from goldentime.core.ids import IncidentId
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.pairings import pairings_of
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.join_incidents import step_pairing
from goldentime.flows.world import World


def router(world: World, gate: Gate) -> APIRouter:
    """The one route under /api/incidents/{id}/pairings."""
    api = APIRouter(prefix="/api/incidents", tags=["incidents"])
    handles = Annotated[Caller, Depends(gate.requiring(Act.HANDLE_INCIDENTS))]

    @api.post("/{incident_id}/pairings/{other_id}/{step}")
    async def stepped(caller: handles, incident_id: str, other_id: str, step: PairStep) -> dict[str, Any]:
        await step_pairing(world, caller, IncidentId(incident_id), IncidentId(other_id), step)
        return await world.store.read(lambda look: pairings_of(look, IncidentId(incident_id)))

    return api
