/** How the link is measured while the small stream plays: a still of one width is timed now and then, and thrown away. */
import { useEffect, useRef } from "react";
import { ApiError, request, whole } from "../wire/http";
import { PROBE } from "./ladder";

const ANSWER_WITHIN_MS = 8000;

export function useProbe(viewId: string | null, wanted: boolean, tell: (ms: number | null) => void): void {
  const told = useRef(tell);
  told.current = tell;
  useEffect(() => {
    if (!wanted || viewId === null) return;
    let over = false;
    const probe = async () => {
      const asked = performance.now();
      try {
        const path = `/api/views/${viewId}/still.jpg?width=${PROBE.width}`;
        await whole((await request(path, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })).blob());
        if (!over) told.current(performance.now() - asked);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error; // the picture itself says when the link does not carry it
      }
    };
    const timer = window.setInterval(() => void probe(), PROBE.everyMs);
    return () => {
      over = true;
      window.clearInterval(timer);
    };
  }, [viewId, wanted]);
}
