/** Watching without an incident: which cameras an operator has open, and the tours that change them. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { DutyCamera } from "../tiles/Strip";
import { ApiError, api } from "../wire/http";
import type { Group, SearchItem, Site, SiteCamera } from "../wire/types";

export type Duty = { cameras: DutyCamera[]; from: { site: Site } | null; group: Group | null; step: number };
export const NO_DUTY: Duty = { cameras: [], from: null, group: null, step: 0 };

/** The four cameras that a tour shows at a step; goes round. */
export function tourStep(cameras: readonly string[], step: number): string[] {
  if (cameras.length <= 4) return [...cameras];
  const pages = Math.ceil(cameras.length / 4);
  const at = (step % pages) * 4;
  return cameras.slice(at, at + 4);
}

/** The names by which people know these cameras; the id where the server has none. */
async function namesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const id of ids)
    try {
      const { items } = await api.get<{ items: SearchItem[] }>(`/api/search?q=${encodeURIComponent(id)}`);
      const found = items.find((item) => item.type === "camera" && item.id === id);
      if (found) names.set(id, found.label);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the id has to do
    }
  return names;
}

const tiles = (group: Group, step: number, names: ReadonlyMap<string, string>): DutyCamera[] =>
  tourStep(group.cameras, step).map((id) => ({ id, name: names.get(id) ?? id, aside: group.name }));

export function useDuty() {
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [duty, setDuty] = useState<Duty>(NO_DUTY);
  const watch = useCallback((site: Site, cameras: SiteCamera[]) => {
    setDuty((before) => {
      const fresh = cameras.map((camera) => ({
        id: camera.id,
        name: `${site.name} ${camera.number}`,
        aside: site.address,
      }));
      const kept = before.group ? [] : before.cameras.filter((camera) => !fresh.some((each) => each.id === camera.id));
      return { cameras: [...kept, ...fresh].slice(-4), from: { site }, group: null, step: 0 };
    });
  }, []);
  const play = useCallback((group: Group) => {
    setDuty({ cameras: tiles(group, 0, new Map()), from: null, group, step: 0 });
    void namesOf(group.cameras).then(setNames);
  }, []);
  const stop = useCallback(() => setDuty(NO_DUTY), []);
  const { group } = duty;
  useEffect(() => {
    if (!group?.tour_seconds || group.cameras.length <= 4) return;
    const timer = window.setInterval(
      () => setDuty((before) => ({ ...before, step: before.step + 1 })),
      group.tour_seconds * 1000,
    );
    return () => window.clearInterval(timer);
  }, [group]);
  const cameras = useMemo(() => (duty.group ? tiles(duty.group, duty.step, names) : duty.cameras), [duty, names]);
  return { duty: { ...duty, cameras }, watch, play, stop };
}
