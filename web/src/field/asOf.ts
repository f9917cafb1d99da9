/** What of the last brief may still be shown: after its grant's end, heard of or not, nothing of the scene. */
import { both } from "../words/words";
import type { Brief } from "./brief";
import { isOnCall, type KeptOrder, openSteps } from "./keptOrder";
import { type Item, seenState } from "./unsent";

/** The brief at this device's time `now`, its clock set right by when (`heardAt`) the server said what time it was. */
export function asOf(brief: Brief | null, heardAt: number | null, now: number): Brief | null {
  if (!brief?.scene || heardAt === null) return brief;
  if (Date.parse(serverTime(aheadOf(brief, heardAt), now)) < Date.parse(brief.scene.expires_at)) return brief;
  return { ...brief, scene: null, ended: both("field.overTime") };
}

/** This device's time as the server's clock would tell it, which may be minutes apart; ISO. */
export const serverTime = (ahead: number | null, now: number): string => new Date(now + (ahead ?? 0)).toISOString();
/** How many milliseconds the server's clock is ahead of this device's; null before it was heard. */
export const aheadOf = (brief: Brief | null, heardAt: number | null): number | null =>
  brief?.at && heardAt !== null ? Date.parse(brief.at) - heardAt : null;

/** How old the place told with the brief is by now, in seconds; it ages while the link is gone. Null is the station's. */
export const placeAge = (brief: Brief, heardAt: number | null, now: number): number | null =>
  brief.here.age_s === null ? null : brief.here.age_s + (heardAt === null ? 0 : Math.max(0, now - heardAt) / 1000);

/** Before the server was heard at all: the buttons of the order last heard of, with what waits on them. */
export function unheard(callSign: string, unsent: readonly Item[], kept: KeptOrder | null): Brief {
  const last = unsent.findLast((one) => one.kind === "step");
  const none = { ko: "", en: "" };
  const unit = {
    id: "",
    call_sign: callSign,
    kind: "",
    kind_name: none,
    state: kept?.state ?? ("available" as const),
    state_name: none,
  };
  const order = kept?.order ?? (last?.kind === "step" ? last.order : null);
  return pressedOn(
    {
      at: "",
      unit: {
        ...unit,
        state_at: kept?.reached[kept.state] ?? null,
        width_m: null,
        incident_id: null,
        order,
        asked_at: null,
        support_at: null,
        support_heard_at: null,
      },
      steps: [],
      here: { lon: 0, lat: 0, heading: null, age_s: null },
      scene: null,
      ended: null,
      may_call: kept !== null && isOnCall(kept.state), // whether its incident is still open, the server says
    },
    unsent,
    kept !== null,
  );
}

/** While the link is gone, the steps from the state that was pressed last: a whole call may be pressed in a tunnel. */
export function pressedOn(brief: Brief, unsent: readonly Item[], onOrder = brief.unit.order !== null): Brief {
  const none = { ko: "", en: "" };
  const open = onOrder ? openSteps(seenState(brief.unit, unsent)) : [];
  return { ...brief, steps: open.map((step) => ({ step, words: none })) };
}
