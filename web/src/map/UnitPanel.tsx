/** A unit that was clicked: who it is, what it does, how old and how sure its place is. */
import { useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { type MovingUnit, units } from "../wire/units";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import { STALE_SECONDS } from "./units";

type Props = { unitId: string; open?: (incident: string) => void; close: () => void };

function useUnit(id: string): MovingUnit | null {
  const [unit, setUnit] = useState<MovingUnit | null>(() => units.units.get(id) ?? null);
  useEffect(() => {
    const read = () => setUnit(units.units.get(id) ?? null);
    read();
    return units.subscribe(read);
  }, [id]);
  return unit;
}

export function UnitPanel({ unitId, open, close }: Props) {
  const { t, language } = useWords();
  const unit = useUnit(unitId);
  const now = useNow();
  if (!unit) return null;
  const old = Math.max(0, now / 1000 - unit.seenAt);
  const incident = unit.incident;
  return (
    <aside className="floating unit-panel" aria-label={t("moving.title")} data-testid="unit-panel">
      <header>
        <strong>{unit.call_sign}</strong>
        <button type="button" className="plain right" aria-label={t("word.close")} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <p className="meta">
        {t(`moving.kind.${unit.kind ?? "unknown"}`)}
        {unit.state ? ` · ${t(`moving.state.${unit.state}`)}` : ""}
      </p>
      <p className={old > STALE_SECONDS ? "problem" : "meta"} data-testid="unit-age">
        {t("moving.seen")} {age(old, language)}
        {old > STALE_SECONDS ? ` · ${t("moving.stale")}` : ""}
        {unit.onRoad ? "" : ` · ${t("moving.offRoad")}`}
      </p>
      <p className="meta">
        {t("moving.speed")} {unit.kmh < 2 ? t("moving.standing") : t("moving.kmh", { value: unit.kmh })}
        {" · "}
        {t("moving.source")} {t(`moving.source.${unit.source}`)}
      </p>
      {incident && open ? (
        <div className="actions">
          <button type="button" className="filled" data-testid="unit-incident" onClick={() => open(incident)}>
            {t("moving.openIncident")}
          </button>
        </div>
      ) : null}
    </aside>
  );
}
