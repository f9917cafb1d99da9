/** What the server tells a crew, as TypeScript; decides no behaviour. */
import type { LngLat, Severity, Text, View } from "../wire/types";

export type Step = "depart" | "arrive" | "clear" | "return" | "take_back";
export type State = "available" | "ordered" | "en_route" | "on_scene" | "clear";
export type At = { lon: number; lat: number };
export type UnitNow = {
  id: string;
  call_sign: string;
  kind: string;
  kind_name: Text;
  state: State;
  state_name: Text;
  state_at: string | null;
};
export type FieldCamera = {
  camera_id: string;
  name: string;
  rank: number;
  distance_m: number;
  direction: Text;
  reasons: Text[];
  lon: number | null;
  lat: number | null;
  bearing: number | null;
  field: number | null;
  reach: number | null;
  status: "working" | "failed" | "unregistered";
};
export type Turn = At & { kind: string; road: string; metres: number; seconds: number; text: Text };
export type Level = "free" | "slow" | "jammed";
export type Piece = {
  line: LngLat[];
  level: Level;
  narrow: boolean;
  width_m: number | null;
  road: string;
  metres_along: number;
};
export type Beside = At & { id: string; name: string; metres_along: number };
export type Way = {
  seconds: number;
  metres: number;
  steps: Turn[];
  pieces: Piece[];
  schools: Beside[];
  cameras: Beside[];
  closures: { reason: string; scope: string; until: string | null; lon: number | null; lat: number | null }[];
};
export type Water = At & { name: string; address: string; metres: number; direction: Text; kind: string | null };
/** Beds free now, below zero with more patients than beds; null, as the wind's speed, when it is too old to be told. */
export type BedsNow = { free: number | null; at: string | null; old_after_s: number };
export type Wind = {
  speed_ms: number | null;
  calm: boolean;
  from_degrees: number | null;
  side: Text | null;
  at: string;
  old_after_s: number;
};
/** `capacity` is what the city's list says there is in all. */
export type Hospital = At & {
  name: string;
  address: string;
  metres: number;
  direction: Text;
  capacity: string | null;
  beds: BedsNow | null;
  phone: string;
  seconds: number | null;
};
/** What was seen last; the plate and the direction are the last that were told, maybe by a sighting before it. */
export type Sighting = {
  at: string;
  camera: string;
  words: string;
  still: string;
  place_words: string;
  plate: string;
  plate_at: string | null;
  direction: string;
  direction_at: string | null;
};
/** A danger read out of the report's words; an airborne one is come near from upwind. */
export type Hazard = Text & { airborne: boolean };
export type FieldScene = {
  incident_id: string;
  number: string;
  title: Text | string;
  severity: Severity;
  service: string;
  place: At | null;
  place_words: string;
  place_estimated: boolean;
  content: string;
  order_words: string;
  opened_at: string;
  occurred_at: string;
  drill: boolean;
  expires_at: string;
  purpose: Text;
  hazards: Hazard[];
  sighting: Sighting | null;
  plate: string | null;
  cameras: FieldCamera[];
  way: Way | null;
  no_way: Text | null;
  building: { name: string; address: string; metres: number; told: { name: Text; value: Text }[] } | null;
  /** Where the way ends, so many metres from the scene; `side` is null where that lies on the road itself. */
  access: (At & { side: Text | null; road: string; metres: number }) | null;
  water: Water[];
  hydrants: { listed: boolean; within_m: number; beyond: Water | null } | null;
  hospitals: Hospital[];
  wind: Wind | null;
  mates: (UnitNow & { seconds: number | null })[];
};
export type Brief = {
  at: string;
  unit: UnitNow & {
    width_m: number | null;
    incident_id: string | null;
    order: string | null;
    asked_at: string | null;
    support_at: string | null;
    support_heard_at: string | null;
  };
  steps: { step: Step; words: Text }[];
  here: At & { heading: number | null; age_s: number | null };
  scene: FieldScene | null;
  ended: Text | null;
  /** Whether a call for support would be taken: it belongs to the order, not to the right to look. */
  may_call: boolean;
};
/** The answer to a page that opens or waits: the brief with the scene's first picture, asked for in one. */
export type FirstPicture = { camera_id: string; view: View; still: string | null };
export type Opening = { brief: Brief; picture: FirstPicture | null };
/** The first picture as the page heard it: `took` milliseconds for the whole answer, null when it was held back. */
export type Heard = FirstPicture & { incident: string; at: number; took: number | null };
