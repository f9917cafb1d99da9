/** Which order this device's crew was on when last heard, so that a press without a link is queued with its own order. */
import { ORDER_KEY } from "../session/kept_crew";
import type { Brief, State, Step } from "./brief";

const KEPT_MS = 6 * 3600_000; // no crew is on one order for longer
type Disk = Pick<Storage, "getItem" | "setItem" | "removeItem">;
/** Two words and a time: neither where nor what it is. `ahead` is how far the server's clock was, in milliseconds. */
export type KeptOrder = { order: string; state: State; at: number; ahead: number };
/** What a crew may press from each state; the server decides when it hears of it. */
const OPEN: Record<State, Step[]> = {
  available: [],
  ordered: ["depart", "arrive"],
  en_route: ["arrive", "take_back"],
  on_scene: ["clear", "take_back"],
  clear: ["return", "take_back"],
};

export function keepOrder(account: string, brief: Brief, disk: Disk = window.localStorage): void {
  try {
    const { order, state } = brief.unit;
    const at = Date.now();
    if (order === null || brief.scene === null) disk.removeItem(ORDER_KEY);
    else disk.setItem(ORDER_KEY, JSON.stringify({ account, order, state, at, ahead: Date.parse(brief.at) - at || 0 }));
  } catch {
    // closed storage: without a link the page then takes no press
  }
}

export function findOrder(account: string, now: number, disk: Disk = window.localStorage): KeptOrder | null {
  try {
    const kept = JSON.parse(disk.getItem(ORDER_KEY) ?? "null") as Partial<KeptOrder & { account: string }> | null;
    const { order, state, at, ahead } = kept ?? {};
    if (
      kept?.account !== account ||
      !order ||
      !state ||
      !(state in OPEN) ||
      typeof at !== "number" ||
      now - at > KEPT_MS
    )
      return null;
    return { order, state, at, ahead: typeof ahead === "number" ? ahead : 0 };
  } catch {
    return null; // closed storage, or what another version wrote
  }
}

export const openSteps = (state: State): Step[] => OPEN[state];
