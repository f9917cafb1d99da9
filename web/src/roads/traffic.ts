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
  /** Where it was marked, and how far around; no radius: the road there. */
  lon: number | null;
  lat: number | null;
  radius: number;
  /** Links that are no longer on the roads as imported, and so close nothing. */
  missing_links: number;
};
/** What is one closed street to whoever reads the list. */
export type ClosedStreet = { closures: Closure[]; bothWays: boolean };
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

type Line = readonly (readonly number[])[];
const reversed = (a: Line, b: Line): boolean => {
  const same = (p?: readonly number[], q?: readonly number[]) =>
    p !== undefined && q !== undefined && Math.hypot((p[0] ?? 0) - (q[0] ?? 0), (p[1] ?? 0) - (q[1] ?? 0)) < 0.0003;
  return same(a[0], b.at(-1)) && same(a.at(-1), b[0]);
};

/** The closures as streets: two that close one street each its own way, alike in all else, are one of both ways. */
export function closedStreets(closures: readonly Closure[], lines: RoadLines | null): ClosedStreet[] {
  const wanted = new Set(closures.flatMap((closure) => closure.links));
  const line = new Map<string, Line>();
  for (const { properties, geometry } of lines?.features ?? [])
    if (wanted.has(properties.link)) line.set(properties.link, geometry.coordinates);
  const isBack = (one: string, other: string) => reversed(line.get(one) ?? [], line.get(other) ?? []);
  const likeness = (one: Closure) => JSON.stringify([one.roads, one.scope, one.reason, one.until, one.links.length]);
  const streets: ClosedStreet[] = [];
  for (const closure of closures) {
    const other = streets.find(({ closures: [first], bothWays }) => {
      if (!first || bothWays || likeness(first) !== likeness(closure)) return false;
      return closure.links.every((link) => first.links.some((back) => isBack(link, back)));
    });
    if (other) {
      other.closures.push(closure);
      other.bothWays = true;
    } else {
      const { links } = closure;
      streets.push({ closures: [closure], bothWays: links.every((one) => links.some((back) => isBack(one, back))) });
    }
  }
  return streets;
}

/** The link nearest to the click, and the one that goes back along the same street, if there is one. */
export function sidesOf(near: readonly NearLink[]): NearLink[] {
  const [first] = near;
  if (!first) return [];
  const back = near.slice(1).find((each) => reversed(first.line, each.line));
  return back ? [first, back] : [first];
}
