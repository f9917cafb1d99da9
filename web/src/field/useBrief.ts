/** How a crew's page keeps its brief: asked again and again, the last one kept with its age while the link is gone. */
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../wire/http";
import type { Text } from "../wire/types";
import { aheadOf, serverTime } from "./asOf";
import type { Brief, Heard, Opening, Step } from "./brief";
import { findOrder, type KeptOrder, keepOrder } from "./keptOrder";
import { type Item, seenState, Unsent } from "./unsent";

const ASK_EVERY_MS = 2000;
const HELD_S = 4; // an answer to a crew that waits is held back so long, unless its order comes
const FIRST_WIDTH = 320;
const ANSWER_WITHIN_MS = 6000;

export type Kept = {
  brief: Brief | null;
  /** The scene's first picture, when it came with the brief. */
  first: Heard | null;
  /** When the server was last heard, by this device's clock. */
  heardAt: number | null;
  lost: boolean;
  unsent: Item[];
  /** The order last heard of on this device, with when each of its states was reached. */
  order: KeptOrder | null;
  /** What the server refused of what was pressed, until the next press or the next order. */
  refused: Text | null;
  press: (step: Step) => void;
  support: (words: string) => void;
};

const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`);

export function useBrief(account: string): Kept {
  const [brief, setBrief] = useState<Brief | null>(null);
  const [first, setFirst] = useState<Heard | null>(null);
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const [lost, setLost] = useState(false);
  const [unsent, setUnsent] = useState<Item[]>([]);
  const [refused, setRefused] = useState<Text | null>(null);
  const [order, setOrder] = useState(() => findOrder(account, Date.now()));
  const box = useRef<Unsent | null>(null);

  const clock = useRef(order?.ahead ?? 0); // how far the server's is ahead of this device's
  const newest = useRef<Brief | null>(null);
  const known = useRef(order);
  const refusedOn = useRef<string | null | undefined>(null); // the order heard of after the last refusal
  const take = useCallback(
    (next: Brief) => {
      setHeardAt(Date.now());
      setLost(false);
      if (newest.current && Date.parse(newest.current.at) > Date.parse(next.at)) return;
      newest.current = next;
      clock.current = Date.parse(next.at) - Date.now() || 0;
      const { order: on } = next.unit;
      // the first order heard of with a refusal may be the next one already: it must be read once
      if (refusedOn.current === undefined) refusedOn.current = on;
      else if (on !== null && on !== refusedOn.current) setRefused(null);
      known.current = keepOrder(account, next, known.current);
      setBrief(next);
      setOrder(known.current);
    },
    [account],
  );

  const tell = useCallback((words: Text | null | undefined) => {
    if (!words) return;
    refusedOn.current = undefined;
    setRefused(words);
  }, []);
  const flush = useCallback(async () => {
    try {
      const sent = await box.current?.send();
      if (sent?.brief) take(sent.brief);
      tell(sent?.refused);
    } catch {
      setLost(true); // whatever became of a press, the brief is still to be heard
    }
  }, [take, tell]);

  useEffect(() => {
    const changed = () => setUnsent(box.current?.pending() ?? []);
    const kept = new Unsent(account, changed, undefined, () => Date.now() + clock.current);
    box.current = kept;
    setUnsent(kept.pending());
    let over = false;
    let asking = false;
    let timer: number | undefined;
    let mode: "open" | "wait" | "drive" = "open";
    // the picture comes with the brief: on a poor link each round trip is a third of a second
    const hear = async () => {
      if (mode === "drive") return api.get<Brief | null>("/api/field", AbortSignal.timeout(ANSWER_WITHIN_MS));
      const held = mode === "wait" ? HELD_S : 0;
      const asked = performance.now();
      const within = AbortSignal.timeout(ANSWER_WITHIN_MS + held * 1000);
      const body = { width: FIRST_WIDTH, wait_s: held };
      const told = await api.post<Opening | null>("/api/field/opening", body, within);
      const incident = told?.brief?.scene?.incident_id;
      if (!over && told?.picture && incident) {
        const took = held > 0 ? null : performance.now() - asked;
        setFirst({ ...told.picture, incident, at: Date.now(), took });
      }
      return told?.brief ?? null;
    };
    const ask = async () => {
      if (asking) return;
      asking = true;
      window.clearTimeout(timer);
      let next = ASK_EVERY_MS;
      try {
        if (kept.count > 0 && mode !== "open") await flush();
        const told = await hear();
        if (over) return;
        if (!told?.unit) throw new TypeError("not a brief");
        take(told);
        tell(kept.heard());
        if (kept.count > 0 && mode === "open") void flush();
        mode = told.scene ? "drive" : "wait";
        if (!told.scene) next = 0; // the answer itself is held back
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
  }, [account, flush, take, tell]);

  const put = useCallback(
    (item: Item) => {
      setRefused(null);
      box.current?.add(item);
      void flush();
    },
    [flush],
  );
  const ahead = aheadOf(brief, heardAt) ?? order?.ahead ?? null; // a phone's own clock may be minutes wrong
  const unit = brief ? brief.unit : order; // what was heard before the link went, or before the page was opened
  const press = useCallback(
    (step: Step) => {
      if (!unit?.order) return; // without an order there is no button
      const from = seenState(unit, box.current?.pending() ?? []);
      put({ id: fresh(), kind: "step", step, at: serverTime(ahead, Date.now()), order: unit.order, from });
    },
    [put, unit, ahead],
  );
  const support = useCallback(
    (words: string) => {
      if (!unit?.order) return;
      put({ id: fresh(), kind: "support", at: serverTime(ahead, Date.now()), words, order: unit.order });
    },
    [put, unit, ahead],
  );
  return { brief, first, heardAt, lost, unsent, order, refused, press, support };
}
