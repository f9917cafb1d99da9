/** Whether signals are drawn: while the open incident has a unit driving, unless the operator said otherwise. */
import type { FeatureCollection } from "geojson";
import { useEffect, useMemo, useState } from "react";
import type { SignalRequest } from "../units/signals_ahead";
import { useSignals } from "../units/signals_now";
import { units } from "../wire/units";
import { useWords } from "../words/words";
import { signalFeatures } from "./signals";

export function isDriving(incident: string | null): boolean {
  if (incident === null) return false;
  for (const unit of units.units.values()) if (unit.incident === incident && unit.state === "en_route") return true;
  return false;
}

function useDriving(incident: string | null): boolean {
  const [driving, setDriving] = useState(false);
  useEffect(() => {
    const read = () => setDriving(isDriving(incident));
    read();
    return units.subscribe(read);
  }, [incident]);
  return driving;
}

export function useSignalLayer(incident: string | null) {
  const { say } = useWords();
  const driving = useDriving(incident);
  const [said, setSaid] = useState<{ on: boolean; incident: string | null } | null>(null);
  // what was said of one incident is not said of the next
  const on = said && said.incident === incident ? said.on : driving;
  const { now } = useSignals(on);
  const drawn = useMemo<FeatureCollection | null>(
    () =>
      on && now?.configured
        ? signalFeatures(now.requests, (each: SignalRequest) => `${each.call_sign} · ${say(each.state_text)}`)
        : null,
    [on, now, say],
  );
  return {
    on,
    set: (next: boolean) => setSaid({ on: next, incident }),
    drawn,
    asked: now?.configured ? (drawn?.features.length ?? 0) : null,
    centreUp: now?.up ?? true,
  };
}
