/** How a stamp is set right: the moment as it is typed, in Seoul's time, and what the server is told. */
import { api } from "../wire/http";
import type { StampAt } from "./types";

const seoul = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Seoul",
  ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
});

/** As `<input type="datetime-local" step="1">` holds it, whatever zone the machine is set to. */
export const typed = (at: number | string): string => seoul.format(new Date(at)).replace(" ", "T");

/** The moment typed, or null when it is none; an input leaves whole minutes without their seconds. */
export function momentOf(value: string): string | null {
  const at = new Date(`${value.length === 16 ? `${value}:00` : value}+09:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const path = (incident: string, stamp: string) => `/api/incidents/${encodeURIComponent(incident)}/clock/${stamp}`;
export const correct = (wrong: Wrong, at: string, reason: string): Promise<unknown> =>
  api.post(path(wrong.incident, wrong.stamp.stamp), {
    at,
    reason,
    ...(wrong.agency ? { agency: wrong.agency } : {}),
  });
/** `at` is the correction that the person sees: one made elsewhere since is not undone in its place. */
export const takeBack = (wrong: Wrong, at: string | null): Promise<unknown> => {
  const asked = new URLSearchParams();
  if (wrong.agency) asked.set("agency", wrong.agency);
  if (at) asked.set("at", at);
  const said = asked.toString();
  return api.remove(path(wrong.incident, wrong.stamp.stamp) + (said ? `?${said}` : ""));
};

/** What is being set right: one stamp of one incident, of an agency's clock or of the whole; and when it was called in. */
export type Wrong = { incident: string; agency?: string | null; number: string; stamp: StampAt; called: string | null };
