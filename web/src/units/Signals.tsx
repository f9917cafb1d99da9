/** The signals asked to let an incident's driving units through: which, in what state, and a switch for each unit. */
import { useWords } from "../words/words";
import { AllSignals } from "./AllSignals";
import { type Drive, drivesOf } from "./signals_ahead";
import { turn, useSignals } from "./signals_now";
import type { Unit } from "./types";

export function Signals({ incident, units }: { incident: string; units: readonly Unit[] }) {
  const { t, say } = useWords();
  const driving = units.filter((unit) => unit.state === "en_route");
  const { now, problem } = useSignals(driving.length > 0);
  if (driving.length === 0 || now === null || !now.configured) return null;
  return (
    <div className="signals" data-testid="signals">
      <p className="unit-head">
        <strong>{t("signals.title")}</strong>
        {now.up ? null : <span className="pill want-missing">{t("signals.down")}</span>}
      </p>
      {now.all_off ? (
        <p className="unit-head">
          <AllSignals now={now} />
        </p>
      ) : null}
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      <ul className="unit-list">
        {drivesOf(now, driving, incident).map((drive) => (
          <SignalRow key={drive.unit} drive={drive} />
        ))}
      </ul>
    </div>
  );
}

function SignalRow({ drive }: { drive: Drive }) {
  const { t, say } = useWords();
  return (
    <li className="signal-row" data-testid="signal-row" data-unit={drive.unit}>
      <strong>{drive.callSign}</strong>
      <span className="signal-steps">
        {drive.off ? <span className="meta">{t(`signals.is.${drive.off}`)}</span> : null}
        {!drive.off && drive.ahead.length === 0 ? <span className="meta">{t("signals.none")}</span> : null}
        {drive.ahead.map((each) => (
          <span key={each.id} className={`pill signal-${each.state}`} data-state={each.state}>
            {each.name} · {say(each.words)}
          </span>
        ))}
        {drive.more > 0 ? <span className="meta">{t("signals.more", { count: drive.more })}</span> : null}
      </span>
      {drive.off === "for_all" ? null : (
        <button
          type="button"
          className="small"
          data-testid="signal-switch"
          aria-label={`${drive.callSign} ${t("signals.title")} ${t(drive.off ? "signals.on" : "signals.off")}`}
          onClick={() => void turn(drive.unit, drive.off !== null)}
        >
          {t(drive.off ? "signals.on" : "signals.off")}
        </button>
      )}
    </li>
  );
}
