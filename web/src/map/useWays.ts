/** The ways of the units that drive to the open incident, asked anew while one does: they move and roads change. */
import type { FeatureCollection } from "geojson";
import { useEffect, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { LngLat } from "../wire/types";
import { type UnitState, units } from "../wire/units";

const AGAIN_MS = 4000;
const NONE: FeatureCollection = { type: "FeatureCollection", features: [] };

export type SeenWay = { unit: string; state: UnitState; line: LngLat[] };

export const wayFeatures = (ways: readonly SeenWay[]): FeatureCollection => ({
  type: "FeatureCollection",
  features: ways
    .filter((way) => way.line.length > 1)
    .map((way) => ({
      type: "Feature",
      geometry: { type: "LineString", coordinates: way.line },
      properties: { unit: way.unit, driving: way.state === "en_route" },
    })),
});

/** Which units are ordered to the incident or drive there, in one word that changes with them. */
export function underWay(incident: string | null): string {
  const found: string[] = [];
  for (const unit of units.units.values())
    if (incident !== null && unit.incident === incident && (unit.state === "ordered" || unit.state === "en_route"))
      found.push(`${unit.id}/${unit.state}`);
  return found.sort().join();
}

export function useWays(incident: string | null): FeatureCollection {
  const [who, setWho] = useState("");
  const [drawn, setDrawn] = useState(NONE);
  useEffect(() => {
    const read = () => setWho(underWay(incident));
    read();
    return units.subscribe(read);
  }, [incident]);
  useEffect(() => {
    if (incident === null || who === "") {
      setDrawn(NONE);
      return;
    }
    let over = false;
    let asked = 0;
    let told = 0; // the newest question answered: over a poor link an older answer may land after it
    const lands = (number: number) => {
      if (over || number < told) return false;
      told = number;
      return true;
    };
    const once = async () => {
      const number = ++asked;
      try {
        const found = await api.get<{ items: SeenWay[] }>(`/api/incidents/${encodeURIComponent(incident)}/ways`);
        if (lands(number)) setDrawn(wayFeatures(found.items));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (lands(number)) setDrawn(NONE); // a way that may be another by now is not shown as the way
      }
    };
    void once();
    const timer = window.setInterval(() => document.hidden || void once(), AGAIN_MS);
    return () => {
      over = true;
      window.clearInterval(timer);
    };
  }, [incident, who]);
  return drawn;
}
