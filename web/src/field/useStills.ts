/** How a camera is seen as stills: one view opened for them, each fetched as small as the rung says, and given back. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Seen } from "../tiles/seen";
import { ApiError, api, request, whole } from "../wire/http";
import type { Text, View } from "../wire/types";
import type { Heard } from "./brief";
import { type Rung, STILLS } from "./ladder";

export type Still = {
  url: string | null;
  at: number | null;
  watermark: string;
  /** Whether the camera has a small stream; null until a view has told. */
  hasLow: boolean | null;
  ended: Text | null;
  problem: Text | null;
  /** Of which view the picture is. */
  viewId: string | null;
};
const none: Still = { url: null, at: null, watermark: "", hasLow: null, ended: null, problem: null, viewId: null };
const ANSWER_WITHIN_MS = 12_000;
const ASK_AGAIN_MS = 1500;
const FIRST_LIVES_MS = 8000; // the view that came with the brief ends by itself when nobody fetches through it

type Asked = {
  cameraId: string;
  incidentId: string;
  /** The picture that came with the brief: its view is gone on with. */
  first: Heard | null;
  rung: Rung;
  wanted: boolean;
  tell: (ms: number | null) => void;
};

/** `loaded` is for the picture's own element: only then somebody sees it. */
export function useStills({ cameraId, incidentId, first, rung, wanted, tell }: Asked): Still & { loaded: () => void } {
  const [still, setStill] = useState<Still>(none);
  const told = useRef(tell);
  told.current = tell;
  const size = useRef(rung);
  size.current = rung;
  const begun = useRef(first);
  const shown = useRef<string | null>(null);
  // the last picture stays, with its age, until the moving one covers it; it goes with the tile
  useEffect(
    () => () => {
      if (shown.current) URL.revokeObjectURL(shown.current);
    },
    [],
  );
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    let view: View | null = null;
    let timer: number | undefined;
    const again = (ms: number) => {
      if (!over) timer = window.setTimeout(() => void step(), ms);
    };
    const show = (picture: Blob, opened: View, at: number) => {
      if (shown.current) URL.revokeObjectURL(shown.current);
      shown.current = URL.createObjectURL(picture);
      const hasLow = opened.has_low ?? false;
      const { watermark, view_id: viewId } = opened;
      setStill({ url: shown.current, at, watermark, hasLow, ended: null, problem: null, viewId });
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
        const picture = await whole(answer.blob());
        const took = performance.now() - asked;
        if (over) return;
        show(picture, opened, Date.now());
        told.current(took);
        again(Math.max(0, everyMs - took));
      } catch (error) {
        if (over) return;
        if (!(error instanceof ApiError)) throw error;
        const had = view !== null;
        if (error.status === 403 && !had) {
          setStill({ ...none, ended: error.text }); // no other may be opened: the look is over
          return;
        }
        if (error.status === 403 || error.status === 404) view = null; // this view is over: whether the look is, another tells
        if (error.status === 0) told.current(null);
        else setStill((before) => ({ ...before, problem: error.text })); // no picture yet, or the camera does not answer
        again(ASK_AGAIN_MS);
      }
    };
    const came = begun.current;
    begun.current = null;
    setStill((before) => ({ ...before, ended: null, problem: null }));
    if (came?.camera_id === cameraId && came.incident === incidentId && Date.now() - came.at < FIRST_LIVES_MS) {
      view = came.view;
      if (came.still) show(unpacked(came.still), came.view, came.at);
      if (came.still && came.took !== null) told.current(came.took);
      again(came.still ? STILLS.still.everyMs / 4 : 0);
    } else void step();
    return () => {
      over = true;
      window.clearTimeout(timer);
      if (view) giveBack(view);
    };
  }, [cameraId, incidentId, wanted]);
  const seen = useRef(new Seen());
  const { viewId } = still;
  const loaded = useCallback(() => {
    if (viewId) seen.current.tell(viewId);
  }, [viewId]);
  return { ...still, loaded };
}

function unpacked(base64: string): Blob {
  return new Blob([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], { type: "image/jpeg" });
}

function giveBack(view: View): void {
  api.remove(`/api/views/${view.view_id}`).catch(() => {
    // the server ends it by its missing heartbeat
  });
}
