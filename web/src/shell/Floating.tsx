/** What floats over the map: the ring, the offer to look at something new, the menu of a point, the turning of a camera. */

import { placeWords } from "../incidents/place";
import { mayWiden, widenWords } from "../tiles/Strip";
import type { IncidentDetail, IncidentSummary, LngLat } from "../wire/types";
import { useWords } from "../words/words";
import { Icon, Shape } from "./icons";
import type { AimControl } from "./useAim";

export function RingPill({
  detail,
  sites,
  widen,
}: {
  detail: IncidentDetail;
  sites: number | null;
  widen: () => void;
}) {
  const { t } = useWords();
  const choice = detail.choice;
  if (!choice) return null;
  return (
    <div className="floating ring-pill" data-testid="ring">
      <span>{t("ring.title")}</span> <strong data-testid="radius">{t("ring.metres", { metres: choice.radius })}</strong>
      <span className="meta">{t("ring.sites", { count: sites || choice.sites_in_ring })}</span>
      {detail.may.widen !== false && detail.state === "open" && mayWiden(detail) ? (
        <button type="button" className="small" data-testid="widen" onClick={widen}>
          {widenWords(detail, t)} <kbd>]</kbd>
        </button>
      ) : null}
    </div>
  );
}

export function NewPill({ item, go, dismiss }: { item: IncidentSummary; go: () => void; dismiss: () => void }) {
  const { t, say } = useWords();
  return (
    <div className="floating new-pill" role="status" data-testid="new-critical">
      <Shape severity={item.severity} />
      <strong>{t("new.critical")}</strong>{" "}
      {item.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}{" "}
      <span>{item.place_words || item.place ? placeWords(item, t) : say(item.title)}</span>
      <button type="button" className="small" data-testid="go" onClick={go}>
        {t("new.go")} <kbd>G</kbd>
      </button>
      <button type="button" className="plain" aria-label={t("word.close")} onClick={dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}

export type Spot = { at: LngLat; screen: { x: number; y: number } };

export function SpotMenu({
  spot,
  open,
  near,
  place,
  sighting,
  closeRoad,
  close,
}: {
  spot: Spot;
  open: () => void;
  near: () => void;
  place: (() => void) | null;
  sighting: (() => void) | null;
  closeRoad: () => void;
  close: () => void;
}) {
  const { t } = useWords();
  return (
    <div
      className="menu spot-menu"
      role="menu"
      style={{ left: spot.screen.x, top: spot.screen.y }}
      onKeyDown={(event) => event.code === "Escape" && close()}
    >
      <button type="button" role="menuitem" data-testid="spot-open" onClick={open}>
        {t("map.openHere")}
      </button>
      <button type="button" role="menuitem" onClick={near}>
        {t("map.goHere")}
      </button>
      {place ? (
        <button type="button" role="menuitem" data-testid="spot-place" onClick={place}>
          {t("map.placeHere")}
        </button>
      ) : null}
      {sighting ? (
        <button type="button" role="menuitem" data-testid="spot-sighting" onClick={sighting}>
          {t("map.seenHere")} <kbd>V</kbd>
        </button>
      ) : null}
      <button type="button" role="menuitem" data-testid="spot-close-road" onClick={closeRoad}>
        {t("roads.closeHere")}
      </button>
      <button type="button" role="menuitem" onClick={close}>
        {t("word.cancel")}
      </button>
    </div>
  );
}

export function AimBar({ control }: { control: AimControl }) {
  const { t, say } = useWords();
  const { aiming, undo, problem } = control;
  if (!aiming && !undo) return null;
  return (
    <div className="floating aim-bar" data-testid="aim-bar">
      {aiming ? (
        <>
          <strong>{aiming.name}</strong>
          <span>{t("aim.help")}</span>
          <label className="aim-number">
            <input
              type="number"
              min={0}
              max={359}
              value={Math.round(aiming.aim.bearing)}
              aria-label={t("aim.bearing")}
              data-testid="aim-bearing"
              onChange={(event) => control.turn(Number(event.target.value))}
            />
            °
          </label>
          <button
            type="button"
            className="small filled"
            data-testid="aim-confirm"
            onClick={() => void control.confirm()}
          >
            {t("aim.confirm")}
          </button>
          <button type="button" className="small" onClick={control.cancel}>
            {t("word.cancel")}
          </button>
        </>
      ) : (
        <>
          <span>{t("aim.done", { name: undo?.name ?? "" })}</span>
          <button type="button" className="small" data-testid="aim-undo" onClick={() => void control.takeBack()}>
            {t("aim.undo")}
          </button>
          <button type="button" className="plain" aria-label={t("word.close")} onClick={control.cancel}>
            <Icon name="close" />
          </button>
        </>
      )}
      {problem ? <span className="problem">{say(problem)}</span> : null}
    </div>
  );
}
