/** What an advice means for the screen: who is on the call, who would go at one key, who else could. */
import type { Advice, Sent, Step, Suggested, Unit } from "./types";

export type Sorted = { onCall: Suggested[]; suggested: Suggested[]; others: Suggested[]; away: Suggested[] };

/** Everybody once: on the call, suggested, able to go, and those who cannot go now. */
export function sorted(advice: Advice): Sorted {
  const of = (...kinds: Suggested["fitness"][]) => advice.suggested.filter((each) => kinds.includes(each.fitness));
  return {
    onCall: of("committed"),
    suggested: of("suggested"),
    others: of("possible", "held"),
    away: of("busy", "unreachable"),
  };
}

/** Which agencies the incident must be shared with before these units may go. */
export const toShareWith = (units: readonly Suggested[]): string[] => [
  ...new Set(units.filter((each) => each.needs_sharing).map((each) => each.unit.agency.id)),
];

const NEXT: Record<string, Step | undefined> = {
  ordered: "depart",
  en_route: "arrive",
  on_scene: "clear",
  clear: "return",
};

/** The step that usually comes next, when the caller may take it. */
export function nextStep(unit: Unit): Step | null {
  const step = NEXT[unit.state];
  return step && unit.may.includes(step) ? step : null;
}

/** Units still on the scene of what is over, those asked first. */
export const stillThere = (units: readonly Unit[]): Unit[] =>
  units
    .filter((unit) => unit.state === "on_scene" && unit.incident && !unit.incident.open)
    .sort((a, b) => Number(b.asked_at !== null) - Number(a.asked_at !== null) || a.id.localeCompare(b.id));

/** Units whose crews ask for support that nobody has heard yet, the longest waiting first. */
export const askingSupport = (units: readonly Unit[]): Unit[] =>
  units
    .filter((unit) => unit.support_at !== null && unit.support_heard_at === null)
    .sort((a, b) => Date.parse(a.support_at ?? "") - Date.parse(b.support_at ?? ""));

/** The call signs that more than one of these units has. */
export function sharedSigns(units: readonly Unit[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const unit of units) {
    if (seen.has(unit.call_sign)) shared.add(unit.call_sign);
    seen.add(unit.call_sign);
  }
  return shared;
}

/** The unit's call sign, with its code where another goes by the same. */
export const signOf = (unit: Unit, shared: ReadonlySet<string>): string =>
  shared.has(unit.call_sign) ? `${unit.call_sign} (${unit.code})` : unit.call_sign;

export const UNDO_MS = 10_000; // from the order itself, by the server's clock
const GRACE_MS = 2_000; // a key pressed at "1 s" still counts
const WORDS_MS = 10_000; // how long it is said that the time is over

/** When the orders were given, in the server's milliseconds; `now` when none tells. */
export const orderedAt = (sent: readonly Sent[], now: number): number =>
  sent.length === 0 ? now : Math.min(...sent.map((each) => Date.parse(each.order.at)));

/** Whether the advice still suggests who was just sent: made before the order, it does not know of it. */
export const isBehind = (advice: Advice, sent: { units: readonly { id: string }[]; at: number } | null): boolean =>
  sent !== null &&
  Date.parse(advice.at) <= sent.at &&
  advice.suggested.some((row) => row.fitness === "suggested" && sent.units.some((unit) => unit.id === row.unit.id));

export type UndoNow = { state: "open"; seconds: number } | { state: "over" } | null;

/** How an order can still be taken back at one key: so many seconds more, no longer, or said long enough (null). */
export function undoNow(at: number, now: number): UndoNow {
  const left = at + UNDO_MS - now;
  if (left > -GRACE_MS) return { state: "open", seconds: Math.max(1, Math.ceil(left / 1000)) };
  return left > -GRACE_MS - WORDS_MS ? { state: "over" } : null;
}
