/** What is asked of the signals, read every two seconds while somebody looks: the panel and the map share one answer. */
import { useEffect, useSyncExternalStore } from "react";
import { ApiError, api } from "../wire/http";
import type { Text } from "../wire/types";
import type { SignalsNow } from "./signals_ahead";

const AGAIN_MS = 2000; // a green comes and goes within seconds

type Told = { now: SignalsNow | null; problem: Text | null };
const NOTHING: Told = { now: null, problem: null };
let told = NOTHING;
let lookers = 0;
let timer: number | undefined;
const watchers = new Set<() => void>();

function put(next: Told): void {
  told = next;
  for (const watcher of watchers) watcher();
}

async function ask(): Promise<void> {
  try {
    const now = await api.get<SignalsNow>("/api/signals");
    if (lookers > 0) put({ now, problem: null });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (lookers > 0) put({ ...told, problem: error.text });
  }
}

function look(): () => void {
  lookers += 1;
  if (lookers === 1) {
    void ask();
    timer = window.setInterval(() => void ask(), AGAIN_MS);
  }
  return () => {
    lookers -= 1;
    if (lookers > 0) return;
    window.clearInterval(timer);
    put(NOTHING); // what was green then is not told as green now
  };
}

/** Turns a unit's priority on or off; what is shown follows at once. */
export async function turn(unit: string, on: boolean): Promise<void> {
  try {
    await api.post(`/api/units/${encodeURIComponent(unit)}/signal-priority`, { on });
    const { now } = told;
    if (now)
      put({ now: { ...now, off: [...now.off.filter((each) => each !== unit), ...(on ? [] : [unit])] }, problem: null });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    put({ ...told, problem: error.text });
  }
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export function useSignals(on: boolean): Told {
  useEffect(() => (on ? look() : undefined), [on]);
  const found = useSyncExternalStore(subscribe, () => told);
  return on ? found : NOTHING;
}
