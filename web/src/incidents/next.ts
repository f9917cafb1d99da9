/** Which of an incident's buttons is the one to press next, and which suggestions still stand. */
import type { IncidentDetail, IncidentSummary, Paired } from "../wire/types";

export const ENDED_BY_SENDER: ReadonlySet<string> = new Set(["cleared", "cancelled", "ended", "ended_automatically"]);
const ALL_LOADED = 500; // the list of open incidents is cut there

/** Closing is next only once the sender has ended it: until then one orders units and watches them. */
export function nextAction(
  detail: Pick<IncidentDetail, "acknowledged_at" | "owner" | "sender_state">,
): "acknowledge" | "take" | "close" | null {
  if (detail.acknowledged_at === null) return "acknowledge";
  if (!detail.owner) return "take";
  return ENDED_BY_SENDER.has(detail.sender_state) ? "close" : null;
}

/** Those it may be one with: none once it is closed, and none that has closed since it was told. */
export function stillAlike(
  item: Pick<IncidentSummary, "state" | "alike">,
  open: ReadonlyMap<string, IncidentSummary>,
): readonly Paired[] {
  if (item.state !== "open") return [];
  return (item.alike ?? []).filter((one) => open.has(one.id) || open.size >= ALL_LOADED);
}

/** What "take back" does to a pair told apart: a mere suggestion is one again, what was joined is joined again. */
export function wayBack(one: Pick<Paired, "cause" | "metres">): "reconsider" | "join" {
  return one.cause === "likeness" || (one.cause === "caller" && one.metres === null) ? "reconsider" : "join";
}
