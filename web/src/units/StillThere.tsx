/** Over the map: units still on the scene of what is over, once they have been asked, wherever the operator looks. */
import { useState } from "react";
import { Icon } from "../shell/icons";
import { ApiError } from "../wire/http";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import * as ask from "./actions";
import { stillThere } from "./advice";
import { useUnits } from "./useUnits";
import "./units.css";

const SHOWN = 3;

export function StillThere() {
  const { t, say, language } = useWords();
  const now = useNow();
  const { value, again, problem, setProblem } = useUnits();
  const [busy, setBusy] = useState(false);
  const asked = stillThere(value ?? []).filter((unit) => unit.asked_at !== null);
  if (asked.length === 0) return null;
  const answer = async (work: Promise<unknown>) => {
    setBusy(true);
    try {
      await work;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
    setBusy(false);
    again();
  };
  return (
    <div className="floating still-there" role="status" data-testid="still-there">
      <strong>
        <Icon name="triangle" /> {t("units.stillThere")}
      </strong>
      {asked.slice(0, SHOWN).map((unit) => (
        <p key={unit.id} data-unit={unit.id}>
          <span>
            {unit.call_sign}{" "}
            <span className="meta">
              {unit.incident?.number} · {age((now - Date.parse(unit.asked_at ?? "")) / 1000, language)}
            </span>
          </span>
          <button type="button" className="small" disabled={busy} onClick={() => void answer(ask.stays(unit.id))}>
            {t("units.stays")}
          </button>
          <button
            type="button"
            className="small"
            disabled={busy}
            onClick={() => void answer(ask.change(unit.id, "clear"))}
          >
            {t("units.step.clear")}
          </button>
        </p>
      ))}
      {asked.length > SHOWN ? <p className="meta">{t("units.moreAsked", { count: asked.length - SHOWN })}</p> : null}
      {problem ? <p className="meta">{say(problem)}</p> : null}
    </div>
  );
}
