/** Which crew this device's field page was last signed in as, so that it opens without a link; opens nothing itself. */
import type { Session } from "../wire/types";

const KEY = "goldentime.field.session";
/** Where the page keeps which order its crew was on; it goes with the crew. */
export const ORDER_KEY = "goldentime.field.order";
/** Where the page keeps that its crew shares its place between calls, and until when; it goes with the crew. */
export const SHARE_KEY = "goldentime.field.sharing";

export type KeptCrew = { id: string; name: string; call_sign: string; bounds: Session["city"]["bounds"] };
type Disk = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** These four and no more: neither a credential nor anything of an incident. */
export function keepCrew({ id, name, call_sign, bounds }: KeptCrew, disk: Disk = window.localStorage): void {
  try {
    disk.setItem(KEY, JSON.stringify({ id, name, call_sign, bounds }));
  } catch {
    // closed storage: without a link the page then asks to sign in
  }
}

export function forgetCrew(disk: Disk = window.localStorage): void {
  try {
    disk.removeItem(KEY);
    disk.removeItem(ORDER_KEY);
    disk.removeItem(SHARE_KEY);
  } catch {
    // closed storage holds nothing
  }
}

export function findCrew(disk: Disk = window.localStorage): KeptCrew | null {
  try {
    const kept = JSON.parse(disk.getItem(KEY) ?? "null") as Partial<KeptCrew> | null;
    const { id, name, call_sign, bounds } = kept ?? {};
    if (!id || typeof name !== "string" || typeof call_sign !== "string" || bounds?.length !== 4) return null;
    return { id, name, call_sign, bounds };
  } catch {
    return null; // closed storage, or what another version wrote
  }
}

/** A session for the page alone: every request still carries the cookie, and the server's 401 ends this too. */
export function sessionOf({ id, name, bounds }: KeptCrew): Session {
  const [west, south, east, north] = bounds;
  return {
    account: { id, name, role: "crew", agency: null, language: "ko", must_change_password: false },
    city: { name: { ko: "", en: "" }, center: [(west + east) / 2, (south + north) / 2], bounds, drill: false },
    media_port: 0,
    duty: null,
    version: "",
    expires_at: "",
    tag: "",
  };
}
