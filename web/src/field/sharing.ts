/** Whether this crew shares its place between calls: off until it says so, for one shift, and gone at sign-out. */
import { SHARE_KEY } from "../session/kept_crew";

const SHIFT_MS = 12 * 3600_000; // nobody is followed home because a switch was forgotten
type Disk = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function keepSharing(account: string, on: boolean, now: number, disk: Disk = window.localStorage): void {
  try {
    if (on) disk.setItem(SHARE_KEY, JSON.stringify({ account, until: now + SHIFT_MS }));
    else disk.removeItem(SHARE_KEY);
  } catch {
    // closed storage: it holds until the page is closed
  }
}

/** Until when, by this device's clock; null when it is off, over, or another's. */
export function findSharing(account: string, now: number, disk: Disk = window.localStorage): number | null {
  try {
    const kept = JSON.parse(disk.getItem(SHARE_KEY) ?? "null") as { account?: unknown; until?: unknown } | null;
    if (kept?.account !== account || typeof kept.until !== "number") return null;
    return now < kept.until && kept.until <= now + SHIFT_MS ? kept.until : null;
  } catch {
    return null;
  }
}
