/** The signals asked to let an incident's driving units through: which, in what state, and a switch for each unit. */
import { useEffect, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { Text } from "../wire/types";
import { useWords } from "../words/words";
import { type Drive, drivesOf, type SignalsNow } from "./signals_ahead";
import type { Unit } from "./types";

const AGAIN_MS = 2000; // a green comes and goes within seconds

function useSignals(on: boolean) {
  const [now, setNow] = useState<SignalsNow | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  useEffect(() => {
    if (!on) {
      setNow(null);
      return;
    }
    let over = false;
    const once = () =>
      api
        .get<SignalsNow>("/api/signals")
        .then((found) => {
          if (!over) setNow(found);
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
  }, [on]);
  return { now, setNow, problem, setProblem };
}

export function Signals({ incident, units }: { incident: string; units: readonly Unit[] }) {
  const { t, say } = useWords();
  const driving = units.filter((unit) => unit.state === "en_route");
  const { now, setNow, problem, setProblem } = useSignals(driving.length > 0);
  if (driving.length === 0 || now === null || !now.configured) return null;
  const turn = (unit: string, on: boolean) =>
    api
      .post(`/api/units/${encodeURIComponent(unit)}/signal-priority`, { on })
      .then(() => setNow({ ...now, off: on ? now.off.filter((each) => each !== unit) : [...now.off, unit] }))
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        setProblem(error.text);
      });
  return (
    <div className="signals" data-testid="signals">
      <p className="unit-head">
        <strong>{t("signals.title")}</strong>
        {now.up ? null : <span className="pill want-missing">{t("signals.down")}</span>}
      </p>
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      <ul className="unit-list">
        {drivesOf(now, driving, incident).map((drive) => (
          <SignalRow key={drive.unit} drive={drive} turn={turn} />
        ))}
      </ul>
    </div>
  );
}

function SignalRow({ drive, turn }: { drive: Drive; turn: (unit: string, on: boolean) => void }) {
  const { t, say } = useWords();
  return (
    <li className="signal-row" data-testid="signal-row" data-unit={drive.unit}>
      <strong>{drive.callSign}</strong>
      <span className="signal-steps">
        {drive.off ? <span className="meta">{t("signals.isOff")}</span> : null}
        {!drive.off && drive.ahead.length === 0 ? <span className="meta">{t("signals.none")}</span> : null}
        {drive.ahead.map((each) => (
          <span key={each.id} className={`pill signal-${each.state}`} data-state={each.state}>
            {each.name} · {say(each.words)}
          </span>
        ))}
        {drive.more > 0 ? <span className="meta">{t("signals.more", { count: drive.more })}</span> : null}
      </span>
      <button
        type="button"
        className="small"
        data-testid="signal-switch"
        aria-pressed={!drive.off}
        onClick={() => turn(drive.unit, drive.off)}
      >
        {t(drive.off ? "signals.on" : "signals.off")}
      </button>
    </li>
  );
}
