/** How the queue is ordered and when rows are grouped; never drops one and never groups a critical one. */
import type { IncidentSummary, Severity } from "../wire/types";

export type Row =
  | { kind: "one"; item: IncidentSummary; others?: IncidentSummary[] }
  | { kind: "group"; key: string; items: IncidentSummary[] };
export type Section = { name: "unacknowledged" | "working" | "grouped"; rows: Row[]; count: number };

const RANK: Record<Severity, number> = { critical: 0, warning: 1, caution: 2, notice: 3 };
export const GROUP_FROM = 4;

const bySeverityThenAge = (a: IncidentSummary, b: IncidentSummary) =>
  RANK[a.severity] - RANK[b.severity] || Date.parse(a.opened_at) - Date.parse(b.opened_at) || a.id.localeCompare(b.id);

/** What nobody has seen yet: a new one must not be hidden below older ones of its severity. */
const bySeverityThenNewest = (a: IncidentSummary, b: IncidentSummary) =>
  RANK[a.severity] - RANK[b.severity] || Date.parse(b.opened_at) - Date.parse(a.opened_at) || b.id.localeCompare(a.id);

/** The place to group by: the district named in the place words, or a cell of about 500 m. */
export function groupKey(item: IncidentSummary): string {
  const district = /\S+[동읍면]/.exec(item.place_words)?.[0];
  const cell = item.place ? `${Math.round(item.place.lon * 180)},${Math.round(item.place.lat * 220)}` : "";
  return `${item.service}|${item.kind}|${district ?? cell}`;
}

/** The one of joined incidents whose row it is: what nobody has acknowledged first, then the gravest, the oldest. */
const headFirst = (a: IncidentSummary, b: IncidentSummary) =>
  Number(a.acknowledged_at !== null) - Number(b.acknowledged_at !== null) || bySeverityThenAge(a, b);

/** Joined incidents together, the head first; every other one alone. */
export function joinUp(items: Iterable<IncidentSummary>): IncidentSummary[][] {
  const open = new Map([...items].map((item) => [item.id, item]));
  const seen = new Set<string>();
  const heaps: IncidentSummary[][] = [];
  for (const item of open.values()) {
    if (seen.has(item.id)) continue;
    seen.add(item.id);
    const heap = [item];
    for (const one of heap)
      for (const { id } of one.joined ?? []) {
        const other = open.get(id);
        if (!other || seen.has(id)) continue;
        seen.add(id);
        heap.push(other);
      }
    heaps.push(heap.sort(headFirst));
  }
  return heaps;
}

export function arrange(items: Iterable<IncidentSummary>): Section[] {
  const unacknowledged: IncidentSummary[] = [];
  const working: IncidentSummary[] = [];
  const others = new Map<string, IncidentSummary[]>();
  for (const [item, ...rest] of joinUp(items)) {
    if (!item) continue;
    if (rest.length > 0) others.set(item.id, rest);
    (item.acknowledged_at === null ? unacknowledged : working).push(item);
  }
  const heaps = new Map<string, IncidentSummary[]>();
  for (const item of unacknowledged)
    if (item.severity !== "critical" && !others.has(item.id))
      heaps.set(groupKey(item), [...(heaps.get(groupKey(item)) ?? []), item]);
  const grouped = new Set<string>();
  const groups: Row[] = [];
  for (const [key, heap] of heaps) {
    if (heap.length < GROUP_FROM) continue;
    heap.sort(bySeverityThenAge);
    for (const item of heap) grouped.add(item.id);
    groups.push({ kind: "group", key, items: heap });
  }
  const one = (item: IncidentSummary): Row => {
    const rest = others.get(item.id);
    return rest ? { kind: "one", item, others: rest } : { kind: "one", item };
  };
  const loose = unacknowledged.filter((item) => !grouped.has(item.id)).sort(bySeverityThenNewest);
  working.sort(bySeverityThenAge);
  const sections: Section[] = [
    { name: "unacknowledged", rows: loose.map(one), count: loose.length },
    { name: "working", rows: working.map(one), count: working.length },
    { name: "grouped", rows: groups, count: grouped.size },
  ];
  return sections.filter((section) => section.rows.length > 0);
}

/** Keeps the order a person is pointing at: what is new goes to the end, what is gone leaves its place. */
export function freeze(before: readonly Section[], after: readonly Section[]): Section[] {
  const fresh = new Map<string, Row>();
  for (const section of after) for (const row of section.rows) fresh.set(rowKey(row), row);
  const kept = before.map((section) => ({
    ...section,
    rows: section.rows.flatMap((row) => {
      const now = fresh.get(rowKey(row));
      fresh.delete(rowKey(row));
      return now ? [now] : [];
    }),
  }));
  for (const section of after) {
    const home = kept.find((each) => each.name === section.name);
    const added = section.rows.filter((row) => fresh.has(rowKey(row)));
    if (home) home.rows.push(...added);
    else if (added.length > 0) kept.push({ ...section, rows: added });
  }
  return kept
    .filter((section) => section.rows.length > 0)
    .map((section) => ({
      ...section,
      count: section.rows.reduce((sum, row) => sum + (row.kind === "one" ? 1 : row.items.length), 0),
    }));
}

export const rowKey = (row: Row): string => (row.kind === "one" ? row.item.id : row.key);

/** The ids in the order they are seen, for J and K. */
export function flatten(sections: readonly Section[], opened: ReadonlySet<string>): string[] {
  return sections.flatMap((section) =>
    section.rows.flatMap((row) =>
      row.kind === "one" ? [row.item.id] : opened.has(row.key) ? row.items.map((item) => item.id) : [],
    ),
  );
}

/** Where in the order the chosen incident is seen: its own row, or that of one it is joined with; -1 nowhere. */
export function placeOf(
  order: readonly string[],
  chosen: string | null,
  known: ReadonlyMap<string, IncidentSummary>,
): number {
  if (chosen === null) return -1;
  const own = order.indexOf(chosen);
  if (own !== -1) return own;
  const heap = joinUp(known.values()).find((each) => each.some((item) => item.id === chosen)) ?? [];
  const together = new Set(heap.map((item) => item.id));
  return order.findIndex((id) => together.has(id));
}

export type Rate = { count: number; level: "calm" | "busy" | "flood"; bars: number[] };

/** Alarms of the last ten minutes, a bar a minute; ten in ten minutes is a flood. */
export function alarmRate(items: Iterable<Pick<IncidentSummary, "opened_at">>, now: number): Rate {
  const bars = new Array<number>(10).fill(0);
  for (const { opened_at } of items) {
    const minute = Math.floor((now - Date.parse(opened_at)) / 60_000);
    if (minute >= 0 && minute < 10) bars[9 - minute] = (bars[9 - minute] ?? 0) + 1;
  }
  const count = bars.reduce((sum, each) => sum + each, 0);
  return { count, level: count >= 10 ? "flood" : count >= 5 ? "busy" : "calm", bars };
}
