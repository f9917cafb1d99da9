"""How a demo has a simulated data portal beside it: its weather, and the city's own emergency rooms with beds."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from goldentime.city.places.place import Place, PlaceKind
from goldentime.core.clock import Clock
from goldentime.sim.portal.gateway import Portal
from goldentime.sim.portal.rooms import SimRoom

SILENT_FOR = timedelta(minutes=52)  # one hospital in five has stopped typing in, as they do at night
_MOST_BEDS = 60


@dataclass(frozen=True, slots=True)
class PortalBeside:
    """Where it listens, the key it knows, and the provinces its rooms are in."""

    url: str
    key: str
    areas: tuple[str, ...]


@contextlib.asynccontextmanager
async def portal_beside(places: Sequence[Place], clock: Clock) -> AsyncIterator[PortalBeside]:
    """A portal for the emergency rooms among the city's places."""
    rooms = sim_rooms(places)
    portal = Portal(secrets.token_urlsafe(24), clock, rooms=rooms)
    url = await portal.start()
    areas = tuple(sorted({room.address.split()[0] for room in rooms if room.address.split()}))
    try:
        yield PortalBeside(url, portal.key, areas)
    finally:
        await portal.stop()


def sim_rooms(places: Sequence[Place]) -> list[SimRoom]:
    """The rooms as the service would list them, names without spaces; every fifth, from the fourth on, is behind."""
    rooms = sorted((one for one in places if one.kind is PlaceKind.EMERGENCY_ROOM), key=lambda one: one.id)
    return [
        SimRoom(
            code=f"A{9_900_001 + number}",
            name=room.name.replace(" ", ""),
            phone=room.phone,
            address=room.address,
            beds=_beds(room),
            behind=SILENT_FOR if number % 5 == 3 else timedelta(),
        )
        for number, room in enumerate(rooms)
    ]


def _beds(room: Place) -> int:
    told = next((value for value in map(room.extra.get, ("cap", "병상수", "병상")) if value and value.isdigit()), "20")
    return min(_MOST_BEDS, int(told))
