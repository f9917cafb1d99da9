/** The advice for an incident and the units in use, asked again when the record moves on and while units drive. */
import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../wire/http";
import { useKnown } from "../wire/store";
import type { Text } from "../wire/types";
import * as ask from "./actions";
import type { Advice, Unit } from "./types";

const AGAIN_MS = 10_000; // positions move; what people do is heard of at once

/** Asks whenever `on` or what `key` names changes, and every ten seconds; an answer that comes too late is dropped. */
function useAsked<T>(question: (() => Promise<T>) | null, key: string) {
  const [found, setFound] = useState<{ key: string; value: T } | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const [extra, setExtra] = useState(0);
  const whose = key.split(" ")[0] ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the question depends on
  useEffect(() => {
    if (question === null) {
      setFound(null);
      setProblem(null);
      return;
    }
    let over = false;
    const once = () =>
      question()
        .then((value) => {
          if (over) return;
          setFound({ key: whose, value });
          setProblem(null);
        })
        .catch((error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
          if (!over) setProblem(error.text);
        });
    void once();
    const timer = window.setInterval(() => void once(), AGAIN_MS);
    return () => {
      over = true;
      window.clearInterval(timer);
    };
  }, [key, extra, question === null]);
  const again = useCallback(() => setExtra((before) => before + 1), []);
  return { value: found?.key === whose ? found.value : null, problem, setProblem, again };
}

/** `recorded` moves on with every entry of the incident's record. */
export function useAdvice(incident: string, recorded: number, open: boolean) {
  const { unitsVersion } = useKnown();
  return useAsked<Advice>(open ? () => ask.advice(incident) : null, `${incident} ${recorded} ${unitsVersion}`);
}

export function useUnits(on = true) {
  const { unitsVersion } = useKnown();
  return useAsked<Unit[]>(on ? ask.units : null, `units ${unitsVersion}`);
}
