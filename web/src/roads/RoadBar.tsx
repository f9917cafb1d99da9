/** What floats over the map of the roads: how many are closed, which, and the taking back of what was just done. */
import { useState } from "react";
import { Icon } from "../shell/icons";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";
import type { ClosedStreet, Closure } from "./traffic";
import type { RoadControl } from "./useRoads";
import "./roads.css";

function useName() {
  const { t } = useWords();
  return (closure: Closure) => closure.roads.join(", ") || t("roads.noName");
}

export function RoadBar({ control }: { control: RoadControl }) {
  const { t, say } = useWords();
  const [shown, setShown] = useState(false);
  const { streets, done, problem } = control;
  const name = useName();
  const doneName = done?.closures[0] ? name(done.closures[0]) : "";
  if (streets.length === 0 && !done) return null;
  return (
    <div className="floating road-bar" data-testid="road-bar">
      {done ? (
        <span role="status">
          {t(done.act === "closed" ? "roads.closed" : "roads.opened", { name: doneName })}
          <button type="button" className="small" data-testid="road-undo" onClick={() => void control.undo()}>
            {t("roads.undo")}
          </button>
          <button type="button" className="plain" aria-label={t("word.close")} onClick={control.dismiss}>
            <Icon name="close" />
          </button>
        </span>
      ) : null}
      {streets.length ? (
        <button
          type="button"
          className="small"
          aria-expanded={shown}
          data-testid="road-closures"
          onClick={() => setShown(!shown)}
        >
          {t("roads.count", { count: streets.length })}
        </button>
      ) : null}
      {shown && streets.length ? (
        <ul className="road-list">
          {streets.map((street) => (
            <StreetRow key={street.closures[0]?.id} street={street} open={control.open} />
          ))}
        </ul>
      ) : null}
      {problem ? <span className="problem">{say(problem)}</span> : null}
    </div>
  );
}

function StreetRow({ street, open }: { street: ClosedStreet; open: RoadControl["open"] }) {
  const { t } = useWords();
  const name = useName();
  const [closure] = street.closures;
  if (!closure) return null;
  const missing = street.closures.reduce((sum, each) => sum + each.missing_links, 0);
  const all = street.closures.reduce((sum, each) => sum + each.links.length, 0);
  return (
    <li data-testid="road-closed">
      <strong>{name(closure)}</strong> {street.bothWays ? <span>{t("roads.bothWays")} · </span> : null}
      <span>{t(`roads.scope.${closure.scope}`)}</span>
      {closure.reason ? <span> · {closure.reason}</span> : null}
      <span className="meta">
        {closure.until ? t("roads.until", { time: clockTime(closure.until) }) : t("roads.untilOpened")}
      </span>
      {missing ? (
        <span className="problem" data-testid="road-missing">
          <Icon name="triangle" /> {missing < all ? t("roads.partlyMissing", { count: missing }) : t("roads.missing")}
        </span>
      ) : null}
      <button type="button" className="small" data-testid="road-open" onClick={() => void open(street.closures)}>
        {t("roads.open")}
      </button>
    </li>
  );
}
