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

/** A style sheet that was lost with the link is not asked for again by the import itself. */
function askForLostStyles(): void {
  for (const one of document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]"))
    if (isEmpty(one)) one.replaceWith(one.cloneNode());
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
    const ask = () =>
      fetchPart().then(
        (part) => {
          window.removeEventListener("online", again);
          if (!over) setMap(() => part.FieldMap);
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
