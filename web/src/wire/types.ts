/** What the server says, as TypeScript; decides no behaviour. */

import type { ClockLineData } from "../golden/types";

export type Text = { ko: string; en: string };
export type Language = "ko" | "en";
export type Role = "operator" | "agency" | "privacy_officer" | "admin" | "crew";
export type Severity = "critical" | "warning" | "caution" | "notice";
/** How an operator may say that it ended. */
export type Disposition = "handled" | "false_alarm" | "duplicate" | "handed_over" | "drill";
/** How it ended, also when the sender ended it. */
export type Ended = Disposition | "ended_by_sender" | "cancelled_by_sender" | "never_opened";
export type SenderState =
  | "occurred"
  | "intermediate"
  | "changed"
  | "cleared"
  | "cancelled"
  | "ended"
  | "ended_automatically";
export type LngLat = [number, number];

export const CAMERA_PURPOSES = [
  "crime",
  "child",
  "traffic",
  "enforcement",
  "disaster",
  "facility",
  "waste",
  "vehicle",
  "other",
] as const;
export type CameraPurpose = (typeof CAMERA_PURPOSES)[number];
export type Session = {
  account: {
    id: string;
    name: string;
    role: Role;
    agency: { id: string; name: Text } | null;
    language: Language;
    must_change_password: boolean;
  };
  city: { name: Text; center: LngLat; bounds: [number, number, number, number]; drill: boolean };
  media_port: number;
  duty: { until: string; camera_purposes: CameraPurpose[] | null } | null;
  version: string;
  expires_at: string;
  /** Names this sign-in among others; opens nothing. */
  tag: string;
};

export type IncidentSummary = {
  id: string;
  number: string;
  kind: string;
  service: string;
  service_name: Text;
  title: Text | string;
  severity: Severity;
  state: "open" | "closed";
  place: { lon: number; lat: number } | null;
  place_words: string;
  place_estimated: boolean;
  estimate_note: Text | null;
  agency: { id: string; name: Text } | null;
  owner: { id: string; name: string } | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  opened_at: string;
  occurred_at: string;
  closed_at: string | null;
  disposition: Ended | null;
  updated_at: string;
  version: number;
  /** Where its record ends; moves on when somebody watches, though the incident itself has not changed. */
  recorded?: number;
  sender_state: SenderState;
  drill: boolean;
  reports: number;
  sandbox: boolean;
  /** For the control room only: what it may be one with, what it is joined with, what was told apart. */
  alike?: Paired[];
  joined?: Paired[];
  apart?: Paired[];
} & Access;

/** Another incident this one is paired with; `nature` is this one's sort, `other_nature` the other's. */
export type Paired = {
  id: string;
  number: string;
  service: string;
  service_name: Text;
  agency: { id: string; name: Text } | null;
  state: "open" | "closed";
  metres: number | null;
  seconds: number;
  nature: Text;
  other_nature: Text;
  cause: "likeness" | "caller" | "hand";
  at: string;
};
export type PairStep = "join" | "separate" | "reconsider";

/** An agency none of whose grants is in force reads the number, the state and these words, and nothing else. */
export type Access = { access?: "ended"; access_ended_at?: string; access_ended_text?: Text };

export type Facing = "facing" | "side" | "away" | "unknown" | "all_round";
export type Pick = {
  camera_id: string;
  site_id: string;
  site_name: string;
  rank: number;
  lon: number;
  lat: number;
  bearing: number | null;
  field: number;
  reach: number;
  distance_m: number;
  direction: Text;
  facing: Facing;
  status: "working" | "failed" | "unregistered";
  reasons: Text[];
  score: number;
  ring: number;
};

export type Grant = {
  id: string;
  /** None for a unit's crew. */
  agency: { id: string; name: Text } | null;
  unit?: { id: string; name: string; agency?: string } | null;
  person: string | null;
  purpose: Text;
  legal_basis: Text;
  expires_at: string;
  state: "active" | "ended" | "revoked";
  ended_at: string | null;
  ended_text: Text | null;
};

export type TimelineEntry = { position: number; at: string; kind: string; text: Text; actor: Text | string | null };
export type OpenView = {
  id: string;
  camera_id: string;
  who: string;
  agency: { id: string; name: Text } | null;
  since: string;
};
export type May = "acknowledge" | "take" | "close" | "widen" | "share" | "confirm_place";

/** A look an agency asked for that waits for an answer. */
export type VideoRequest = {
  id: string;
  agency: { id: string; name: Text };
  control: string;
  cameras: number;
  at: string;
};
/** A camera that only the agency that locked it may look through. */
export type CameraLock = { camera_id: string; agency: { id: string; name: Text }; at: string };
export type IncidentDetail = IncidentSummary & {
  content: string;
  reporter: string;
  cameras: Pick[];
  choice: {
    radius: number;
    next_radius: number | null;
    text: Text;
    eligible: number;
    sites_in_ring: number;
    next_nearest: Pick | null;
  } | null;
  timeline: TimelineEntry[];
  grants: Grant[];
  views: OpenView[];
  clock?: ClockLineData | null;
  video_requests?: VideoRequest[];
  camera_locks?: CameraLock[];
  may: Partial<Record<May, boolean>>;
};

/** One linkage of one agency in one direction; `counts` since the platform started. */
export type Light = {
  linkage: string;
  direction: "in" | "out";
  state: "healthy" | "quiet" | "failed" | "never";
  last_at: string | null;
  ok_at: string | null;
  failing_since: string | null;
  waiting: number;
  waiting_since: string | null;
  detail: Text | null;
  counts: { passed: number; failed: number; repeats: number; logins: number };
};
export type Link = {
  id: string;
  name: Text;
  state: "healthy" | "quiet" | "failed" | "never";
  last_at: string | null;
  detail: Text | null;
  waiting?: number;
  /** False for a service that the platform asks. */
  is_agency?: boolean;
  lights?: Light[];
};

export type CameraChange = { id: string; status: string; bearing: number | null; field: number; reach: number };
export type ViewEnded = { view_id: string; reason: string; text: Text };
export type Change = {
  position: number;
  incidents?: IncidentSummary[];
  cameras?: CameraChange[];
  links?: Link[];
  views_ended?: ViewEnded[];
  sites_changed?: boolean;
  roads_changed?: boolean;
  /** Units whose state has changed. */
  units?: { id: string; state: string }[];
};

export type IncidentList = {
  items: IncidentSummary[];
  checked_at: string;
  /** There are more than `items`. */
  more: boolean;
  open: number;
  closed_today: number;
  ack_median_s: number | null;
};

export type SiteCamera = {
  id: string;
  number: number;
  bearing: number | null;
  field: number;
  reach: number;
  status: string;
  aimed_by_hand: boolean;
  policy: string;
};
export type Site = {
  id: string;
  name: string;
  address: string;
  purpose_words: string;
  lon: number;
  lat: number;
  operator: string;
  phone: string;
  cameras: SiteCamera[];
};

export type View = {
  view_id: string;
  ticket: string;
  media_port: number;
  path: string;
  expires_at: string;
  watermark: string;
  hls: string;
  still: string;
  note: Text | null;
  /** Whether the camera also has a small stream, and which of the two this view plays. */
  has_low?: boolean;
  quality?: "full" | "low";
};

export type SearchItem = {
  type: "site" | "camera" | "place" | "address" | "incident";
  id: string;
  label: string;
  detail: string;
  lon: number | null;
  lat: number | null;
};

export type Group = { id: string; name: string; cameras: string[]; tour_seconds: number | null };
