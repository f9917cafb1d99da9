/** What floats over the map of the roads: how many are closed, which, and the taking back of what was just done. */
import { useState } from "react";
import { Icon } from "../shell/icons";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";
import type { Closure } from "./traffic";
import type { RoadControl } from "./useRoads";
import "./roads.css";

export function RoadBar({ control }: { control: RoadControl }) {
  const { t, say } = useWords();
  const [shown, setShown] = useState(false);
  const { closures, done, problem } = control;
  const name = (closure: Closure) => closure.roads.join(", ") || t("roads.noName");
  if (closures.length === 0 && !done) return null;
  return (
    <div className="floating road-bar" data-testid="road-bar">
      {done ? (
        <span role="status">
          {t(done.act === "closed" ? "roads.closed" : "roads.opened", { name: name(done.closure) })}
          <button type="button" className="small" data-testid="road-undo" onClick={() => void control.undo()}>
            {t("roads.undo")}
          </button>
          <button type="button" className="plain" aria-label={t("word.close")} onClick={control.dismiss}>
            <Icon name="close" />
          </button>
        </span>
      ) : null}
      {closures.length ? (
        <button
          type="button"
          className="small"
          aria-expanded={shown}
          data-testid="road-closures"
          onClick={() => setShown(!shown)}
        >
          {t("roads.count", { count: closures.length })}
        </button>
      ) : null}
      {shown && closures.length ? (
        <ul className="road-list">
          {closures.map((closure) => (
            <li key={closure.id}>
              <strong>{name(closure)}</strong> <span>{t(`roads.scope.${closure.scope}`)}</span>
              {closure.reason ? <span> · {closure.reason}</span> : null}
              <span className="meta">
                {closure.until ? t("roads.until", { time: clockTime(closure.until) }) : t("roads.untilOpened")}
              </span>
              <button
                type="button"
                className="small"
                data-testid="road-open"
                onClick={() => void control.open(closure)}
              >
                {t("roads.open")}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {problem ? <span className="problem">{say(problem)}</span> : null}
    </div>
  );
}
