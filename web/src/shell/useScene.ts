/** What of the chosen incident is before the operator: which four cameras, the ring on the map, and where the markers stand. */
import { useMemo } from "react";
import type { Scene } from "../map/CityMap";
import type { Known } from "../wire/store";
import type { IncidentDetail, LngLat } from "../wire/types";

export function useScene({
  detail,
  turned,
  placing,
  known,
}: {
  detail: IncidentDetail | null;
  /** The page of four that was turned to; beyond the last means the last. */
  turned: number;
  /** Where its place is being dragged to. */
  placing: LngLat | null;
  known: Known;
}) {
  const cameras = detail?.cameras ?? [];
  const pages = Math.max(1, Math.ceil(cameras.length / 4));
  const page = Math.min(turned, pages - 1);
  const picks = useMemo(() => (detail?.cameras ?? []).slice(page * 4, page * 4 + 4), [detail, page]);
  const at = detail?.place ? ([detail.place.lon, detail.place.lat] as LngLat) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ring is redrawn when what it shows changes, not with every timeline entry
  const scene = useMemo<Scene | null>(
    () => (detail && at ? { id: detail.id, at, radius: detail.choice?.radius ?? 500, picks } : null),
    [detail?.id, at?.[0], at?.[1], detail?.choice?.radius, picks.map((pick) => pick.camera_id).join()],
  );
  const incidents = useMemo(() => {
    const all = [...known.incidents.values()];
    return detail && placing
      ? all.map((item) => (item.id === detail.id ? { ...item, place: { lon: placing[0], lat: placing[1] } } : item))
      : all;
  }, [known.incidents, detail, placing]);
  return { picks, page, pages, scene, incidents };
}
