/** What one is watching for and by which law, how long still, and that it is recorded. */

import type { Known } from "../wire/store";
import type { Grant, IncidentDetail, Session } from "../wire/types";
import { span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { Icon } from "./icons";

/** The grant in force that ends last among an incident's. */
export function findActiveGrant(detail: IncidentDetail | null): Grant | null {
  const active = (detail?.grants ?? []).filter((grant) => grant.state === "active");
  return active.sort((a, b) => Date.parse(b.expires_at) - Date.parse(a.expires_at))[0] ?? null;
}

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
  const grant = findActiveGrant(detail);
  const until = grant ? Date.parse(grant.expires_at) : session.duty ? Date.parse(session.duty.until) : null;
  const left = until === null ? null : (until - now) / 1000;
  const drill = session.city.drill || (detail?.drill ?? false);
  return (
    <section
      aria-label={t("purpose.title")}
      className={`purpose ${drill ? "purpose-drill" : ""}`}
      data-testid="purpose"
    >
      <Icon name="lock" />
      <strong>{grant ? t("purpose.under", { basis: say(grant.legal_basis) }) : t("purpose.duty")}</strong>
      <span>{t("purpose.recorded")}</span>
      <span className="meta">
        {detail ? t("purpose.for", { title: say(detail.title), number: detail.number }) : t("purpose.watch")}
      </span>
      {drill ? <strong className="pill pill-drill">{t("drill.strip")}</strong> : null}
      <span className="right">
        {left === null ? null : (
          <span className={left < 60 ? "warn-words" : ""}>
            {left < 60 ? <Icon name="triangle" /> : null} {t(grant ? "purpose.left" : "purpose.dutyLeft")}{" "}
            <strong>{span(left)}</strong>
          </span>
        )}
        <span className={known.connected ? "saving" : "saving saving-lost"}>
          <i className="light" /> {t(known.connected ? "purpose.saving" : "purpose.notConnected")}
        </span>
      </span>
    </section>
  );
}
