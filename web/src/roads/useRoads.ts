/** The traffic as it is now, and an operator's closing and opening of roads, each taken back as easily. */
import type { FeatureCollection } from "geojson";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { LngLat } from "../wire/types";
import {
  type Closure,
  closedStreets,
  drawnTraffic,
  type NearLink,
  type Problem,
  type RoadLines,
  type Scope,
  type Traffic,
} from "./traffic";

const EVERY_MS = 20_000; // speeds come every few minutes; closures are told at once
/** The place says where the links are once other roads are imported. */
export type ToClose = {
  links: string[];
  lon: number;
  lat: number;
  scope: Scope;
  reason: string;
  until: string | null;
};

/** What closes again what was opened: by its circle, or its links as they are now. */
export function closedAgain({ links, lon, lat, radius, scope, reason, until }: Closure) {
  const at = lon === null || lat === null ? {} : { lon, lat };
  return radius > 0 ? { ...at, radius, scope, reason, until } : { links, ...at, scope, reason, until };
}

const pathOf = (closure: Closure) => `/api/roads/closures/${encodeURIComponent(closure.id)}`;

/** `flow` says whether speeds are drawn; what is closed always is. */
export function useRoads(version: number, flow = true) {
  const [lines, setLines] = useState<{ network: string; drawn: RoadLines } | null>(null);
  const fetched = useRef("");
  const [traffic, setTraffic] = useState<Traffic | null>(null);
  const [at, setAt] = useState<LngLat | null>(null);
  const [done, setDone] = useState<{ closures: readonly Closure[]; act: "closed" | "opened" } | null>(null);
  const [problem, setProblem] = useState<Problem>(null);

  const load = useCallback(async () => {
    try {
      const now = await api.get<Traffic>("/api/roads/traffic");
      setTraffic(now);
      // a big city's lines are fetched only when there is something to draw on them
      if (fetched.current !== now.network && (Object.keys(now.levels).length || now.closures.length)) {
        const drawn = await api.get<RoadLines>("/api/roads/links.geojson");
        fetched.current = now.network;
        setLines({ network: now.network, drawn });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the next look comes soon; the top bar tells of a lost server
    }
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version loads anew
  useEffect(() => {
    void load();
    const timer = window.setInterval(() => void load(), EVERY_MS);
    return () => window.clearInterval(timer);
  }, [load, version]);

  const attempt = useCallback(
    async <T>(work: Promise<T>): Promise<T | null> => {
      try {
        const answer = await work;
        setProblem(null);
        void load();
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setProblem(error.text);
        return null;
      }
    },
    [load],
  );
  const close = useCallback(
    async (asked: ToClose) => {
      const closure = await attempt(api.post<Closure>("/api/roads/closures", asked));
      if (!closure) return;
      setAt(null);
      setDone({ closures: [closure], act: "closed" });
    },
    [attempt],
  );
  const open = useCallback(
    async (closures: readonly Closure[]) => {
      const opened: Closure[] = [];
      for (const each of closures) if (await attempt(api.remove<Closure>(pathOf(each)))) opened.push(each);
      if (opened.length) setDone({ closures: opened, act: "opened" });
    },
    [attempt],
  );
  const undo = useCallback(async () => {
    if (!done) return;
    for (const each of done.closures)
      await attempt(
        done.act === "closed" ? api.remove(pathOf(each)) : api.post("/api/roads/closures", closedAgain(each)),
      );
    setDone(null);
  }, [done, attempt]);
  const near = useCallback(
    async (place: LngLat): Promise<NearLink[]> => {
      const path = `/api/roads/near?lon=${place[0]}&lat=${place[1]}`;
      return (await attempt(api.get<{ items: NearLink[] }>(path)))?.items ?? [];
    },
    [attempt],
  );
  const drawn = useMemo<FeatureCollection | null>(
    () =>
      lines && traffic && lines.network === traffic.network
        ? drawnTraffic(lines.drawn, flow ? traffic : { ...traffic, levels: {} })
        : null,
    [lines, traffic, flow],
  );
  const streets = useMemo(() => closedStreets(traffic?.closures ?? [], lines?.drawn ?? null), [traffic, lines]);
  const ask = useCallback((place: LngLat | null) => {
    setProblem(null);
    setAt(place);
  }, []);
  const dismiss = useCallback(() => setDone(null), []);
  const measuredAt = traffic?.measured_at ?? null;
  return {
    drawn,
    measuredAt,
    streets,
    at,
    ask,
    close,
    open,
    done,
    undo,
    dismiss,
    near,
    problem,
  };
}

export type RoadControl = ReturnType<typeof useRoads>;
