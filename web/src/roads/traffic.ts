/** What is drawn of the traffic: links measured lately by how they flow, and closed ones, from two answers of the server. */
import type { FeatureCollection, LineString } from "geojson";
import type { Text } from "../wire/types";

export type Scope = "for_all" | "except_emergency";
export type Closure = {
  id: string;
  links: string[];
  roads: string[];
  scope: Scope;
  reason: string;
  closed_at: string;
  until: string | null;
};
export type Traffic = {
  /** Rows of the lines belong to these roads; another one means other lines. */
  network: string;
  levels: Record<string, "flowing" | "slow" | "standing">;
  kmh: Record<string, number>;
  /** When the newest of them was measured. */
  measured_at?: string | null;
  closures: Closure[];
};
export type RoadLine = { link: string; name: string; rank: string };
export type RoadLines = FeatureCollection<LineString, RoadLine>;
/** A link near a clicked point; the nearest first. */
export type NearLink = { link: string; road: string; metres_off: number; line: [number, number][] };
export type Problem = Text | null;

export function drawnTraffic(lines: RoadLines, traffic: Traffic): FeatureCollection<LineString> {
  const closed = new Map(traffic.closures.flatMap((closure) => closure.links.map((link) => [link, closure.scope])));
  const features = lines.features.flatMap((feature) => {
    const level = traffic.levels[String(feature.id)];
    const scope = closed.get(feature.properties.link);
    if (!level && !scope) return [];
    return [{ ...feature, properties: { link: feature.properties.link, level: level ?? null, closed: scope ?? null } }];
  });
  return { type: "FeatureCollection", features };
}

const reversed = (a: NearLink, b: NearLink): boolean => {
  const [first, last] = [b.line[0], b.line.at(-1)];
  const same = (p?: [number, number], q?: [number, number]) =>
    p !== undefined && q !== undefined && Math.hypot(p[0] - q[0], p[1] - q[1]) < 0.0003;
  return same(a.line[0], last) && same(a.line.at(-1), first);
};

/** The link nearest to the click, and the one that goes back along the same street, if there is one. */
export function sidesOf(near: readonly NearLink[]): NearLink[] {
  const [first] = near;
  if (!first) return [];
  const back = near.slice(1).find((each) => reversed(first, each));
  return back ? [first, back] : [first];
}
