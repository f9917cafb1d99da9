/** Where this device is, told to the centre on a call, or between calls where its crew shares it; never kept here. */
import { useEffect, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { LngLat } from "../wire/types";

export type Fix = { at: LngLat; heading: number | null; time: number };
export type Gps = { fix: Fix | null; problem: "refused" | "unavailable" | null };
const TELL_EVERY_MS = 2000;
const IDLE_EVERY_MS = 10_000; // a unit that waits is where it was; its battery lasts the shift

export function useGps(onCall: boolean, shared = false): Gps {
  const wanted = onCall || shared;
  const every = onCall ? TELL_EVERY_MS : IDLE_EVERY_MS;
  const [gps, setGps] = useState<Gps>({ fix: null, problem: null });
  useEffect(() => {
    if (!wanted) {
      setGps({ fix: null, problem: null });
      return;
    }
    if (!("geolocation" in navigator)) {
      setGps({ fix: null, problem: "unavailable" });
      return;
    }
    let toldAt = 0;
    const seen = ({ coords, timestamp }: GeolocationPosition) => {
      const heading = coords.heading !== null && Number.isFinite(coords.heading) ? coords.heading : null;
      setGps({ fix: { at: [coords.longitude, coords.latitude], heading, time: timestamp }, problem: null });
      if (Date.now() - toldAt < every) return;
      toldAt = Date.now();
      const speed = coords.speed !== null && Number.isFinite(coords.speed) ? coords.speed * 3.6 : null;
      const place = { lon: coords.longitude, lat: coords.latitude, at: new Date(timestamp).toISOString() };
      const more = { speed_kmh: speed, heading, accuracy_m: coords.accuracy };
      api.post("/api/field/position", { ...place, ...more }).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error; // the next one is newer anyway
      });
    };
    const failed = (error: GeolocationPositionError) =>
      setGps((before) => ({ ...before, problem: error.code === error.PERMISSION_DENIED ? "refused" : "unavailable" }));
    const watch = navigator.geolocation.watchPosition(seen, failed, { enableHighAccuracy: true, maximumAge: 1000 });
    return () => navigator.geolocation.clearWatch(watch);
  }, [wanted, every]);
  return gps;
}
