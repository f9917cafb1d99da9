/** What an agency reads first: which incident, by which law, how long still; and the words when it is over. */
import { useState } from "react";
import { placeWords } from "../incidents/place";
import { LanguageSwitch, ThemeSwitch } from "../shell/controls";
import { Icon, Shape } from "../shell/icons";
import type { Known } from "../wire/store";
import type { Grant, IncidentDetail } from "../wire/types";
import { clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import type { Over } from "./findOver";

function Countdown({ grant, extend }: { grant: Grant; extend: (() => void) | null }) {
  const { t } = useWords();
  const now = useNow();
  const [first] = useState(() => Math.max(1, Date.parse(grant.expires_at) - now));
  const left = Date.parse(grant.expires_at) - now;
  const soon = left < 60_000;
  return (
    <div className={`countdown ${soon ? "warn-words" : ""}`} data-testid="countdown" role="timer">
      <span>{t("viewer.left")}</span>
      <strong>
        {soon ? <Icon name="triangle" /> : null} {span(left / 1000)}
      </strong>
      <i className="countdown-bar" aria-hidden="true">
        <i style={{ width: `${Math.min(100, Math.max(0, (left / first) * 100))}%` }} />
      </i>
      {soon && extend ? (
        <button type="button" className="small" data-testid="extend" onClick={extend}>
          {t("viewer.extend")}
        </button>
      ) : null}
    </div>
  );
}

export function Head({
  detail,
  grant,
  known,
  back,
  extend,
}: {
  detail: IncidentDetail;
  grant: Grant | null;
  known: Known;
  back: (() => void) | null;
  extend: (() => void) | null;
}) {
  const { t, say } = useWords();
  const now = useNow();
  const elapsed = span((now - Date.parse(detail.opened_at)) / 1000);
  return (
    <header className={`viewer-head ${detail.drill ? "row-drill" : ""}`}>
      <Shape severity={detail.severity} label={t(`severity.${detail.severity}`)} />
      <div className="viewer-title">
        <h1>
          {say(detail.title)} <span className="pill pill-source">{say(detail.service_name)}</span>
          {detail.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}
          <span className="meta">{detail.number}</span>
        </h1>
        <p>
          {placeWords(detail, t)}
          {detail.place_estimated ? <strong className="warn-words"> · {t("incident.estimated")}</strong> : null}
          <span className="meta"> · {t("viewer.reported", { time: clockTime(detail.occurred_at), elapsed })}</span>
        </p>
      </div>
      <div className="viewer-law">
        <strong>{grant ? t("purpose.under", { basis: say(grant.legal_basis) }) : ""}</strong>
        <span className={known.connected ? "saving" : "saving saving-lost"} data-testid="viewer-link">
          <i className="light" />
          {known.connected ? `${t("viewer.recorded")} · ${t("viewer.saving")}` : t("purpose.notConnected")}
        </span>
      </div>
      {grant ? <Countdown key={grant.id} grant={grant} extend={extend} /> : null}
      <div className="viewer-tools">
        {back ? (
          <button type="button" className="small" data-testid="viewer-back" onClick={back}>
            {t("viewer.list")}
          </button>
        ) : null}
        <LanguageSwitch /> <ThemeSwitch />
      </div>
    </header>
  );
}

export function Ended({ over, back }: { over: Over; back: (() => void) | null }) {
  const { t, say } = useWords();
  return (
    <main className="viewer-over" data-testid="viewer-ended" role="alert">
      <Icon name="lock" />
      <h1>{t("viewer.ended")}</h1>
      <p>
        {say(over.text)}
        {over.at ? ` · ${t("viewer.endedAt", { time: clockTime(over.at) })}` : ""}
      </p>
      <p className="meta">{t("viewer.endedHelp")}</p>
      {back ? (
        <button type="button" onClick={back}>
          {t("viewer.list")}
        </button>
      ) : null}
    </main>
  );
}
