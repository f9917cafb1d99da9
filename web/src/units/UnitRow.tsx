/** One unit in the incident's list: when it arrives or since when it is there, why it stands here, what may be done. */
import { Icon } from "../shell/icons";
import { age, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { nextStep } from "./advice";
import type { Step, Suggested, Unit } from "./types";

export type RowActs = {
  order: (units: readonly Suggested[]) => void;
  step: (unit: Unit, step: Step) => void;
  callBack: (unit: Unit) => void;
  stays: (unit: Unit) => void;
};

/** A shape for each state, told apart without colour: empty, half, arrow, full, back. */
export function StateMark({ state }: { state: Unit["state"] }) {
  return (
    <svg className={`unit-mark unit-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {state === "available" ? (
        <circle cx="8" cy="8" r="5.500" fill="none" stroke="currentColor" strokeWidth="2" />
      ) : null}
      {state === "ordered" ? (
        <>
          <path d="M8 2a6 6 0 0 0 0 12z" className="half" />
          <circle cx="8" cy="8" r="6" className="rim" />
        </>
      ) : null}
      {state === "en_route" ? <path d="M3 3l11 5-11 5 3-5z" fill="currentColor" /> : null}
      {state === "on_scene" ? <circle cx="8" cy="8" r="6" fill="currentColor" /> : null}
      {state === "clear" ? <path d="M13 13V8a4 4 0 0 0-8 0v2M2 8l3 3 3-3" className="line" /> : null}
    </svg>
  );
}

type CandidateProps = { row: Suggested; sign: string; acts: RowActs; mayOrder: boolean };

export function CandidateRow({ row, sign, acts, mayOrder }: CandidateProps) {
  const { t, say } = useWords();
  const { unit } = row;
  const free = row.fitness === "suggested" || row.fitness === "possible" || row.fitness === "held";
  return (
    <li className={`unit-row fit-${row.fitness}`} data-testid="unit" data-unit={unit.id} data-fitness={row.fitness}>
      <strong className="unit-minutes">{row.seconds === null ? "–" : span(row.seconds)}</strong>
      <div>
        <strong>{sign}</strong> <span className="meta">{say(unit.kind_name)}</span>
        {row.last_of_beat ? <span className="pill unit-held">{t("units.held")}</span> : null}
        <p className="meta">
          {row.reasons
            .slice(row.seconds === null ? 0 : 1)
            .map(say)
            .join(" · ")}
        </p>
      </div>
      {mayOrder && free ? (
        <button type="button" className="small" data-testid="order-unit" onClick={() => acts.order([row])}>
          {t(row.needs_sharing ? "units.shareAndOrder" : "units.order")}
        </button>
      ) : null}
    </li>
  );
}

/** `joined` is the number of the joined incident it was sent to. */
type OnCallProps = { unit: Unit; sign: string; joined?: string | null; seconds: number | null; acts: RowActs };

export function OnCallRow({ unit, sign, joined = null, seconds, acts }: OnCallProps) {
  const { t, say, language } = useWords();
  const now = useNow();
  const since = unit.state_at ? (now - Date.parse(unit.state_at)) / 1000 : 0;
  const next = nextStep(unit);
  const asked = unit.asked_at !== null;
  return (
    <li className="unit-row" data-testid="on-call" data-unit={unit.id} data-state={unit.state}>
      <StateMark state={unit.state} />
      <div>
        <strong>{sign}</strong> <span>{say(unit.state_name)}</span> <span className="meta">{age(since, language)}</span>
        <p className="meta">
          {[
            seconds !== null && unit.state !== "on_scene" ? t("units.arrivesIn", { time: span(seconds) }) : "",
            unit.place.age_s === null
              ? t("units.noPosition")
              : t("units.position", { age: age(unit.place.age_s, language) }),
            unit.state_by === "arrival" ? t("units.byPosition") : "",
            joined ? t("units.joined", { number: joined }) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
        {asked ? (
          <p className="unit-asked" data-testid="asked">
            <Icon name="triangle" /> {t("units.stillThere")}
            <button type="button" className="small" onClick={() => acts.stays(unit)}>
              {t("units.stays")}
            </button>
          </p>
        ) : null}
      </div>
      <span className="unit-buttons">
        {next ? (
          <button type="button" className="small" data-testid="next-step" onClick={() => acts.step(unit, next)}>
            {t(`units.step.${next}`)}
          </button>
        ) : null}
        {unit.may_call_back ? (
          <button type="button" className="small" data-testid="call-back" onClick={() => acts.callBack(unit)}>
            {t("units.callBack")}
          </button>
        ) : unit.may.includes("take_back") ? (
          <button type="button" className="small" data-testid="take-back" onClick={() => acts.step(unit, "take_back")}>
            {t("units.step.take_back")}
          </button>
        ) : null}
      </span>
    </li>
  );
}
