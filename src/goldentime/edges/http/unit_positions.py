"""Where the units are now, for a page that has just opened; from then on the live feed tells what moves."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from goldentime.city.people.account import Act
from goldentime.edges.http.auth import Gate
from goldentime.edges.wire.unit_positions import every
from goldentime.flows.caller import Caller
from goldentime.flows.units.see_units import list_seen_units
from goldentime.flows.world import World


def router(world: World, gate: Gate) -> APIRouter:
    """`GET /api/unit-positions`."""
    api = APIRouter(prefix="/api", tags=["units"])

    @api.get("/unit-positions")
    async def listed(
        response: Response, caller: Annotated[Caller, Depends(gate.requiring(Act.SEE_INCIDENTS))]
    ) -> dict[str, Any]:
        response.headers["Cache-Control"] = "no-store"
        now = world.clock.now()
        tracked = world.positions.all()
        seen = await world.store.read(lambda look: list_seen_units(look, tracked, caller, now))
        return {**every(seen), "now": now.isoformat()}

    return api
