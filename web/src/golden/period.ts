/** Which days are asked for, and with which they are compared. */
import { serverNow } from "../words/time";

export type Compare = "previous" | "year" | "own";
export type Days = { since: string; until: string };
/** Empty days are those the server gives when nobody asks for others. */
export type Filter = Days & { drill: boolean; compare: Compare; own: Days };

export const NO_DAYS: Days = { since: "", until: "" };

/** The server takes none before it. */
export const FIRST_DAY = "2000-01-01";
const isDay = (day: string): boolean => day >= FIRST_DAY && day <= today();
/** Whether its year is whole; while 2026 is typed it is of the years 0002, 0020 and 0202. */
export const isTyped = (day: string): boolean => /^[1-9]\d{3,}-/.test(day);

export type Wrong = "outside" | "reversed";
/** What is wrong with days; `outside` is said of one of them, `reversed` of both. */
export function wrongDays({ since, until }: Days): { since: Wrong | null; until: Wrong | null } | null {
  const outside = (day: string) => (day === "" || isDay(day) ? null : "outside");
  const wrong: { since: Wrong | null; until: Wrong | null } = { since: outside(since), until: outside(until) };
  if (wrong.since || wrong.until) return wrong;
  return since && until && since > until ? { since: "reversed", until: "reversed" } : null;
}
export const areWrong = (filter: Filter): boolean =>
  wrongDays(filter) !== null || (filter.compare === "own" && wrongDays(filter.own) !== null);

/** The same day a year before; 29 February becomes the 28th. */
export function yearBefore(day: string): string {
  const [year, rest] = [Number(day.slice(0, 4)) - 1, day.slice(4)];
  return rest === "-02-29" ? `${year}-02-28` : `${String(year).padStart(4, "0")}${rest}`;
}

/** The days to compare with; none where the server takes the period just before. */
export function compared(filter: Filter, period: Days): Days | null {
  if (filter.compare === "previous") return null;
  if (filter.compare === "own") return filter.own.since && filter.own.until ? filter.own : null;
  const since = filter.since || period.since;
  const until = filter.until || period.until;
  return since && until ? { since: yearBefore(since), until: yearBefore(until) } : null;
}

export function query(filter: Filter, period: Days, more: Record<string, string | null> = {}): string {
  const other = compared(filter, period);
  const parts: [string, string | null][] = [
    ["drill", String(filter.drill)],
    ["since", filter.since],
    ["until", filter.until],
    ["compare_since", other?.since ?? null],
    ["compare_until", other?.until ?? null],
    ...Object.entries(more),
  ];
  return parts.flatMap(([name, value]) => (value ? [`${name}=${encodeURIComponent(value)}`] : [])).join("&");
}

/** Today in Seoul, which is the last day there can be anything of. */
export const today = (): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Seoul" }).format(new Date(serverNow()));
