/** How a crew's page keeps its brief: asked again and again, the last one kept with its age while the link is gone. */
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../wire/http";
import type { Text } from "../wire/types";
import type { Brief, Step } from "./brief";
import { type Item, seenState, Unsent } from "./unsent";

const ASK_EVERY_MS = 2000;
const IDLE_EVERY_MS = 4000;
const ANSWER_WITHIN_MS = 6000;

export type Kept = {
  brief: Brief | null;
  /** When the server was last heard, by this device's clock. */
  heardAt: number | null;
  lost: boolean;
  unsent: Item[];
  refused: Text | null;
  press: (step: Step) => void;
  support: (words: string) => void;
};

const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`);

export function useBrief(account: string): Kept {
  const [brief, setBrief] = useState<Brief | null>(null);
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const [lost, setLost] = useState(false);
  const [unsent, setUnsent] = useState<Item[]>([]);
  const [refused, setRefused] = useState<Text | null>(null);
  const box = useRef<Unsent | null>(null);

  const take = useCallback((next: Brief) => {
    setBrief((before) => (before && Date.parse(before.at) > Date.parse(next.at) ? before : next));
    setHeardAt(Date.now());
    setLost(false);
  }, []);

  const flush = useCallback(async () => {
    const sent = await box.current?.send();
    if (sent?.brief) take(sent.brief);
    if (sent?.refused) setRefused(sent.refused);
  }, [take]);

  useEffect(() => {
    const kept = new Unsent(account, () => setUnsent(box.current?.pending() ?? []));
    box.current = kept;
    setUnsent(kept.pending());
    let over = false;
    let asking = false;
    let timer: number | undefined;
    const ask = async () => {
      if (asking) return;
      asking = true;
      window.clearTimeout(timer);
      let next = ASK_EVERY_MS;
      try {
        if (kept.count > 0) await flush();
        const told = await api.get<Brief | null>("/api/field", AbortSignal.timeout(ANSWER_WITHIN_MS));
        if (over) return;
        if (!told?.unit) throw new TypeError("not a brief");
        take(told);
        if (!told.scene) next = IDLE_EVERY_MS;
      } catch {
        setLost(true); // whatever came instead, a portal's page too: the server was not heard, and is asked again
      } finally {
        asking = false;
        if (!over) timer = window.setTimeout(() => void ask(), next);
      }
    };
    const now = () => void ask();
    void ask();
    window.addEventListener("online", now); // out of the tunnel
    return () => {
      over = true;
      window.clearTimeout(timer);
      window.removeEventListener("online", now);
    };
  }, [account, flush, take]);

  const put = useCallback(
    (item: Item) => {
      setRefused(null);
      box.current?.add(item);
      flush().catch(() => setLost(true)); // what came was no answer: it waits for the next
    },
    [flush],
  );
  const press = useCallback(
    (step: Step) => {
      const unit = brief?.unit;
      if (!unit?.order) return; // without an order there is no button
      const from = seenState(unit, box.current?.pending() ?? []);
      put({ id: fresh(), kind: "step", step, at: new Date().toISOString(), order: unit.order, from });
    },
    [put, brief],
  );
  const support = useCallback(
    (words: string) => put({ id: fresh(), kind: "support", at: new Date().toISOString(), words }),
    [put],
  );
  return { brief, heardAt, lost, unsent, refused, press, support };
}
