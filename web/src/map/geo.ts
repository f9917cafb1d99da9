/** Small geometry for drawing: rings and sectors on the ground, in lon/lat and metres. */
import type { LngLat } from "../wire/types";

const METRES_PER_DEGREE = 111_195;
const rad = (degrees: number) => (degrees * Math.PI) / 180;

/** The point `metres` away towards `bearing` (degrees clockwise from north); good to 0.1 % within a few kilometres. */
export function towards([lon, lat]: LngLat, bearing: number, metres: number): LngLat {
  const north = (metres * Math.cos(rad(bearing))) / METRES_PER_DEGREE;
  const east = (metres * Math.sin(rad(bearing))) / (METRES_PER_DEGREE * Math.cos(rad(lat)));
  return [lon + east, lat + north];
}

export function metresBetween([aLon, aLat]: LngLat, [bLon, bLat]: LngLat): number {
  const east = (bLon - aLon) * Math.cos(rad((aLat + bLat) / 2));
  return Math.hypot(east, bLat - aLat) * METRES_PER_DEGREE;
}

/** Degrees clockwise from north, 0 to 360. */
export function bearingTo([aLon, aLat]: LngLat, [bLon, bLat]: LngLat): number {
  const east = (bLon - aLon) * Math.cos(rad((aLat + bLat) / 2));
  return (Math.atan2(east, bLat - aLat) * (180 / Math.PI) + 360) % 360;
}

export function ring(centre: LngLat, metres: number, corners = 96): LngLat[] {
  return Array.from({ length: corners + 1 }, (_, index) => towards(centre, (360 / corners) * index, metres));
}

/** Pixel offsets that keep numbers apart which stand at one pole, or nearly: around it in a small circle. */
export function spread(places: readonly LngLat[], nearMetres = 18): [number, number][] {
  return places.map((place, index) => {
    const together = places.flatMap((other, at) => (metresBetween(place, other) <= nearMetres ? [at] : []));
    if (together.length < 2) return [0, 0];
    const angle = ((2 * Math.PI) / together.length) * together.indexOf(index) - Math.PI / 2;
    const radius = together.length === 2 ? 14 : 18;
    return [Math.round(Math.cos(angle) * radius), Math.round(Math.sin(angle) * radius)];
  });
}

/** A pie from the camera over its field; a field of 360 is the whole ring. */
export function sector(at: LngLat, bearing: number, field: number, reach: number): LngLat[] {
  if (field >= 360) return ring(at, reach, 48);
  const steps = Math.max(4, Math.round(field / 6));
  const arc = Array.from({ length: steps + 1 }, (_, index) =>
    towards(at, bearing - field / 2 + (field / steps) * index, reach),
  );
  return [at, ...arc, at];
}
