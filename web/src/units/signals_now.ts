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
let turned = 0; // how often a switch was turned
let timer: number | undefined;
const watchers = new Set<() => void>();

function put(next: Told): void {
  told = next;
  for (const watcher of watchers) watcher();
}

async function ask(): Promise<void> {
  const before = turned;
  try {
    const now = await api.get<SignalsNow>("/api/signals");
    // an answer from before a switch was turned knows nothing of it
    if (lookers > 0 && turned === before) put({ now, problem: null });
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

async function post(path: string, on: boolean): Promise<void> {
  try {
    await api.post(path, { on });
    turned += 1;
    await ask();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    put({ ...told, problem: error.text });
  }
}

/** Turns a unit's priority on or off; what is shown follows at once. */
export const turn = (unit: string, on: boolean): Promise<void> =>
  post(`/api/units/${encodeURIComponent(unit)}/signal-priority`, on);

/** Turns everyone's off, or on again; for the control room. */
export const turnAll = (on: boolean): Promise<void> => post("/api/signal-priority", on);

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export function useSignals(on: boolean): Told {
  useEffect(() => (on ? look() : undefined), [on]);
  const found = useSyncExternalStore(subscribe, () => told);
  return on ? found : NOTHING;
}
