/** What the operator's buttons and keys do to the chosen incident. */
import { useMemo } from "react";
import * as step from "../incidents/actions";
import type { IncidentActs } from "../incidents/Incident";
import type { DetailState } from "../incidents/useDetail";
import { ApiError, api } from "../wire/http";
import type { IncidentDetail, LngLat } from "../wire/types";
import { useWords } from "../words/words";

type Around = {
  detail: IncidentDetail | null;
  placing: LngLat | null;
  setPlacing: (at: LngLat | null) => void;
  run: (work: Promise<IncidentDetail>) => Promise<boolean>;
  put: (next: Partial<DetailState>) => void;
  reload: () => void;
  go: (at: LngLat) => void;
  ask: (what: "share" | "close" | "sighting") => void;
  /** To the cameras chosen last. */
  newest: () => void;
  /** Show another incident. */
  open: (incident: string) => void;
};

export function useActs({
  detail,
  placing,
  setPlacing,
  run,
  put,
  reload,
  go,
  ask,
  newest,
  open,
}: Around): IncidentActs {
  const { t } = useWords();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the setters never change their meaning
  return useMemo(() => {
    const id = detail?.id ?? null;
    const on = (work: (id: string) => Promise<IncidentDetail>) => () => {
      if (id !== null) void run(work(id));
    };
    const grant = async (path: string, body: object) => {
      try {
        await api.post(path, body);
        reload();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        put({ problem: error.text });
      }
    };
    const place = () => {
      if (!detail?.place) return;
      if (placing) {
        void run(step.confirmPlace(detail.id, placing[0], placing[1]));
        setPlacing(null);
        return;
      }
      setPlacing([detail.place.lon, detail.place.lat]);
      go([detail.place.lon, detail.place.lat]);
    };
    return {
      acknowledge: on(step.acknowledge),
      take: on(step.take),
      release: on(step.release),
      widen: () => {
        newest();
        on(step.widen)();
      },
      share: () => id !== null && ask("share"),
      sighting: () => id !== null && ask("sighting"),
      close: () => id !== null && ask("close"),
      note: (text, action) => (id === null ? Promise.resolve(false) : run(step.addNote(id, text, action))),
      revoke: (which) => void grant(`/api/grants/${which}/revoke`, { reason: t("grant.revokeReason") }),
      extend: (which) => void grant(`/api/grants/${which}/extend`, { minutes: 10 }),
      place,
      keepPlace: () => setPlacing(null),
      pair: (other, what) => {
        if (id !== null) void grant(`/api/incidents/${id}/pairings/${other}/${what}`, {});
      },
      open,
      again: reload,
    };
  }, [detail, placing, run, put, reload, go, open, t]);
}
