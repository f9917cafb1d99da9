/** Who may see this incident and by which law, and who is watching now. */
import { Icon } from "../shell/icons";
import type { IncidentDetail } from "../wire/types";
import { clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import type { IncidentActs } from "./Incident";

const SOON_SECONDS = 300; // time enough to prolong it before an agency, and its crews with it, lose the scene

export function Grants({ detail, acts }: { detail: IncidentDetail; acts: IncidentActs }) {
  const { t, say } = useWords();
  const now = useNow();
  const names = new Map(detail.cameras.map((pick) => [pick.camera_id, pick.rank]));
  const place = (cameraId: string) => names.get(cameraId) ?? Number.POSITIVE_INFINITY;
  const watching = [...detail.views].sort((a, b) => place(a.camera_id) - place(b.camera_id));
  return (
    <section className="part" aria-label={t("grant.title")}>
      <h2>
        {t("grant.title")} <span className="meta">{t("grant.watching", { count: detail.views.length })}</span>
      </h2>
      {detail.grants.length === 0 ? <p className="meta">{t("grant.none")}</p> : null}
      <ul className="plain-list">
        {detail.grants.map((grant) => {
          const left = (Date.parse(grant.expires_at) - now) / 1000;
          return (
            <li key={grant.id} data-testid="grant" data-state={grant.state}>
              <div>
                <strong>{say(grant.agency?.name) || grant.unit?.name}</strong> {grant.person ?? ""}
                <span className="meta"> {say(grant.legal_basis)}</span>
              </div>
              {grant.state === "active" ? (
                <div className="grant-foot">
                  <span className={left < SOON_SECONDS ? "warn-words" : ""}>
                    {left < SOON_SECONDS ? <Icon name="triangle" /> : null} {t("grant.left", { time: span(left) })}
                  </span>
                  <button type="button" className="small" onClick={() => acts.extend(grant.id)}>
                    {t("grant.extend")}
                  </button>
                  <button type="button" className="small" data-testid="revoke" onClick={() => acts.revoke(grant.id)}>
                    {t("grant.revoke")}
                  </button>
                </div>
              ) : (
                <div className="meta">
                  {say(grant.ended_text) || t(grant.state === "revoked" ? "grant.revoked" : "grant.ended")}
                  {grant.ended_at ? ` · ${clockTime(grant.ended_at)}` : ""}
                </div>
              )}
            </li>
          );
        })}
        {watching.map((view) => (
          <li key={view.id} className="watcher">
            <b className="number">{names.get(view.camera_id) ?? "·"}</b> {view.who}{" "}
            <span className="meta">{say(view.agency?.name)}</span>
            <span className="meta right">{t("grant.since", { time: clockTime(view.since) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
