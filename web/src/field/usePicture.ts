/** How one picture is fetched beside the scene's own: in its turn, and again and again until the link has carried it. */
import { useEffect, useState } from "react";
import { ApiError, request, whole } from "../wire/http";

const ANSWER_WITHIN_MS = 12_000;
const AGAIN_MS = 4000;

/** An address to show it by; null until it is there. One that is refused or no longer kept is not asked for again. */
export function usePicture(path: string, wanted: boolean): string | null {
  const [shown, setShown] = useState<{ path: string; url: string } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    let asking = false;
    let refused = false;
    let url: string | null = null;
    let timer: number | undefined;
    const ask = async () => {
      if (asking || refused || url !== null) return;
      asking = true;
      window.clearTimeout(timer);
      try {
        const answer = await request(path, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
        const picture = await whole(answer.blob());
        if (over) return;
        url = URL.createObjectURL(picture);
        setShown({ path, url });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused = [401, 403, 404].includes(error.status);
        if (!over && !refused) timer = window.setTimeout(() => void ask(), AGAIN_MS);
      } finally {
        asking = false;
      }
    };
    const now = () => void ask();
    void ask();
    window.addEventListener("online", now); // out of the tunnel
    return () => {
      over = true;
      window.clearTimeout(timer);
      window.removeEventListener("online", now);
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [path, wanted]);
  return shown?.path === path ? shown.url : null;
}
