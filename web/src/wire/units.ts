/** Where units are, as the feed tells: kept beside React, since they move every second and only the map draws them all. */
import { api } from "./http";

export const UNIT_KINDS = ["patrol", "engine", "ladder", "ambulance", "rescue", "command"] as const;
export const UNIT_STATES = ["available", "ordered", "en_route", "on_scene", "clear"] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];
export type UnitState = (typeof UNIT_STATES)[number];
export type UnitSource = "wire" | "api" | "mqtt" | "cot" | "field";

/** Who a unit is; kind and state are null while nobody has registered it. */
export type UnitWho = {
  id: string;
  agency: string | null;
  call_sign: string;
  kind: UnitKind | null;
  state: UnitState | null;
  incident: string | null;
  source: UnitSource;
};
/** Id, lon, lat, heading, km/h, seconds since 1970, whether on a known road. */
export type UnitRow = [string, number, number, number | null, number, number, 0 | 1];
export type UnitsEvent = { full: boolean; units: UnitWho[]; at: UnitRow[]; gone: string[] };
export type MovingUnit = UnitWho & {
  at: [number, number];
  heading: number | null;
  kmh: number;
  seenAt: number;
  onRoad: boolean;
};

export class UnitStore {
  readonly units = new Map<string, MovingUnit>();
  private readonly who = new Map<string, UnitWho>();
  private readonly watchers = new Set<() => void>();

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  hear(event: UnitsEvent): void {
    if (event.full) {
      this.units.clear();
      this.who.clear();
    }
    for (const one of event.units) {
      this.who.set(one.id, one);
      const known = this.units.get(one.id);
      if (known) this.units.set(one.id, { ...known, ...one });
    }
    for (const [id, lon, lat, heading, kmh, seenAt, onRoad] of event.at) {
      const who = this.who.get(id);
      if (!who) continue;
      const known = this.units.get(id);
      if (known && known.seenAt > seenAt) continue; // a list that was asked for may be older than what was heard since
      this.units.set(id, { ...who, at: [lon, lat], heading, kmh, seenAt, onRoad: onRoad === 1 });
    }
    for (const id of event.gone) {
      this.units.delete(id);
      this.who.delete(id);
    }
    this.tell();
  }

  /** Reads all of them; the feed goes on from there. */
  async reload(): Promise<void> {
    try {
      this.hear(await api.get<UnitsEvent>("/api/unit-positions"));
    } catch {
      return; // the feed tells of all at its next connection
    }
  }

  clear(): void {
    this.units.clear();
    this.who.clear();
    this.tell();
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}

export const units = new UnitStore();
