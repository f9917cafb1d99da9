/** What is asked of the signals, unit by unit, nearest first. */
import type { Text } from "../wire/types";
import type { Unit } from "./types";

export type SignalState = "planned" | "requested" | "confirmed" | "active" | "releasing" | "refused" | "released";
export type SignalRequest = {
  id: string;
  unit: string;
  call_sign: string;
  incident_id: string;
  junction_id: string;
  junction: { id: string; name: string; lon: number; lat: number } | null;
  state: SignalState;
  state_text: Text;
  reason_text: Text | null;
  arrives_at: string | null;
  green_at: string | null;
  ended_at: string | null;
};
export type SignalsNow = {
  configured: boolean;
  up: boolean;
  junctions: { id: string; name: string; lon: number; lat: number }[];
  requests: SignalRequest[];
  off: string[];
  /** Those of `off` that are known to be the control room's doing. */
  off_by_control_room: string[];
  /** The control room has turned it off for everyone; who did is told to the control room, until a restart. */
  all_off: { since: string | null; by: string | null } | null;
  may_switch_all: boolean;
};
export type Off = "for_all" | "by_control_room" | "turned_off";
export type Ahead = { id: string; name: string; state: SignalState; words: Text };
export type Drive = { unit: string; callSign: string; off: Off | null; ahead: Ahead[]; more: number };

const SHOWN = 4; // the next ones; the rest are counted

export function drivesOf(now: SignalsNow, driving: readonly Unit[], incident: string): Drive[] {
  return driving.map((unit) => {
    const own = now.requests
      .filter((each) => each.unit === unit.id && each.incident_id === incident)
      .sort((a, b) => (a.arrives_at ?? "").localeCompare(b.arrives_at ?? ""));
    const ahead = own.slice(0, SHOWN).map((each) => ({
      id: each.id,
      name: nameOf(each),
      state: each.state,
      words: each.state_text,
    }));
    const off = offOf(now, unit.id);
    return { unit: unit.id, callSign: unit.call_sign, off, ahead, more: own.length - ahead.length };
  });
}

function offOf(now: SignalsNow, unit: string): Off | null {
  if (now.all_off) return "for_all";
  if (!now.off.includes(unit)) return null;
  return now.off_by_control_room.includes(unit) ? "by_control_room" : "turned_off";
}

/** Many crossings have no name in the city's files; their number is what the signal centre knows them by. */
function nameOf(request: SignalRequest): string {
  const name = request.junction?.name ?? "";
  return name && name !== "-" ? name : request.junction_id;
}
