/** The chosen incident in full, fetched anew whenever its version moves on. */
import { useCallback, useEffect, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { IncidentDetail, Text } from "../wire/types";

export type DetailState = { detail: IncidentDetail | null; problem: Text | null };

/** What is left of an incident whose grant has ended, beside its number and the words: nothing. */
const NOTHING = {
  ...{ title: "", content: "", reporter: "", place: null, place_words: "", choice: null },
  ...{ cameras: [], timeline: [], grants: [], views: [], may: {} },
};

/** Numbers the cameras through, whichever widening added them, so that a tile and the map say the same number. */
export function numbered(detail: IncidentDetail): IncidentDetail {
  if (detail.access === "ended") return { ...NOTHING, ...detail };
  return { ...detail, cameras: detail.cameras.map((pick, index) => ({ ...pick, rank: index + 1 })) };
}

export function useDetail(id: string | null, version: number) {
  const [state, setState] = useState<DetailState>({ detail: null, problem: null });
  const [extra, setExtra] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version or a wish to reload fetches anew
  useEffect(() => {
    if (id === null) {
      setState({ detail: null, problem: null });
      return;
    }
    let over = false;
    api
      .get<IncidentDetail>(`/api/incidents/${id}`)
      .then(numbered)
      .then(
        (detail) =>
          !over && setState((before) => ({ detail, problem: before.detail?.id === id ? before.problem : null })),
      )
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (!over)
          setState((before) => ({ detail: before.detail?.id === id ? before.detail : null, problem: error.text }));
      });
    return () => {
      over = true;
    };
  }, [id, version, extra]);
  const put = useCallback(
    (next: Partial<DetailState>) =>
      setState((before) => ({ ...before, ...next, ...(next.detail ? { detail: numbered(next.detail) } : {}) })),
    [],
  );
  const reload = useCallback(() => setExtra((before) => before + 1), []);
  const mine = state.detail?.id === id ? state.detail : null;
  return { detail: mine, problem: state.problem, put, reload };
}
