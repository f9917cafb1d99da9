/** Which order this device's crew was on when last heard, so that a press without a link is queued with its own order. */
import { ORDER_KEY } from "../session/kept_crew";
import type { Brief, State, Step } from "./brief";

const KEPT_MS = 6 * 3600_000; // no crew is on one order for longer
type Disk = Pick<Storage, "getItem" | "setItem" | "removeItem">;
/** When the unit came to each state of this order, as the server told it. */
export type Reached = Partial<Record<State, string>>;
/** Two words and times: neither where nor what it is. `ahead` is how far the server's clock was, in milliseconds. */
export type KeptOrder = { order: string; state: State; at: number; ahead: number; reached: Reached };
/** What a crew may press from each state; the server decides when it hears of it. */
const OPEN: Record<State, Step[]> = {
  available: [],
  ordered: ["depart", "arrive"],
  en_route: ["arrive", "take_back"],
  on_scene: ["clear", "take_back"],
  clear: ["return", "take_back"],
};

/** Kept for as long as the unit is on it, also when its crew may look no longer; with the times known `before`. */
export function keepOrder(
  account: string,
  brief: Brief,
  before: KeptOrder | null = null,
  disk: Disk = window.localStorage,
): KeptOrder | null {
  const { order, state, state_at } = brief.unit;
  const at = Date.now();
  const earlier = before !== null && before.order === order ? before.reached : {};
  const reached = state_at === null ? earlier : { ...earlier, [state]: state_at };
  const kept = order === null ? null : { order, state, at, ahead: Date.parse(brief.at) - at || 0, reached };
  try {
    if (kept === null) disk.removeItem(ORDER_KEY);
    else disk.setItem(ORDER_KEY, JSON.stringify({ account, ...kept }));
  } catch {
    // closed storage: a page opened again without a link then takes no press
  }
  return kept;
}

export function findOrder(account: string, now: number, disk: Disk = window.localStorage): KeptOrder | null {
  try {
    const kept = JSON.parse(disk.getItem(ORDER_KEY) ?? "null") as Partial<KeptOrder & { account: string }> | null;
    const { order, state, at, ahead, reached } = kept ?? {};
    if (
      kept?.account !== account ||
      !order ||
      !state ||
      !(state in OPEN) ||
      typeof at !== "number" ||
      now - at > KEPT_MS
    )
      return null;
    return { order, state, at, ahead: typeof ahead === "number" ? ahead : 0, reached: reached ?? {} };
  } catch {
    return null; // closed storage, or what another version wrote
  }
}

/** On the way or at the scene: what a crew may press, call for and tell its place in, whether or not it may look. */
export const isOnCall = (state: State): boolean => state !== "available" && state !== "clear";
export const openSteps = (state: State): Step[] => OPEN[state];
