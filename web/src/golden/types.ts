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
  name: Text;
  /** 0 for all, 1 for an agency or a service, 2 for an agency's service. */
  depth: number;
  before: Sums | null;
};
export type Golden = {
  golden_seconds: number;
  legs: { leg: string; name: Text }[];
  rows: GroupRow[];
  cut: boolean;
  period: { since: string; until: string; drill: boolean };
  before: { since: string; until: string };
  failing_since: string | null;
};
export type ClockRow = ClockLineData & {
  id: string;
  number: string;
  agency_name: Text;
  service_name: Text;
  drill: boolean;
  legs: Record<string, number | null>;
};
