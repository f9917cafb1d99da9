/** What the server says of golden times. */
import type { Text } from "../wire/types";

export type StampAt = { stamp: string; name: Text; at: string | null; by_hand: boolean };
export type ClockLineData = {
  stamps: StampAt[];
  /** Help that has arrived by then came within the golden time. */
  golden_until: string;
  within: boolean | null;
  doubtful: boolean;
};
export type Spread = { count: number; median: number | null; p90: number | null };
export type Sums = {
  incidents: number;
  arrived: number;
  within: number;
  share: number | null;
  doubtful: number;
  legs: Record<string, Spread>;
};
export type GroupRow = Sums & {
  agency: string | null;
  service: string | null;
  nature: string | null;
  name: Text;
  /** How many of agency, service and kind the row is of. */
  depth: number;
  before: Sums | null;
};
export type Golden = {
  golden_seconds: number;
  legs: { leg: string; name: Text }[];
  rows: GroupRow[];
  period: { since: string; until: string; drill: boolean };
  before: { since: string; until: string };
  failing_since: string | null;
  /** While the figures are behind: up to when all that is recorded is counted. */
  whole_until: string | null;
};
export type ClockRow = ClockLineData & {
  id: string;
  number: string;
  /** The agency whose clock it is; null for an incident nobody reported. */
  whose: string | null;
  agency_name: Text;
  service_name: Text;
  nature_name: Text;
  drill: boolean;
  legs: Record<string, number | null>;
};
