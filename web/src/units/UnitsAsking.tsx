/** Over the map, wherever the operator looks: crews that ask for support, and units still on the scene of what is over. */
import { useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { Alarm } from "../shell/sound";
import { ApiError } from "../wire/http";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import * as ask from "./actions";
import { askingSupport, stillThere } from "./advice";
import type { Unit } from "./types";
import { useUnits } from "./useUnits";
import "./units.css";

const SHOWN = 3;

type ListProps = {
  units: readonly Unit[];
  since: (unit: Unit) => string | null;
  acts: (unit: Unit) => React.ReactNode;
};

function Rows({ units, since, acts }: ListProps) {
  const { t, language } = useWords();
  const now = useNow();
  return (
    <>
      {units.slice(0, SHOWN).map((unit) => (
        <p key={unit.id} data-unit={unit.id}>
          <span>
            {unit.incident?.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null} {unit.call_sign}{" "}
            <span className="meta">
              {unit.incident?.number} · {age((now - Date.parse(since(unit) ?? "")) / 1000, language)}
            </span>
          </span>
          {acts(unit)}
        </p>
      ))}
      {units.length > SHOWN ? <p className="meta">{t("units.moreAsked", { count: units.length - SHOWN })}</p> : null}
    </>
  );
}

export function UnitsAsking({ go }: { go: (incident: string) => void }) {
  const { t, say } = useWords();
  const { value, again, problem, setProblem } = useUnits();
  const [busy, setBusy] = useState(false);
  const [alarm] = useState(() => new Alarm());
  const calls = askingSupport(value ?? []);
  const asked = stillThere(value ?? []).filter((unit) => unit.asked_at !== null);
  const called = calls.length > 0;
  useEffect(() => {
    alarm.sound(called ? "critical" : null); // until somebody says that it was heard
    return () => alarm.sound(null);
  }, [alarm, called]);
  if (!called && asked.length === 0) return null;
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
  const button = (words: string, act: () => void, filled = false) => (
    <button type="button" className={filled ? "small filled" : "small"} disabled={busy} onClick={act}>
      {words}
    </button>
  );
  return (
    <div className="floating units-asking">
      {called ? (
        <div role="alert" data-testid="support-asked">
          <strong className="support-words">
            <Icon name="triangle" /> {t("units.support")}
          </strong>
          <Rows
            units={calls}
            since={(unit) => unit.support_at}
            acts={(unit) => (
              <>
                {unit.incident ? button(t("new.go"), () => unit.incident && go(unit.incident.id)) : null}
                {button(t("units.supportHeard"), () => void answer(ask.supportHeard(unit.id)), true)}
              </>
            )}
          />
        </div>
      ) : null}
      {asked.length > 0 ? (
        <div role="status" data-testid="still-there">
          <strong>
            <Icon name="triangle" /> {t("units.stillThere")}
          </strong>
          <Rows
            units={asked}
            since={(unit) => unit.asked_at}
            acts={(unit) => (
              <>
                {button(t("units.stays"), () => void answer(ask.stays(unit.id)))}
                {button(t("units.step.clear"), () => void answer(ask.change(unit.id, "clear")))}
              </>
            )}
          />
        </div>
      ) : null}
      {problem ? <p className="meta">{say(problem)}</p> : null}
    </div>
  );
}
