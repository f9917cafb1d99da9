/** Watching without an incident: which cameras an operator has open, and the tours that change them. */
import { useCallback, useEffect, useState } from "react";
import type { DutyCamera } from "../tiles/Strip";
import type { Group, Site, SiteCamera } from "../wire/types";

export type Duty = { cameras: DutyCamera[]; from: { site: Site } | null; group: Group | null; step: number };
export const NO_DUTY: Duty = { cameras: [], from: null, group: null, step: 0 };

/** The four cameras that a tour shows at a step; goes round. */
export function tourStep(cameras: readonly string[], step: number): string[] {
  if (cameras.length <= 4) return [...cameras];
  const pages = Math.ceil(cameras.length / 4);
  const at = (step % pages) * 4;
  return cameras.slice(at, at + 4);
}

export function useDuty() {
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
    setDuty({
      cameras: tourStep(group.cameras, 0).map((id) => ({ id, name: id, aside: group.name })),
      from: null,
      group,
      step: 0,
    });
  }, []);
  const stop = useCallback(() => setDuty(NO_DUTY), []);
  const { group } = duty;
  useEffect(() => {
    if (!group?.tour_seconds || group.cameras.length <= 4) return;
    const timer = window.setInterval(
      () =>
        setDuty((before) => ({
          ...before,
          step: before.step + 1,
          cameras: tourStep(group.cameras, before.step + 1).map((id) => ({ id, name: id, aside: group.name })),
        })),
      group.tour_seconds * 1000,
    );
    return () => window.clearInterval(timer);
  }, [group]);
  return { duty, watch, play, stop };
}
