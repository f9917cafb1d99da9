/** What the console knows now; decides how changes are batched (the first at once, then at most four a second). */
import { useSyncExternalStore } from "react";
import { api, hasToken } from "./http";
import { type LiveEvent, type LiveListener, listen } from "./live";
import { listenTogether } from "./shared";
import type { CameraChange, Change, IncidentList, IncidentSummary, Link, ViewEnded } from "./types";
import { type UnitsEvent, units } from "./units";

export type Known = {
  incidents: ReadonlyMap<string, IncidentSummary>;
  links: readonly Link[];
  cameras: ReadonlyMap<string, CameraChange>;
  connected: boolean;
  lostAt: number | null;
  heardAt: number | null;
  loaded: boolean;
  closedToday: number;
  /** Open incidents beyond those loaded. */
  beyond: number;
  ackMedian: number | null;
  sitesVersion: number;
  roadsVersion: number;
  /** Moves on when a unit's state changes. */
  unitsVersion: number;
  ended: { reason: string; text: { ko: string; en: string } } | null;
};

const FLUSH_MS = 250;
const nothing: Known = {
  incidents: new Map(),
  links: [],
  cameras: new Map(),
  connected: false,
  lostAt: null,
  heardAt: null,
  loaded: false,
  closedToday: 0,
  beyond: 0,
  ackMedian: null,
  sitesVersion: 0,
  roadsVersion: 0,
  unitsVersion: 0,
  ended: null,
};

export class LiveStore {
  private known: Known = nothing;
  private next: Known = nothing;
  private readonly watchers = new Set<() => void>();
  private readonly endings = new Set<(ended: ViewEnded) => void>();
  private timer: number | undefined;
  private flushedAt = 0;
  private position = 0;
  /** For each list on its way, the incidents heard of since it was asked for: only these may be newer than it. */
  private readonly reloads = new Set<Set<string>>();
  private stopListening: (() => void) | null = null;
  /** Server time minus this machine's, in milliseconds. */
  offset = 0;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  readonly get = (): Known => this.known;

  /** Ends of views skip the batching: the picture must go at once. */
  onViewEnded(act: (ended: ViewEnded) => void): () => void {
    this.endings.add(act);
    return () => this.endings.delete(act);
  }

  /** `whose` names the sign-in whose windows may share one stream; a viewer let in by a code has none. */
  start(whose: string | null): void {
    if (this.stopListening) return;
    // a viewer let in by a code is somebody else than this browser's session, and hears for itself
    const alone = hasToken() || whose === null;
    const open = (listener: LiveListener) => (alone ? listen(listener) : listenTogether(whose, listener));
    this.stopListening = open({
      event: (event) => this.hear(event),
      connected: (yes) => {
        this.change({ connected: yes, lostAt: yes ? null : (this.next.lostAt ?? Date.now()) });
        if (yes) void this.reload();
        if (yes) void units.reload();
      },
    });
  }

  stop(): void {
    this.stopListening?.();
    this.stopListening = null;
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.position = 0;
    this.known = this.next = nothing;
    units.clear();
    for (const watcher of this.watchers) watcher();
  }

  async reload(): Promise<void> {
    const heard = new Set<string>();
    this.reloads.add(heard);
    try {
      const [list, links] = await Promise.all([
        api.get<IncidentList>("/api/incidents?state=open&limit=500"),
        api.get<{ items: Link[] }>("/api/links").catch(() => ({ items: [] as Link[] })),
      ]);
      this.clock(list.checked_at);
      const incidents = new Map(list.items.map((item) => [item.id, item]));
      for (const id of heard) {
        const item = this.next.incidents.get(id);
        if (!item)
          incidents.delete(id); // it ended while the list was on its way
        else if ((incidents.get(id)?.version ?? -1) < item.version) incidents.set(id, item);
      }
      this.change({
        incidents,
        links: links.items,
        loaded: true,
        closedToday: list.closed_today,
        beyond: list.more ? Math.max(0, list.open - list.items.length) : 0,
        ackMedian: list.ack_median_s,
      });
    } catch {
      window.setTimeout(() => this.stopListening && void this.reload(), 3000); // shown as not connected meanwhile
    } finally {
      this.reloads.delete(heard);
    }
  }

  /** Takes an answer to one's own action at once, so that a key press is seen within 100 ms. */
  put(incident: IncidentSummary): void {
    this.merge([incident]);
    this.flush();
  }

  hear(event: LiveEvent): void {
    const data = event.data as Record<string, unknown>;
    this.next = { ...this.next, heardAt: Date.now() };
    if (event.name === "hello" || event.name === "beat") {
      this.clock(String(data.now));
      const position = Number(data.position ?? this.position);
      if (event.name === "hello" && this.position !== 0 && position < this.position) void this.reload();
      this.change({});
    } else if (event.name === "change") this.take(data as unknown as Change);
    else if (event.name === "units") units.hear(data as unknown as UnitsEvent);
    else if (event.name === "ended") this.change({ ended: data as unknown as NonNullable<Known["ended"]> });
  }

  private clock(now: string): void {
    const at = Date.parse(now);
    if (!Number.isNaN(at)) this.offset = at - Date.now();
  }

  private take(change: Change): void {
    this.position = change.position;
    for (const ended of change.views_ended ?? []) for (const act of this.endings) act(ended);
    if (change.incidents?.length) this.merge(change.incidents);
    const more: Partial<Known> = {};
    if (change.links?.length) {
      const links = new Map(this.next.links.map((link) => [link.id, link]));
      for (const link of change.links) links.set(link.id, link);
      more.links = [...links.values()];
    }
    if (change.cameras?.length) {
      const cameras = new Map(this.next.cameras);
      for (const camera of change.cameras) cameras.set(camera.id, camera);
      more.cameras = cameras;
    }
    if (change.units?.length) more.unitsVersion = this.next.unitsVersion + 1;
    if (change.sites_changed) more.sitesVersion = this.next.sitesVersion + 1;
    if (change.roads_changed || change.sites_changed) more.roadsVersion = this.next.roadsVersion + 1;
    this.change(more);
  }

  private merge(items: IncidentSummary[]): void {
    const incidents = new Map(this.next.incidents);
    let closed = 0;
    for (const item of items) {
      for (const heard of this.reloads) heard.add(item.id);
      const old = incidents.get(item.id);
      if (old && old.version > item.version) continue;
      if (item.access === "ended") incidents.delete(item.id);
      else if (item.state === "closed") {
        if (old && old.state === "open") closed += 1;
        incidents.delete(item.id);
      } else incidents.set(item.id, item);
    }
    this.change({ incidents, closedToday: this.next.closedToday + closed });
  }

  private change(part: Partial<Known>): void {
    this.next = { ...this.next, ...part };
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.flushedAt + FLUSH_MS - performance.now());
    if (wait === 0) this.flush();
    else this.timer = window.setTimeout(() => this.flush(), wait);
  }

  private flush(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.flushedAt = performance.now();
    this.known = this.next;
    for (const watcher of this.watchers) watcher();
  }
}

export const live = new LiveStore();
export const useKnown = (): Known => useSyncExternalStore(live.subscribe, live.get);
