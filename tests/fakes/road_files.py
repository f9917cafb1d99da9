"""Small files of roads, written for each test: OpenStreetMap as XML, lines as GeoJSON, shapefiles and their zips."""

import io
import zipfile
from xml.sax.saxutils import quoteattr

import shapefile

METRE = 1 / 111_195  # degrees of latitude

# a crossing of four streets: 0 in the middle, 1 north, 2 east, 3 south, 4 west
PLACES = {0: (127.0, 37.3), 1: (127.0, 37.301), 2: (127.001, 37.3), 3: (127.0, 37.299), 4: (126.999, 37.3)}
NORTH, EAST, SOUTH, WEST = 11, 12, 13, 14
STAR = {NORTH: (0, 1), EAST: (0, 2), SOUTH: (0, 3), WEST: (0, 4)}


def xml(ways, *, nodes=None, relations=(), places=PLACES) -> bytes:
    """An extract: `ways` by id as (refs, tags) or refs, `nodes` tags by id, `relations` as (tags, members)."""
    out = ["<osm version='0.6'>"]
    for ref, (lon, lat) in places.items():
        out += [f"<node id='{ref}' lon='{lon}' lat='{lat}' version='1'>", *_tags((nodes or {}).get(ref, {})), "</node>"]
    for way, what in ways.items():
        refs, tags = what if isinstance(what[-1], dict) else (what, {})
        out += [f"<way id='{way}' version='1'>", *(f"<nd ref='{ref}'/>" for ref in refs)]
        out += [*_tags({"highway": "residential"} | tags), "</way>"]
    for number, (tags, members) in enumerate(relations, 1):
        out += [f"<relation id='{number}' version='1'>"]
        out += [f"<member type='{kind}' ref='{ref}' role='{role}'/>" for role, kind, ref in members]
        out += [*_tags({"type": "restriction"} | tags), "</relation>"]
    return "".join([*out, "</osm>"]).encode()


def _tags(tags):
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]


def turn(restriction, first, last, via=("node", 0), **tags):
    members = [("from", "way", first), ("via", *via), ("to", "way", last)]
    return {"restriction": restriction} | tags, members


def line(*points, **properties):
    """A road through points given in metres north and east of a spot on the equator, where both are alike."""
    coordinates = [[127 + x * METRE, y * METRE] for x, y in points]
    return {
        "type": "Feature",
        "properties": {"도로명": "한빛로"} | properties,
        "geometry": {"type": "LineString", "coordinates": coordinates},
    }


def shapefiles(points, *, encoding="cp949", name="도로", **fields):
    """The parts of a shapefile with one line, by suffix."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
        for field in fields or {"RN": ""}:
            writer.field(field, "C", 40)
        writer.line([points])
        writer.record(**(fields or {"RN": name}))
    return {".shp": shp.getvalue(), ".shx": shx.getvalue(), ".dbf": dbf.getvalue()}


def zipped(**layers):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for stem, parts in layers.items():
            for suffix, data in parts.items():
                packed.writestr(f"folder/{stem}{suffix}", data)
    return out.getvalue()
