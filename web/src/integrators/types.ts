/** What the interface log and the linkages' pages are told. */
import type { Light, Text } from "../wire/types";

export type Linkage = {
  name: string;
  title: Text;
  addresses: string[];
  wires: { agency_id: string; agency: Text; address: string }[];
  readme: string;
  settings: Record<string, unknown>;
  lights: (Light & { agency_id: string; agency: Text })[];
};
export type LogRow = {
  id: string;
  direction: "in" | "out";
  linkage: string;
  agency_id: string | null;
  agency: Text | null;
  at: string;
  state: string;
  occurrence: string;
  incident_number: string | null;
  size: number;
  problem: string;
  sandbox: boolean;
  answer_type?: string;
  topic?: string;
  sequence?: number;
  tries?: number;
  next_at?: string | null;
};
export type RawMessage = LogRow & {
  destroyed: boolean;
  content_type: string | null;
  headers: Record<string, string>;
  body: string;
  text: string;
  charset: string;
  answer: string;
  understood: boolean | null;
  would: Text | null;
  fields: { name: string; value: string; meaning: Text; problem: Text | null }[];
};
export type LogPage = { items: LogRow[]; next: string | null; scanned: number; unsealed: number };
export type LogFilter = {
  direction: "" | "in" | "out";
  agency: string;
  state: string;
  occurrence: string;
  incident: string;
  words: string;
  since: string;
  until: string;
};
