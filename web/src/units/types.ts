/** What the server says of units, advice and orders. */
import type { Text } from "../wire/types";

export type UnitState = "available" | "ordered" | "en_route" | "on_scene" | "clear";
export type Step = "depart" | "arrive" | "clear" | "return" | "take_back";
export type Named = { id: string; name: Text };

export type Unit = {
  id: string;
  /** What its agency's own wire calls it. */
  code: string;
  call_sign: string;
  kind: string;
  kind_name: Text;
  agency: Named;
  capabilities: Named[];
  station_name: string;
  beat: string;
  state: UnitState;
  state_name: Text;
  state_at: string | null;
  state_by: string;
  incident: {
    id: string;
    number: string;
    open: boolean;
    drill: boolean;
    order: string | null;
    ordered_at: string | null;
  } | null;
  asked_at: string | null;
  /** When its crew asked for support on this call, and when a dispatcher said that it was heard. */
  support_at: string | null;
  support_heard_at: string | null;
  place: { lon: number; lat: number; age_s: number | null };
  may: Step[];
  may_call_back: boolean;
  orders_today: number;
  version: number;
};

export type Fitness = "committed" | "suggested" | "possible" | "held" | "busy" | "unreachable";
export type Suggested = {
  unit: Unit;
  fitness: Fitness;
  seconds: number | null;
  fills: string | null;
  reasons: Text[];
  last_of_beat: boolean;
  needs_sharing: boolean;
};
export type Want = { capability: Named; wanted: number; committed: number; suggested: number; missing: number };
export type Order = { id: string; number: string; agency: Named; units: string[]; withdrawn: string[]; at: string };
export type Advice = {
  incident_id: string;
  at: string;
  card: { id: string; name: Text; source: string } | null;
  wants: Want[];
  suggested: Suggested[];
  notes: Text[];
  orders: Order[];
  may_order: boolean;
};
export type Sent = { order: Order; on_wire: boolean };
