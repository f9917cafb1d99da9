/** Which incident is open, kept for this tab and person: a page loaded anew is not a scene lost. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { IncidentDetail, LngLat } from "../wire/types";

type Docked = { docked: string | null; setDocked: (id: string) => void };

/** Goes to the scene once, as soon as it is known, when the page was loaded anew with one open. */
export function useDocked(account: string, detail: IncidentDetail | null, go: (at: LngLat) => void): Docked {
  const key = `goldentime.docked.${account}`;
  const [docked, setState] = useState(() => keptDocked(account));
  const found = useRef(docked);
  useEffect(() => {
    if (found.current === null || detail?.id !== found.current) return;
    found.current = null;
    if (detail.place) go([detail.place.lon, detail.place.lat]);
  }, [detail, go]);
  const setDocked = useCallback(
    (id: string) => {
      found.current = null;
      try {
        sessionStorage.setItem(key, id);
      } catch {
        // closed storage: a page loaded anew then opens with no scene
      }
      setState(id);
    },
    [key],
  );
  return { docked, setDocked };
}

/** What this person had open in this tab, if anything. */
export function keptDocked(account: string): string | null {
  try {
    return sessionStorage.getItem(`goldentime.docked.${account}`);
  } catch {
    return null; // closed storage
  }
}
