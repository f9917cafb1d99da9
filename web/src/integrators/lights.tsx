/** A linkage's light: one agency, one direction, its age, since when it fails and how much waits. */
import { Icon } from "../shell/icons";
import type { Light } from "../wire/types";
import { age, clockTime, useNow } from "../words/time";
import { useWords } from "../words/words";

export function LightMark({ state }: { state: Light["state"] }) {
  return state === "failed" ? <Icon name="triangle" /> : <i className="light" />;
}

export function LightLine({ light }: { light: Light }) {
  const now = useNow();
  const { t, say, language } = useWords();
  const since = (at: string) => age((now - Date.parse(at)) / 1000, language);
  return (
    <span
      className={`link link-${light.state}`}
      data-testid="linkage-light"
      data-state={light.state}
      data-direction={light.direction}
    >
      <LightMark state={light.state} />
      <strong>{t(`linkage.${light.direction}`)}</strong>
      <span className="meta">
        {light.state === "never" ? say(light.detail) : null}
        {light.state !== "never" && light.last_at ? since(light.last_at) : null}
        {light.failing_since ? ` · ${t("linkage.failingSince", { time: clockTime(light.failing_since) })}` : null}
        {light.waiting > 0 ? ` · ${t("linkage.waiting", { count: light.waiting })}` : null}
      </span>
    </span>
  );
}
