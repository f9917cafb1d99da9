/** When the map, the page's largest part and fetched apart, is there: without a link the page works on and asks again. */
import { useEffect, useState } from "react";

type Part = Pick<typeof import("./FieldMap"), "FieldMap">;
const AGAIN_MS = 5000;

export const fetchMap = (): Promise<Part> => import("./FieldMap");

/** Whether the sheet holds nothing; a browser keeps an empty or a closed one for what was lost. */
function isEmpty({ sheet }: HTMLLinkElement): boolean {
  try {
    return (sheet?.cssRules.length ?? 0) === 0;
  } catch {
    return true;
  }
}

/** A style sheet that was lost with the link is not asked for again by the import itself; whether one was. */
function askForLostStyles(): boolean {
  const lost = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")].filter(isEmpty);
  for (const one of lost) one.replaceWith(one.cloneNode());
  return lost.length > 0;
}

export function useFieldMap(wanted: boolean, fetchPart: () => Promise<Part> = fetchMap): Part["FieldMap"] | null {
  const [map, setMap] = useState<Part["FieldMap"] | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    let timer: number | undefined;
    const again = () => {
      window.clearTimeout(timer);
      askForLostStyles();
      ask();
    };
    // the part may have come and its styles, asked for a moment before, not
    const mendStyles = () => {
      if (askForLostStyles()) timer = window.setTimeout(mendStyles, AGAIN_MS);
    };
    const ask = () =>
      fetchPart().then(
        (part) => {
          window.removeEventListener("online", again);
          window.clearTimeout(timer);
          if (over) return;
          setMap(() => part.FieldMap);
          mendStyles();
        },
        () => {
          window.clearTimeout(timer);
          if (!over) timer = window.setTimeout(again, AGAIN_MS);
        },
      );
    void ask();
    window.addEventListener("online", again); // out of the tunnel
    return () => {
      over = true;
      window.clearTimeout(timer);
      window.removeEventListener("online", again);
    };
  }, [wanted, fetchPart]);
  return map;
}
