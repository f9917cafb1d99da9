/** What a crew pressed and the link has not taken yet: kept on the device in order, sent again until it is taken. */
import { ApiError, api, NOT_OURS } from "../wire/http";
import type { Text } from "../wire/types";
import { clockTime } from "../words/time";
import { both } from "../words/words";
import type { Brief, State, Step } from "./brief";

export type Item =
  | { id: string; kind: "step"; step: Step; at: string; order: string; from: State }
  | { id: string; kind: "support"; at: string; words: string; order: string };
export type Sent = { brief: Brief | null; refused: Text | null };

const KEY = "goldentime.field.unsent";
const SEND_WITHIN_MS = 8000;
const TRIES = 3; // in a row, then it stands aside for the others
const AGAIN_AFTER_MS = 30_000;
const BELIEVED_MS = 3600_000; // the server takes a press for no older
/** How often in a row an item did not get through though the server was heard, and when it is tried again. */
type Failed = { tries: number; again: number };

/** The store of one unit's items; another unit's on the same device are not sent under this one's name. */
export class Unsent {
  private items: Item[];
  private readonly key: string;
  private busy: Promise<Sent | null> | null = null;
  private readonly failed = new Map<string, Failed>();
  private doubted: string | null = null; // the last one that did not get through: the link's fault, or its own

  constructor(
    account: string,
    private readonly changed: (count: number) => void,
    private readonly disk: Storage | null = openStorage(),
    /** The server's time now, as far as this device knows it. */
    private readonly clock: () => number = Date.now,
  ) {
    this.key = `${KEY}.${account}`;
    this.items = this.read();
    this.changed(this.items.length);
  }

  get count(): number {
    return this.items.length;
  }

  /** The steps pressed and not yet taken, so that a button shows what was pressed. */
  pending(): Item[] {
    return [...this.items];
  }

  add(item: Item): void {
    this.items.push(item);
    this.write();
  }

  /** Sends what waits, in order; null when nothing could be sent now, and it all stays. */
  send(): Promise<Sent | null> {
    this.busy ??= this.sendAll().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  /** Told when the server was heard: what did not get through just before is refused by something on the way.
   * After some tries it stands aside; after an hour it is given up, and the words for its crew come back. */
  heard(): Text | null {
    const item = this.items.find((one) => one.id === this.doubted);
    this.doubted = null;
    if (!item) return null;
    const tries = (this.failed.get(item.id)?.tries ?? 0) + 1;
    this.failed.set(item.id, { tries, again: performance.now() + AGAIN_AFTER_MS });
    if (tries < TRIES || this.clock() - Date.parse(item.at) < BELIEVED_MS) return null;
    this.drop(item);
    return givenUp(item);
  }

  private async sendAll(): Promise<Sent | null> {
    let brief: Brief | null = null;
    let refused: Text | null = null;
    this.doubted = null;
    for (let item = this.next(); item; item = this.next()) {
      try {
        brief = (await post(item)) ?? brief;
      } catch (error) {
        if (!(error instanceof ApiError && isFinal(error))) {
          this.doubted = item.id; // no link, or no answer of the server's own, in whatever form
          return brief || refused ? { brief, refused } : null;
        }
        refused = error.text;
      }
      this.drop(item);
    }
    return { brief, refused };
  }

  /** The first that may go, those that stand aside last; no step goes before an earlier one of its order. */
  private next(): Item | undefined {
    const now = performance.now(); // no clock set anew holds it back
    const steps = new Set<string>();
    const free = this.items.filter((one) => {
      if (one.kind === "support") return true;
      const behind = steps.has(one.order);
      steps.add(one.order);
      return !behind;
    });
    const isAside = ({ id }: Item) => (this.failed.get(id)?.tries ?? 0) >= TRIES;
    return free.find((one) => !isAside(one)) ?? free.find((one) => (this.failed.get(one.id)?.again ?? 0) <= now);
  }

  private drop(item: Item): void {
    this.items = this.items.filter((other) => other.id !== item.id);
    this.failed.delete(item.id);
    this.write();
  }

  private read(): Item[] {
    try {
      return JSON.parse(this.disk?.getItem(this.key) ?? "[]") as Item[];
    } catch {
      return []; // closed storage, or what another version wrote
    }
  }

  private write(): void {
    try {
      this.disk?.setItem(this.key, JSON.stringify(this.items));
    } catch {
      // kept in memory only
    }
    this.changed(this.items.length);
  }
}

function openStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null; // closed to the page: kept in memory only
  }
}

function givenUp(item: Item): Text {
  const time = clockTime(item.at);
  if (item.kind === "support") return both("field.supportGivenUp", { time });
  const step = both(`units.step.${item.step}`);
  return {
    ko: both("field.stepGivenUp", { time, step: step.ko }).ko,
    en: both("field.stepGivenUp", { time, step: step.en }).en,
  };
}

/** Whether the server itself refuses, and always would; a lost link, its trouble, or what a proxy says is not final. */
export const isFinal = (error: ApiError): boolean =>
  error.code !== NOT_OURS && error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429;

const REACHES: Record<Exclude<Step, "take_back">, State> = {
  depart: "en_route",
  arrive: "on_scene",
  clear: "clear",
  return: "available",
};
const BACK: Partial<Record<State, State>> = { en_route: "ordered", on_scene: "en_route", clear: "on_scene" };

/** The state the crew sees its unit in: the server's, moved on by what was pressed on this order and still waits. */
export function seenState(unit: Pick<Brief["unit"], "order" | "state">, unsent: readonly Item[]): State {
  const last = unsent.findLast((one) => one.kind === "step" && one.order === unit.order);
  if (last?.kind !== "step") return unit.state;
  return last.step === "take_back" ? (BACK[last.from] ?? unit.state) : REACHES[last.step];
}

async function post(item: Item): Promise<Brief | null> {
  const signal = AbortSignal.timeout(SEND_WITHIN_MS);
  if (item.kind === "step") {
    const { step, at, order, from } = item;
    const brief = await api.post<Brief | null>("/api/field/steps", { step, at, order, from }, signal);
    if (!brief?.unit) throw new TypeError("not a brief"); // something between answered: it was not taken
    return brief;
  }
  const { id, at, words, order } = item;
  const taken = await api.post<{ taken?: boolean } | null>(
    "/api/field/support",
    { request: id, at, words, order },
    signal,
  );
  if (taken?.taken !== true) throw new TypeError("not taken");
  return null;
}
