/** How an order reaches a crew that looks elsewhere: a tone and a shake when it comes, and a screen that stays on for it. */
import { useEffect, useRef, useState } from "react";
import { Alarm } from "../shell/sound";
import type { State } from "./brief";
import { findOrder } from "./keptOrder";

const SHAKE_MS = [400, 150, 400, 150, 400];
const CALLS: readonly State[] = ["ordered", "en_route"];

/** The page's one voice, freed by any press on it, signing in too: browsers keep a page silent until then. */
export function useVoice(): Alarm {
  const [voice] = useState(() => new Alarm());
  useEffect(() => {
    if (typeof AudioContext === "undefined") return;
    const free = () => void voice.unblock().catch(() => {}); // refused once more: the shake is left
    const seen = () => {
      if (document.visibilityState === "visible") free(); // a phone that was put away has silenced it
    };
    window.addEventListener("pointerdown", free);
    window.addEventListener("keydown", free);
    document.addEventListener("visibilitychange", seen);
    return () => {
      window.removeEventListener("pointerdown", free);
      window.removeEventListener("keydown", free);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [voice]);
  return voice;
}

/** Tells an order that this device has not heard of before, once. */
export function useOrderBell(account: string, unit: { order: string | null; state: State } | null, voice: Alarm): void {
  const known = useRef<string | null | undefined>(undefined);
  if (known.current === undefined) known.current = findOrder(account, Date.now())?.order ?? null;
  const order = unit?.order ?? null;
  const calls = unit !== null && CALLS.includes(unit.state);
  useEffect(() => {
    if (order === null || order === known.current) return;
    known.current = order;
    if (!calls) return;
    voice.once("critical");
    navigator.vibrate?.(SHAKE_MS);
  }, [order, calls, voice]);
}

/** Keeps the screen on while `wanted`; the browser drops that whenever the page is hidden, so it is asked again. */
export function useAwake(wanted: boolean): void {
  useEffect(() => {
    const screen = navigator.wakeLock as WakeLock | undefined; // https only, and not in every browser
    if (!wanted || !screen) return;
    let over = false;
    let lock: WakeLockSentinel | null = null;
    let asking = false;
    const hold = async () => {
      if (over || asking || document.visibilityState !== "visible" || (lock && !lock.released)) return;
      asking = true;
      try {
        lock = await screen.request("screen");
        if (over) await lock.release();
      } catch {
        // a battery nearly empty: the phone decides
      } finally {
        asking = false;
      }
    };
    const again = () => void hold();
    again();
    document.addEventListener("visibilitychange", again);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", again);
      lock?.release().catch(() => {});
    };
  }, [wanted]);
}
