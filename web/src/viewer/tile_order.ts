/** Which cameras get a tile, and in which order: the best working ones first, those without a picture last. */
import type { Pick } from "../wire/types";

export const TILES = 4;
const LATER: Record<Pick["status"], number> = { working: 0, failed: 1, unregistered: 2 };

/** Working before failed, each by rank; unregistered ones only when nothing works. */
export function rankTiles(cameras: readonly Pick[]): Pick[] {
  const works = cameras.some((pick) => pick.status === "working");
  return cameras
    .filter((pick) => !works || pick.status !== "unregistered")
    .sort((a, b) => LATER[a.status] - LATER[b.status] || a.rank - b.rank);
}

/** The page on which the first camera stands that was not there before; the first page when there is none. */
export function pageOfNew(before: readonly Pick[], after: readonly Pick[]): number {
  const known = new Set(before.map((pick) => pick.camera_id));
  const index = after.findIndex((pick) => !known.has(pick.camera_id));
  return index === -1 ? 0 : Math.floor(index / TILES);
}
