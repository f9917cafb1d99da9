"""How an operator puts an incident where it is: its cameras are chosen anew there, and the grants move along."""

from dataclasses import replace

from goldentime.city.audit.chain import Entry
from goldentime.city.incidents.incident import Incident
from goldentime.city.incidents.states import chosen_anew, place_confirmed
from goldentime.core.ids import IncidentId
from goldentime.core.place import LonLat
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.choose_cameras import Chosen, choose_within, follow_choice
from goldentime.flows.incidents.compare_incidents import remember_moved
from goldentime.flows.incidents.keep_note import get_incident
from goldentime.flows.known_city import Located
from goldentime.flows.ports import Change
from goldentime.flows.watching.grant_agency import move_grants
from goldentime.flows.world import World


async def confirm_place(world: World, caller: Caller, incident_id: IncidentId, place: LonLat) -> Incident:
    """Put the incident where the operator says; its cameras are chosen anew and replace those granted before."""
    incident = await world.store.read(lambda look: get_incident(look, incident_id))
    choice = world.city.choose(
        Located(place), incident.kind, wanted=world.rules.cameras_wanted, radius=world.rules.radius_metres
    )

    def decide(tx: Change) -> tuple[Incident, Chosen]:
        now = world.clock.now()
        placed, fact = place_confirmed(get_incident(tx, incident_id), place, now, caller.account.id)
        placed = chosen_anew(placed, world.rules.radius_metres)
        tx.put_incident(placed)
        tx.record(fact)
        remember_moved(tx, placed, now)
        tx.audit(Entry(now, "PlaceConfirmed", caller.account.id, None, placed.id))
        chosen = choose_within(tx, placed, choice, now, anew=True)
        return placed, replace(chosen, to_cut=move_grants(world, tx, placed, chosen.picks))

    placed, chosen = await world.store.change(decide)
    await follow_choice(world, placed, chosen)
    return placed
