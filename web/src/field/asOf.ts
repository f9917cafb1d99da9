/** What of the last brief may still be shown: after its grant's end, heard of or not, nothing of the scene. */
import { both } from "../words/words";
import type { Brief } from "./brief";
import type { Item } from "./unsent";

/** The brief at this device's time `now`, its clock set right by when (`heardAt`) the server said what time it was. */
export function asOf(brief: Brief | null, heardAt: number | null, now: number): Brief | null {
  if (!brief?.scene || heardAt === null) return brief;
  const serverNow = Date.parse(brief.at) + (now - heardAt);
  if (serverNow < Date.parse(brief.scene.expires_at)) return brief;
  return { ...brief, scene: null, ended: both("field.overTime") };
}

/** Before the server was heard at all: the buttons with what waits on them; they open with the order that it tells. */
export function unheard(callSign: string, unsent: readonly Item[]): Brief {
  const last = unsent.findLast((one) => one.kind === "step");
  const none = { ko: "", en: "" };
  const unit = {
    id: "",
    call_sign: callSign,
    kind: "",
    kind_name: none,
    state: "available" as const,
    state_name: none,
  };
  const order = last?.kind === "step" ? last.order : null;
  return {
    at: "",
    unit: { ...unit, state_at: null, width_m: null, incident_id: null, order, asked_at: null },
    steps: [],
    here: { lon: 0, lat: 0, heading: null, age_s: null },
    scene: null,
    ended: null,
  };
}
