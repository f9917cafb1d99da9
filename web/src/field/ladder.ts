/** Which picture a link can carry: stills, small stills in quick succession, or the live picture. */

export type Rung = "still" | "low" | "full";
export const STILLS: Record<Exclude<Rung, "full">, { width: number; everyMs: number }> = {
  still: { width: 320, everyMs: 4000 },
  low: { width: 480, everyMs: 900 },
};
/** A still of this many milliseconds is quick enough for the next rung; slower than the other is too slow for this one. */
const UP_MS: Record<Rung, number> = { still: 900, low: 350, full: 0 };
const DOWN_MS: Record<Rung, number> = { still: Number.POSITIVE_INFINITY, low: 1800, full: 4000 };
const SURE: Record<Rung, number> = { still: 2, low: 3, full: 1 };
export const TRY_AGAIN_MS = 20_000;

export type Ladder = { rung: Rung; good: number; notBefore: number };
export const bottom: Ladder = { rung: "still", good: 0, notBefore: 0 };

/** The ladder after a still that took `ms`, or after the live picture stood still for `ms`; null: it did not come at all. */
export function after(ladder: Ladder, ms: number | null, now: number): Ladder {
  const { rung } = ladder;
  if (ms === null || ms > DOWN_MS[rung])
    return { rung: rung === "full" ? "low" : "still", good: 0, notBefore: now + TRY_AGAIN_MS };
  if (rung === "full" || ms > UP_MS[rung]) return { ...ladder, good: 0 };
  const good = ladder.good + 1;
  if (good < SURE[rung] || now < ladder.notBefore) return { ...ladder, good };
  return { rung: rung === "still" ? "low" : "full", good: 0, notBefore: ladder.notBefore };
}
