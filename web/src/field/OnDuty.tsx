/** Between calls: whether the crew is still on the scene of what is over, and whether its place is told while it waits. */
import { useState } from "react";
import { Icon } from "../shell/icons";
import { stays } from "../units/actions";
import { ApiError } from "../wire/http";
import type { Text } from "../wire/types";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";
import type { Brief, Step } from "./brief";
import { findSharing, keepSharing } from "./sharing";
import type { Gps } from "./useGps";

/** The question its dispatcher's screen asks too: without an answer the unit is taken to have left in the end. */
export function StillThereAsked({ brief, press }: { brief: Brief; press: (step: Step) => void }) {
  const { t, say } = useWords();
  const [answered, setAnswered] = useState<string | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const { asked_at: asked, id, state } = brief.unit;
  if (asked === null || state !== "on_scene" || answered === asked) return null;
  const stay = () => {
    setAnswered(asked);
    stays(id).then(
      () => setProblem(null),
      (error: unknown) => {
        setAnswered(null); // asked again: it was not heard
        setProblem(error instanceof ApiError ? error.text : { ko: t("field.unheard"), en: t("field.unheard") });
      },
    );
  };
  return (
    <section className="field-asked" role="alert" data-testid="field-asked">
      <strong>
        <Icon name="triangle" /> {t("units.stillThere")}
      </strong>
      <button type="button" data-testid="field-stays" onClick={stay}>
        {t("units.stays")}
      </button>
      <button
        type="button"
        data-testid="field-left"
        onClick={() => {
          setAnswered(asked);
          press("clear");
        }}
      >
        {t("field.clear")}
      </button>
      {problem ? <p className="meta">{say(problem)}</p> : null}
    </section>
  );
}

export type Sharing = { until: number | null; turn: (on: boolean) => void };

export function useSharing(account: string, now: number): Sharing {
  const [until, setUntil] = useState(() => findSharing(account, now));
  const turn = (on: boolean) => {
    keepSharing(account, on, now);
    setUntil(on ? (findSharing(account, now) ?? now + 3600_000) : null);
  };
  return { until: until !== null && now < until ? until : null, turn };
}

export function SharingSwitch({ sharing, gps }: { sharing: Sharing; gps: Gps }) {
  const { t } = useWords();
  const { until, turn } = sharing;
  return (
    <div className="field-sharing">
      <label>
        <input
          type="checkbox"
          data-testid="field-sharing"
          checked={until !== null}
          onChange={(event) => turn(event.target.checked)}
        />{" "}
        <strong>{t("field.share")}</strong>
      </label>
      <p className="meta">
        {until === null ? t("field.shareHelp") : t("field.shareOn", { time: clockTime(until).slice(0, 5) })}
      </p>
      {until !== null && gps.problem ? <p className="meta">{t(`field.gps.${gps.problem}`)}</p> : null}
    </div>
  );
}
