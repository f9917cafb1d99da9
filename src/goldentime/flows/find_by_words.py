"""What the command line finds for a few typed letters: incidents, cameras, sites, places and addresses."""

from typing import Any

from goldentime.city.incidents.incident import State
from goldentime.city.incidents.sight import Wanted
from goldentime.city.places.words import plain_words
from goldentime.core.ids import CameraId
from goldentime.flows.caller import Caller
from goldentime.flows.incidents.see_incidents import sight_of
from goldentime.flows.ports import Reading
from goldentime.flows.words import title_told
from goldentime.flows.world import World

MOST_FOUND = 10
OPEN_INCIDENTS_SEARCHED = 5000
TITLES_SEARCHED = 500


async def find_by_words(world: World, caller: Caller, words: str) -> list[dict[str, Any]]:
    """Up to ten hits, incidents the caller may see first; each `type id label detail lon lat`; raises Refused."""
    running = Wanted(sight_of(caller, in_force_at=world.clock.now()), State.OPEN)
    wanted = plain_words(words)
    if not wanted:
        return []
    hits = await world.store.read(lambda look: _incidents(look, running, wanted))
    camera = world.city.index.find(CameraId(words.strip()))
    if camera is not None:
        hits.append(_hit("camera", camera.id, (camera.id, world.city.site_name(camera.id)), camera.place))
    for site_id, name, searched in world.city.site_words:
        if len(hits) >= MOST_FOUND:
            return hits[:MOST_FOUND]
        if wanted in searched:
            site = world.city.sites[site_id]
            hits.append(_hit("site", site_id, (name, site.address), site.place))
    for place in world.city.places:
        if len(hits) < MOST_FOUND and wanted in plain_words(f"{place.name} {place.address}"):
            hits.append(_hit("place", place.id, (place.name, place.address), place.place))
    if not hits:
        located = world.city.locate(None, facility=None, words=words)
        if located is not None and located.estimated is not None:
            hits.append(_hit("address", words, (words, located.estimated.ko), located.place))
    return hits[:MOST_FOUND]


def _incidents(look: Reading, running: Wanted, wanted: str) -> list[dict[str, Any]]:
    """Those whose number or title has the words; titles are in the vault, so of the newest only."""
    hits: list[dict[str, Any]] = []
    for row, incident in enumerate(look.list_seen(running, limit=OPEN_INCIDENTS_SEARCHED)):
        title = title_told(look, incident) if row < TITLES_SEARCHED else incident.title
        if wanted in plain_words(f"{incident.number} {title}"):
            hits.append(_hit("incident", incident.id, (incident.number, title), incident.place))
            if len(hits) == MOST_FOUND:
                break
    return hits


def _hit(kind: str, key: str, words: tuple[str, str], place: Any) -> dict[str, Any]:
    where = {"lon": place.lon, "lat": place.lat} if place else {"lon": None, "lat": None}
    return {"type": kind, "id": key, "label": words[0], "detail": words[1], **where}
