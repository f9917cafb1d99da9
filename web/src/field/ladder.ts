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
/** A picture that has not moved for so long, or shows what was so long ago: the link does not carry it. */
export const STALLED_MS = 4000;
/** One that has not begun: the link may still be busy with what the rung above sent; stills go on meanwhile. */
export const BEGINS_WITHIN_MS = 8000;
export const TRY_AGAIN_MS = 20_000;
const LONGEST_MS = 160_000;
/** A rung that held for so long was no failed try: the link has changed since. */
const HELD_MS = 30_000;

/** Pictures left out twice within so long: the link catches up only to fall behind again. Once may be a bridge. */
export const SEESAW_MS = 20_000;

/** `since` when the rung was reached, `overran` when pictures were last left out on it (0: not yet); `notBefore` when a
 * higher one may be tried, `waits` how long after the next fall. */
export type Ladder = { rung: Rung; since: number; overran: number; good: number; notBefore: number; waits: number };
export const bottom: Ladder = { rung: "still", since: 0, overran: 0, good: 0, notBefore: 0, waits: TRY_AGAIN_MS };

function lower({ rung, since, waits }: Ladder, now: number): Ladder {
  const wait = now - since > HELD_MS ? TRY_AGAIN_MS : waits;
  const next = Math.min(LONGEST_MS, wait * 2); // what failed again is tried ever more seldom
  const below = rung === "full" ? "low" : "still";
  return { rung: below, since: now, overran: 0, good: 0, notBefore: now + wait, waits: next };
}

/** The ladder after a still that took `ms`, or after the live picture stood still for `ms`; null: it did not come at all. */
export function after(ladder: Ladder, ms: number | null, now: number): Ladder {
  const { rung } = ladder;
  if (ms === null || ms > DOWN_MS[rung]) return lower(ladder, now);
  if (rung === "full" || ms > UP_MS[rung]) return { ...ladder, good: 0 };
  const good = ladder.good + 1;
  if (good < SURE[rung] || now < ladder.notBefore) return { ...ladder, good };
  return { ...ladder, rung: rung === "still" ? "low" : "full", since: now, overran: 0, good: 0 };
}

/** The ladder after the server has left pictures out, since the link could not take them in time. */
export function overran(ladder: Ladder, now: number): Ladder {
  const again = ladder.overran > 0 && now - ladder.overran < SEESAW_MS;
  return ladder.rung !== "still" && again ? lower(ladder, now) : { ...ladder, overran: now };
}

/** The ladder after a moving picture has stood still, or come late, by `ms`; one that has not `begun` has more time. */
export const stalled = (ladder: Ladder, ms: number, begun: boolean, now: number): Ladder =>
  ladder.rung !== "still" && ms > (begun ? STALLED_MS : BEGINS_WITHIN_MS) ? lower(ladder, now) : ladder;
