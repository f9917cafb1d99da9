/** The chosen incident: who, where, what may be done now, what happened so far. */
import { useEffect, useRef } from "react";
import { ClockLine } from "../golden/ClockLine";
import { Icon, Shape } from "../shell/icons";
import { Dispatch } from "../units/Dispatch";
import type { IncidentDetail, PairStep, Text } from "../wire/types";
import { clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import type { Agency } from "./dialogs";
import { Grants } from "./Grants";
import { ENDED_BY_SENDER, nextAction } from "./next";
import { Pairs } from "./Pairs";
import { placeWords } from "./place";
import { sourceWords } from "./Queue";
import { NoteField, Timeline } from "./Timeline";
import { VideoControl } from "./VideoControl";

export type IncidentActs = {
  acknowledge: () => void;
  take: () => void;
  release: () => void;
  widen: () => void;
  share: () => void;
  sighting: () => void;
  close: () => void;
  /** Whether it was kept. */
  note: (text: string, action: boolean) => Promise<boolean>;
  revoke: (grant: string) => void;
  extend: (grant: string) => void;
  place: () => void;
  /** Leave the place as it is. */
  keepPlace: () => void;
  pair: (other: string, step: PairStep) => void;
  open: (incident: string) => void;
  /** Read it anew. */
  again: () => void;
};
type Props = {
  detail: IncidentDetail;
  me: string;
  problem: Text | null;
  placing: boolean;
  acts: IncidentActs;
  agencies: readonly Agency[];
};

function Actions({ detail, me, acts }: Props) {
  const { t } = useWords();
  const done = detail.acknowledged_at !== null;
  const mine = detail.owner?.id === me;
  const open = detail.state === "open";
  const main = nextAction(detail);
  const filled = (name: string) => (main === name ? "filled" : "");
  return (
    <div className="actions">
      <button
        type="button"
        data-testid="acknowledge"
        className={filled("acknowledge")}
        disabled={!open || done || detail.may.acknowledge === false}
        aria-label={done ? t("action.acknowledged") : undefined}
        title={done ? t("action.acknowledged") : undefined}
        onClick={acts.acknowledge}
      >
        {done ? <Icon name="check" /> : t("action.acknowledge")}
        {done ? null : <kbd>A</kbd>}
      </button>
      <button
        type="button"
        data-testid="take"
        className={filled("take")}
        disabled={!open || (!mine && detail.may.take === false)}
        onClick={mine ? acts.release : acts.take}
      >
        {t(mine ? "action.release" : "action.take")} <kbd>T</kbd>
      </button>
      <button type="button" data-testid="share" disabled={!open || detail.may.share === false} onClick={acts.share}>
        {t("action.share")} <kbd>S</kbd>
      </button>
      <button type="button" data-testid="sighting" disabled={!open} onClick={acts.sighting}>
        {t("action.sighting")} <kbd>V</kbd>
      </button>
      <button
        type="button"
        data-testid="close"
        className={filled("close")}
        disabled={!open || detail.may.close === false}
        onClick={acts.close}
      >
        {t("action.close")} <kbd>C</kbd>
      </button>
    </div>
  );
}

function Facts({ detail, placing, acts }: Props) {
  const { t, say } = useWords();
  return (
    <dl className="facts">
      {detail.content ? (
        <>
          <dt>{t("incident.content")}</dt>
          <dd>{detail.content}</dd>
        </>
      ) : null}
      {detail.reporter ? (
        <>
          <dt>{t("incident.reporter")}</dt>
          <dd>{detail.reporter}</dd>
        </>
      ) : null}
      {detail.place === null && detail.may.confirm_place ? (
        <>
          <dt className="warn-words">{t("incident.placeWord")}</dt>
          <dd>{t("incident.setPlace")}</dd>
        </>
      ) : null}
      {detail.place_estimated ? (
        <>
          <dt className="warn-words">{t("incident.estimatedPlace")}</dt>
          <dd>
            {say(detail.estimate_note) || t("incident.estimateHelp")}{" "}
            <button
              type="button"
              className="small"
              data-testid="confirm-place"
              aria-pressed={placing}
              onClick={acts.place}
            >
              <Icon name="pin" /> {t(placing ? "incident.placeHere" : "incident.confirmPlace")}
            </button>{" "}
            {placing ? (
              <>
                <button type="button" className="small" data-testid="cancel-place" onClick={acts.keepPlace}>
                  {t("word.cancel")}
                </button>{" "}
                <span className="meta">{t("incident.placeHelp")}</span>
              </>
            ) : null}
          </dd>
        </>
      ) : null}
      <dt>{t("incident.owner")}</dt>
      <dd data-testid="owner">
        {detail.owner ? <strong>{detail.owner.name}</strong> : t("incident.noOwner")}
        {detail.acknowledged_at ? (
          <span className="meta">
            {" "}
            {t("incident.acknowledgedAt", {
              name: detail.acknowledged_by ?? "",
              time: clockTime(detail.acknowledged_at),
            })}
          </span>
        ) : null}
      </dd>
      <dt>{t("incident.sender")}</dt>
      <dd>
        {say(detail.agency?.name) || t("incident.byHand")}
        <span className="meta">
          {" "}
          {t("incident.occurred", { time: clockTime(detail.occurred_at) })}
          {detail.agency && detail.sender_state !== "occurred" ? ` · ${t(`sender.${detail.sender_state}`)}` : ""}
        </span>
        {detail.state === "open" && ENDED_BY_SENDER.has(detail.sender_state) ? (
          <p className="warn-words" data-testid="ending-asked">
            {t("incident.endingAsked")}
          </p>
        ) : null}
      </dd>
    </dl>
  );
}

/** Now, or when it was closed: what is over goes on no longer. */
export const lastMoment = (detail: IncidentDetail, now: number): number =>
  detail.closed_at === null ? now : Date.parse(detail.closed_at);

export function Incident(props: Props) {
  const { detail, problem } = props;
  const { t, say } = useWords();
  const now = useNow();
  const body = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another incident begins at its top
  useEffect(() => {
    body.current?.scrollTo?.(0, 0);
  }, [detail.id]);
  return (
    <section
      className="incident panel"
      aria-label={t("incident.panel")}
      data-testid="incident"
      data-incident={detail.id}
      data-state={detail.state}
    >
      <header className={`incident-head ${detail.drill ? "row-drill" : ""}`}>
        <div className="incident-line">
          <Shape severity={detail.severity} label={t(`severity.${detail.severity}`)} />
          <strong className={`words-${detail.severity}`}>{t(`severity.${detail.severity}`)}</strong>
          <span className="pill pill-source">{sourceWords(detail, say)}</span>
          {detail.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}
          {detail.sandbox ? <span className="pill">{t("sandbox.word")}</span> : null}
          <span className="meta right">{detail.number}</span>
        </div>
        <h1>{say(detail.title)}</h1>
        <p>
          {placeWords(detail, t)}{" "}
          <span className="meta">
            {t("incident.elapsed", { time: span((lastMoment(detail, now) - Date.parse(detail.opened_at)) / 1000) })}
          </span>
        </p>
        <Actions {...props} />
        <Pairs {...props} />
        <VideoControl {...props} key={`video-${detail.id}`} />
        {problem ? (
          <p className="problem" role="alert">
            <Icon name="triangle" /> {say(problem)}
          </p>
        ) : null}
        {detail.state === "closed" ? (
          <p className="closed-words" data-testid="closed">
            {t("incident.closed", { time: detail.closed_at ? clockTime(detail.closed_at) : "" })}
            {detail.disposition ? ` · ${t(`disposition.${detail.disposition}`)}` : ""}
          </p>
        ) : null}
      </header>
      <div ref={body} className="incident-body">
        <Facts {...props} />
        {detail.clock ? (
          <ClockLine
            clock={detail.clock}
            over={detail.state === "closed"}
            incident={detail}
            again={props.acts.again}
            key={`${detail.id} ${detail.state}`}
          />
        ) : null}
        <Dispatch detail={detail} />
        <Grants {...props} />
        <Timeline detail={detail} />
      </div>
      <NoteField note={props.acts.note} open={detail.state === "open"} />
    </section>
  );
}
