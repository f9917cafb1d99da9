/** What an operator is watching for and by which law, how long the duty lasts still, and that it is recorded. */

import type { Known } from "../wire/store";
import type { IncidentDetail, Session } from "../wire/types";
import { span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { Icon } from "./icons";

export function PurposeStrip({
  session,
  detail,
  known,
}: {
  session: Session;
  detail: IncidentDetail | null;
  known: Known;
}) {
  const { t, say } = useWords();
  const now = useNow();
  // the operator's ground is duty, also on an incident; an agency's ground stands in the incident's list of access
  const until = session.duty ? Date.parse(session.duty.until) : null;
  const left = until === null ? null : (until - now) / 1000;
  const mine = session.duty?.camera_purposes ?? null;
  const drill = session.city.drill || (detail?.drill ?? false);
  return (
    <section
      aria-label={t("purpose.title")}
      className={`purpose ${drill ? "purpose-drill" : ""}`}
      data-testid="purpose"
    >
      <Icon name="lock" />
      <strong>{t("purpose.duty")}</strong>
      <span>{t("purpose.recorded")}</span>
      <span className="meta">
        {detail ? t("purpose.for", { title: say(detail.title), number: detail.number }) : t("purpose.watch")}
      </span>
      {mine ? (
        <span className="meta">
          {t("purpose.cameras", { names: mine.map((one) => t(`cameras.${one}`)).join(", ") })}
        </span>
      ) : null}
      {drill ? <strong className="pill pill-drill">{t("drill.strip")}</strong> : null}
      <span className="right">
        {left === null ? null : (
          <span className={left < 60 ? "warn-words" : ""}>
            {left < 60 ? <Icon name="triangle" /> : null} {t("purpose.dutyLeft")} <strong>{span(left)}</strong>
          </span>
        )}
        <span className={known.connected ? "saving" : "saving saving-lost"}>
          <i className="light" /> {t(known.connected ? "purpose.saving" : "purpose.notConnected")}
        </span>
      </span>
    </section>
  );
}
