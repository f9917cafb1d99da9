/** What a crew pressed and the link has not taken yet: kept on the device in order, sent again until it is taken. */
import { ApiError, api, NOT_OURS } from "../wire/http";
import type { Text } from "../wire/types";
import type { Brief, State, Step } from "./brief";

export type Item =
  | { id: string; kind: "step"; step: Step; at: string; order: string; from: State }
  | { id: string; kind: "support"; at: string; words: string; order: string };
export type Sent = { brief: Brief | null; refused: Text | null };

const KEY = "goldentime.field.unsent";
const SEND_WITHIN_MS = 8000;

/** The store of one unit's items; another unit's on the same device are not sent under this one's name. */
export class Unsent {
  private items: Item[];
  private readonly key: string;
  private busy: Promise<Sent | null> | null = null;

  constructor(
    account: string,
    private readonly changed: (count: number) => void,
    private readonly disk: Storage | null = window.localStorage,
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

  private async sendAll(): Promise<Sent | null> {
    let brief: Brief | null = null;
    let refused: Text | null = null;
    while (this.items[0]) {
      const item = this.items[0];
      try {
        brief = (await post(item)) ?? brief;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!isFinal(error)) return brief || refused ? { brief, refused } : null;
        refused = error.text;
      }
      this.items = this.items.filter((other) => other.id !== item.id);
      this.write();
    }
    return { brief, refused };
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
