/** Turning a camera's sector by hand: drag, confirm, undo. */
import { useCallback, useState } from "react";
import type { Aim } from "../map/city_view";
import { ApiError, api } from "../wire/http";
import type { Site, SiteCamera, Text } from "../wire/types";

type Aiming = { cameraId: string; name: string; aim: Aim; before: SiteCamera };

export function useAim() {
  const [aiming, setAiming] = useState<Aiming | null>(null);
  const [undo, setUndo] = useState<Aiming | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const [version, setVersion] = useState(0);
  const begin = useCallback((site: Site, camera: SiteCamera) => {
    setUndo(null);
    setProblem(null);
    const aim = {
      at: [site.lon, site.lat] as [number, number],
      bearing: camera.bearing ?? 0,
      field: camera.field || 60,
      reach: Math.min(camera.reach || 80, 120),
    };
    setAiming({ cameraId: camera.id, name: `${site.name} ${camera.number}`, aim, before: camera });
  }, []);
  const turn = useCallback(
    (bearing: number) =>
      setAiming((now) => (now ? { ...now, aim: { ...now.aim, bearing: (bearing + 360) % 360 } } : now)),
    [],
  );
  const put = useCallback(async (cameraId: string, body: { bearing: number | null; field: number; reach: number }) => {
    try {
      await api.put(`/api/cameras/${encodeURIComponent(cameraId)}/aim`, body);
      setVersion((before) => before + 1);
      setProblem(null);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
      return false;
    }
  }, []);
  const confirm = useCallback(async () => {
    if (!aiming) return;
    const { bearing, field, reach } = aiming.aim;
    if (await put(aiming.cameraId, { bearing, field, reach })) {
      setUndo(aiming);
      setAiming(null);
    }
  }, [aiming, put]);
  const takeBack = useCallback(async () => {
    if (!undo) return;
    const { bearing, field, reach } = undo.before;
    if (await put(undo.cameraId, { bearing, field: field || 60, reach: reach || 80 })) setUndo(null);
  }, [undo, put]);
  const cancel = useCallback(() => {
    setAiming(null);
    setUndo(null);
  }, []);
  return { aiming, undo, problem, version, begin, turn, confirm, takeBack, cancel };
}
export type AimControl = ReturnType<typeof useAim>;
