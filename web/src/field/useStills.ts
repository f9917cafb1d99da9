/** How a camera is seen as stills: one view opened for them, each fetched as small as the rung says, and given back. */
import { useEffect, useRef, useState } from "react";
import { ApiError, api, request, whole } from "../wire/http";
import type { Text, View } from "../wire/types";
import { type Rung, STILLS } from "./ladder";

export type Still = {
  url: string | null;
  at: number | null;
  watermark: string;
  ended: Text | null;
  problem: Text | null;
};
const none: Still = { url: null, at: null, watermark: "", ended: null, problem: null };
const ANSWER_WITHIN_MS = 12_000;
const ASK_AGAIN_MS = 1500;

type Asked = { cameraId: string; incidentId: string; rung: Rung; tell: (ms: number | null) => void };

export function useStills({ cameraId, incidentId, rung, tell }: Asked): Still {
  const [still, setStill] = useState<Still>(none);
  const wanted = rung !== "full";
  const told = useRef(tell);
  told.current = tell;
  const size = useRef(rung);
  size.current = rung;
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    let view: View | null = null;
    let timer: number | undefined;
    let url: string | null = null;
    const again = (ms: number) => {
      if (!over) timer = window.setTimeout(() => void step(), ms);
    };
    const step = async () => {
      try {
        const ask = { camera_id: cameraId, incident_id: incidentId };
        view ??= await api.post<View>("/api/views", ask, AbortSignal.timeout(ANSWER_WITHIN_MS));
        if (over) return giveBack(view);
        const opened = view;
        const { width, everyMs } = STILLS[size.current === "full" ? "low" : size.current];
        const asked = performance.now();
        const answer = await request(`${opened.still}?width=${width}`, {
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        });
        const picture = URL.createObjectURL(await whole(answer.blob()));
        const took = performance.now() - asked;
        if (over) return URL.revokeObjectURL(picture);
        if (url) URL.revokeObjectURL(url);
        url = picture;
        setStill({ url, at: Date.now(), watermark: opened.watermark, ended: null, problem: null });
        told.current(took);
        again(Math.max(0, everyMs - took));
      } catch (error) {
        if (over) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 403) {
          setStill({ ...none, ended: error.text });
          return;
        }
        if (error.status === 0) told.current(null);
        else setStill((before) => ({ ...before, problem: error.text })); // no picture yet, or the camera does not answer
        again(ASK_AGAIN_MS);
      }
    };
    setStill((before) => ({ ...before, ended: null, problem: null }));
    void step();
    return () => {
      over = true;
      window.clearTimeout(timer);
      if (url) URL.revokeObjectURL(url);
      if (view) giveBack(view);
      setStill(none);
    };
  }, [cameraId, incidentId, wanted]);
  return still;
}

function giveBack(view: View): void {
  api.remove(`/api/views/${view.view_id}`).catch(() => {
    // the server ends it by its missing heartbeat
  });
}
