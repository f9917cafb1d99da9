/** Keeps the map's units as they are known: redrawn when they move, and once a second for their age. */
import { useEffect } from "react";
import { type UnitKind, units } from "../wire/units";
import { age, serverNow } from "../words/time";
import { useWords, word } from "../words/words";
import type { CityView } from "./city_view";
import { unitFeatures } from "./units";

const EVERY_MS = 1000;
const AT_MOST_MS = 250; // 4 a second, whatever comes

export function useUnits(view: CityView | null): void {
  const { language } = useWords();
  useEffect(() => {
    if (!view) return;
    let drawnAt = 0;
    let waiting: number | undefined;
    let shown = 0;
    const draw = () => {
      waiting = undefined;
      if (document.hidden || (units.units.size === 0 && shown === 0)) return;
      drawnAt = performance.now();
      shown = units.units.size;
      const now = serverNow() / 1000;
      const spoken = {
        now,
        age: (seconds: number) => age(seconds, language),
        letter: (kind: UnitKind | "unknown") => word(language, `moving.letter.${kind}`),
      };
      view.showUnits(unitFeatures(units.units.values(), spoken));
    };
    const soon = () => {
      waiting ??= window.setTimeout(draw, Math.max(0, drawnAt + AT_MOST_MS - performance.now()));
    };
    const stop = units.subscribe(soon);
    const timer = window.setInterval(() => performance.now() - drawnAt >= EVERY_MS * 0.9 && soon(), EVERY_MS);
    soon();
    return () => {
      stop();
      window.clearInterval(timer);
      window.clearTimeout(waiting);
    };
  }, [view, language]);
}
