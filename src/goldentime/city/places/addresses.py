"""Where an address in words lies, estimated from the city's own addresses, and how sure that is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from goldentime.city.places.boundary import Boundary, Layer, Shape
from goldentime.city.places.estimates import (
    LEAST_UNCERTAIN,
    Estimate,
    HowMatched,
    estimate_of,
    spread_of,
    told,
)
from goldentime.city.places.place import Place
from goldentime.city.places.words import (
    AddressWords,
    Building,
    Lot,
    branch_of,
    city_of,
    plain_dong,
    plain_name,
    read_address,
)
from goldentime.core.place import LonLat, distance_metres

_SHORTEST_NAME = 3
_APART_METRES = 400.0  # places of one name farther apart than this are different places
_LOTS_APART = 6  # main numbers
_NUMBERS_APART = 60  # building numbers grow by about one in 10 m, so 600 m of road


@dataclass(slots=True)
class AddressIndex:
    """The city's addresses; fill it by `build_address_index`, then it is only read."""

    lots: dict[Lot, list[LonLat]] = field(default_factory=lambda: defaultdict(list))
    main_lots: dict[tuple[str, int, bool], list[tuple[int, LonLat]]] = field(default_factory=lambda: defaultdict(list))
    roads: dict[str, list[tuple[int, int, LonLat]]] = field(default_factory=lambda: defaultdict(list))
    branches: dict[str, list[tuple[int, int, LonLat]]] = field(default_factory=lambda: defaultdict(list))
    lot_numbers: dict[tuple[str, bool], list[tuple[int, LonLat]]] = field(default_factory=lambda: defaultdict(list))
    areas: dict[str, list[LonLat]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, list[tuple[str, LonLat]]] = field(default_factory=lambda: defaultdict(list))
    outlines: dict[str, tuple[LonLat, float]] = field(default_factory=dict)
    cities: set[str] = field(default_factory=set)
    lengths: tuple[int, ...] = ()

    def find(self, words: str) -> Estimate | None:
        """The best estimate for the words, or None when they name nothing the city knows, or another city."""
        city = city_of(words)
        if city and self.cities and city not in self.cities:
            return None
        read = read_address(words)
        return (
            self._find_lot(read)
            or self._find_building(read)
            or self._find_name(words, read)
            or self._find_near_lot(read)
            or self._find_near_building(read)
            or self._find_side_street(read)
            or self._find_neighbouring_lot(read)
            or self._find_road(read)
            or self._find_area(read)
        )

    def _find_lot(self, read: AddressWords) -> Estimate | None:
        for lot in read.lots:
            points = self.lots.get(lot)
            if points:
                return estimate_of(points, HowMatched.LOT, _lot_words(lot))
        return None

    def _find_near_lot(self, read: AddressWords) -> Estimate | None:
        """Lots of one main number lie together: the nearest sub number stands for a missing one."""
        for lot in read.lots:
            known = self.main_lots.get((lot.dong, lot.main, lot.hill))
            if known:
                nearest = min(known, key=lambda one: (abs(one[0] - lot.sub), one[0], one[1].lon, one[1].lat))
                points = [nearest[1], *(point for _, point in known)]
                spread = max(distance_metres(nearest[1], point) for point in points)
                return told(nearest[1], HowMatched.NEAR_LOT, f"{lot.dong} {lot.main}-{nearest[0]}", max(150.0, spread))
        return None

    def _find_building(self, read: AddressWords) -> Estimate | None:
        for building in read.buildings:
            points = [
                place
                for number, sub, place in self.roads.get(building.road, ())
                if (number, sub) == (building.number, building.sub)
            ]
            if points:
                return estimate_of(points, HowMatched.BUILDING, _building_words(building))
        return None

    def _find_near_building(self, read: AddressWords) -> Estimate | None:
        for building in read.buildings:
            known = self.roads.get(building.road)
            if not known:
                continue
            found = _between(building, known) if building.number is not None else None
            if found:
                return found
        return None

    def _find_side_street(self, read: AddressWords) -> Estimate | None:
        """A side street leaves its road at the building number in its name: 한빛로138번길 at 한빛로 138."""
        for building in read.buildings:
            parent, number = branch_of(building.road)
            found = _between(Building(parent, number), self.branches.get(parent, ())) if parent else None
            if found:
                return told(found.place, HowMatched.SIDE_STREET, building.road, found.uncertain_metres)
        return None

    def _find_neighbouring_lot(self, read: AddressWords) -> Estimate | None:
        """In laid-out quarters main numbers run from lot to lot."""
        for lot in read.lots:
            known = self.lot_numbers.get((lot.dong, lot.hill), ())
            near = sorted((abs(n - lot.main), n, p.lon, p.lat, p) for n, p in known if abs(n - lot.main) <= _LOTS_APART)
            if near:
                closest = [place for apart, *_, place in near if apart == near[0][0]]
                return estimate_of(closest, HowMatched.NEIGHBOURING_LOT, f"{lot.dong} {near[0][1]}")
        return None

    def _find_road(self, read: AddressWords) -> Estimate | None:
        for building in read.buildings:
            known = self.roads.get(building.road) or self.branches.get(building.road)
            if known:
                return estimate_of([place for _, _, place in known], HowMatched.ROAD, building.road)
        return None

    def _find_name(self, words: str, read: AddressWords) -> Estimate | None:
        """The longest known name within the words; one that means several places needs its neighbourhood told."""
        text = plain_name(words)
        for length in self.lengths:
            for start in range(len(text) - length + 1):
                spots = self.names.get(text[start : start + length])
                found = self._one_of(spots, read) if spots else None
                if found:
                    return found
        return None

    def _one_of(self, spots: Sequence[tuple[str, LonLat]], read: AddressWords) -> Estimate | None:
        points = [place for _, place in spots]
        if spread_of(points) > _APART_METRES:
            points = [p for p in points if any(self._is_in(p, area) for area in read.areas)]
        if not points or spread_of(points) > _APART_METRES:
            return None
        return estimate_of(points, HowMatched.NAME, min(name for name, _ in spots))

    def _is_in(self, place: LonLat, area: str) -> bool:
        outline = self.outlines.get(area)
        return outline is not None and distance_metres(place, outline[0]) <= outline[1]

    def _find_area(self, read: AddressWords) -> Estimate | None:
        for area in reversed(read.areas):
            if area in self.outlines:
                centre, radius = self.outlines[area]
                return told(centre, HowMatched.NEIGHBOURHOOD, area, radius)
            points = self.areas.get(area)
            if points:
                return estimate_of(points, HowMatched.NEIGHBOURHOOD, area)
        return None


def build_address_index(
    addresses: Iterable[tuple[str, LonLat]],
    places: Iterable[Place] = (),
    *,
    boundary: Boundary | None = None,
    names: Iterable[tuple[str, LonLat]] = (),
) -> AddressIndex:
    """An index of the city's addresses (sites' and places'), names (places', crossings') and neighbourhoods."""
    index = AddressIndex()
    for words, place in addresses:
        _add_address(index, words, place)
    for one in places:
        if not one.estimated:
            _add_address(index, one.address, one.place)
        _add_name(index, one.name, one.place)
    for name, place in names:
        _add_name(index, name, place)
    for part in boundary.parts if boundary else ():
        if part.layer in {Layer.ADMIN_DONG, Layer.LEGAL_DONG}:
            name = plain_dong(part.name)
            if name not in index.outlines or part.layer == Layer.LEGAL_DONG:
                index.outlines[name] = _middle_of(part.shape)
    index.lengths = tuple(sorted({len(name) for name in index.names}, reverse=True))
    return index


def _add_address(index: AddressIndex, words: str, place: LonLat) -> None:
    read = read_address(words)
    index.cities.update(filter(None, [city_of(words)]))
    for lot in read.lots:
        index.lots[lot].append(place)
        index.main_lots[lot.dong, lot.main, lot.hill].append((lot.sub, place))
        index.lot_numbers[lot.dong, lot.hill].append((lot.main, place))
    for building in read.buildings:
        if building.number is not None:
            index.roads[building.road].append((building.number, building.sub, place))
            index.branches[building.road].append((building.number, building.sub, place))
        parent, number = branch_of(building.road)
        if parent:
            index.branches[parent].append((number, 0, place))
    for area in read.areas:
        index.areas[area].append(place)


def _add_name(index: AddressIndex, name: str, place: LonLat) -> None:
    plain = plain_name(name)
    if len(plain) >= _SHORTEST_NAME and not plain.isdigit():
        index.names[plain].append((name, place))


def _between(building: Building, known: Sequence[tuple[int, int, LonLat]]) -> Estimate | None:
    """The place between the known building numbers on either side, or beside the only near one; None when far."""
    if not known:
        return None
    wanted = building.number or 0
    before = [one for one in known if one[0] <= wanted]
    after = [one for one in known if one[0] > wanted]
    low = max(before, key=_in_order) if before else None
    high = min(after, key=_in_order) if after else None
    if low and high and high[0] - low[0] <= 2 * _NUMBERS_APART:
        share = (wanted - low[0]) / (high[0] - low[0])
        lon = low[2].lon + share * (high[2].lon - low[2].lon)
        lat = low[2].lat + share * (high[2].lat - low[2].lat)
        uncertain = max(LEAST_UNCERTAIN, distance_metres(low[2], high[2]) / 2)
        return told(LonLat(lon, lat), HowMatched.NEAR_BUILDING, f"{building.road} {low[0]}~{high[0]}", uncertain)
    near = min((one for one in (low, high) if one), key=lambda one: abs(one[0] - wanted))
    apart = abs(near[0] - wanted)
    if apart > _NUMBERS_APART:
        return None
    return told(near[2], HowMatched.NEAR_BUILDING, f"{building.road} {near[0]}", max(LEAST_UNCERTAIN, apart * 10.0))


def _in_order(one: tuple[int, int, LonLat]) -> tuple[int, int, float, float]:
    return one[0], one[1], one[2].lon, one[2].lat


def _middle_of(shape: Shape) -> tuple[LonLat, float]:
    """The middle of the largest outer ring's box, and how far its corners lie, in metres."""
    ring = max((rings[0] for rings in shape), key=len)
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    south, north = min(p[1] for p in ring), max(p[1] for p in ring)
    middle = LonLat((west + east) / 2, (south + north) / 2)
    return middle, distance_metres(middle, LonLat(east, north))


def _lot_words(lot: Lot) -> str:
    hill, sub = "산 " if lot.hill else "", f"-{lot.sub}" if lot.sub else ""
    return f"{lot.dong} {hill}{lot.main}{sub}"


def _building_words(building: Building) -> str:
    sub = f"-{building.sub}" if building.sub else ""
    return building.road if building.number is None else f"{building.road} {building.number}{sub}"
