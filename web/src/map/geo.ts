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

export type Pixel = [number, number];

/** Offsets in pixels that keep round marks `apart` from each other and from `fixed`; those with room keep their place. */
export function pushApart(marks: readonly Pixel[], fixed: readonly Pixel[], apart = 26): Pixel[] {
  const now = marks.map(([x, y], index): Pixel => [x + Math.cos(index * 2.4) * 0.01, y + Math.sin(index * 2.4) * 0.01]);
  for (let round = 0; round < 40; round += 1)
    now.forEach((mark, index) => {
      const others = [
        ...fixed.map((each) => ({ each, share: 1 })),
        ...now.map((each, at) => ({ each, share: at === index ? 0 : 0.5 })),
      ];
      for (const { each, share } of others) {
        const [dx, dy] = [mark[0] - each[0], mark[1] - each[1]];
        const far = Math.hypot(dx, dy) || 0.01;
        if (share === 0 || far >= apart) continue;
        mark[0] += (dx / far) * (apart - far) * share;
        mark[1] += (dy / far) * (apart - far) * share;
      }
    });
  return now.map((mark, index) => {
    const [x, y] = marks[index] as Pixel;
    return [Math.round(mark[0] - x), Math.round(mark[1] - y)];
  });
}

/** A mark and the words right of it, so many pixels wide from `since` on, as spots that others keep apart from. */
export function withWords([x, y]: Pixel, since: number, width: number): Pixel[] {
  const steps = width > 0 ? Math.ceil(width / 20) : 0;
  const spots = Array.from({ length: steps }, (_, at): Pixel => [x + since + (width * (at + 0.5)) / steps, y]);
  return [[x, y], ...spots];
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
