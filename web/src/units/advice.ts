/** What an advice means for the screen: who is on the call, who would go at one key, who else could. */
import type { Advice, Step, Suggested, Unit } from "./types";

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
