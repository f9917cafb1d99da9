/** Which picture a link can carry: stills, low video (quick small stills where the camera has none), or the full picture. */

export type Rung = "still" | "low" | "full";
export const STILLS: Record<Exclude<Rung, "full">, { width: number; everyMs: number }> = {
  still: { width: 320, everyMs: 4000 },
  low: { width: 480, everyMs: 900 },
};
/** On the low video a still of this width is timed now and then: what it takes says whether the full picture fits. */
export const PROBE = { width: 480, everyMs: 2500 };
/** A still of this many milliseconds is quick enough for the next rung; slower than the other is too slow for this one. */
const UP_MS: Record<Rung, number> = { still: 900, low: 350, full: 0 };
const DOWN_MS: Record<Rung, number> = { still: Number.POSITIVE_INFINITY, low: 1800, full: 4000 };
const SURE: Record<Rung, number> = { still: 1, low: 3, full: 1 };
/** A picture that moves and has not for so long: the link does not carry it. */
export const STALLED_MS = 4000;
export const TRY_AGAIN_MS = 20_000;
const LONGEST_MS = 160_000;

export type Ladder = { rung: Rung; good: number; notBefore: number; waits: number };
export const bottom: Ladder = { rung: "still", good: 0, notBefore: 0, waits: TRY_AGAIN_MS };

const lower = ({ rung, waits }: Ladder, now: number): Ladder => ({
  rung: rung === "full" ? "low" : "still",
  good: 0,
  notBefore: now + waits,
  waits: Math.min(LONGEST_MS, waits * 2), // what failed again is tried ever more seldom
});

/** The ladder after a still that took `ms`, or after the live picture stood still for `ms`; null: it did not come at all. */
export function after(ladder: Ladder, ms: number | null, now: number): Ladder {
  const { rung } = ladder;
  if (ms === null || ms > DOWN_MS[rung]) return lower(ladder, now);
  if (rung === "full" || ms > UP_MS[rung]) return { ...ladder, good: 0 };
  const good = ladder.good + 1;
  if (good < SURE[rung] || now < ladder.notBefore) return { ...ladder, good };
  return { ...ladder, rung: rung === "still" ? "low" : "full", good: 0 };
}

/** The ladder after a moving picture has stood still for `ms`. */
export const stalled = (ladder: Ladder, ms: number, now: number): Ladder =>
  ladder.rung !== "still" && ms > STALLED_MS ? lower(ladder, now) : ladder;
