/** The queue: what waits, what is being worked on; its order stands still under the pointer. */
import { memo, useEffect, useRef, useState } from "react";
import { Shape } from "../shell/icons";
import type { Known } from "../wire/store";
import type { IncidentSummary } from "../wire/types";
import { age, span, useNow } from "../words/time";
import { useWords, type Word } from "../words/words";
import { freeze, type Row, rowKey, type Section } from "./order";
import { placeWords } from "./place";

const SECTION_WORDS: Record<Section["name"], Word> = {
  unacknowledged: "queue.unacknowledged",
  working: "queue.working",
  grouped: "queue.grouped",
};

export function sourceWords(item: IncidentSummary, say: (text: IncidentSummary["title"]) => string): string {
  return say(item.service_name) || item.kind;
}

type RowProps = {
  item: IncidentSummary;
  others?: readonly IncidentSummary[] | undefined;
  chosen: boolean;
  choose: (id: string) => void;
};

const QueueRow = memo(function QueueRow({ item, others = [], chosen, choose }: RowProps) {
  const { t, say } = useWords();
  const now = useNow();
  const fresh = item.acknowledged_at === null;
  return (
    <button
      type="button"
      className={`row ${chosen ? "row-chosen" : ""} ${item.drill ? "row-drill" : ""}`}
      data-testid="queue-row"
      data-incident={item.id}
      data-severity={item.severity}
      data-acknowledged={!fresh}
      aria-current={chosen ? "true" : undefined}
      onClick={() => choose(item.id)}
    >
      <Shape severity={item.severity} label={t(`severity.${item.severity}`)} />
      <span className="row-title">{say(item.title)}</span>
      <span className="row-age">{span((now - Date.parse(item.opened_at)) / 1000)}</span>
      <span className="row-place">
        {placeWords(item, t)}
        {item.place_estimated ? ` · ${t("incident.estimated")}` : ""}
      </span>
      {others.length > 0 ? (
        <span className="row-numbers" data-testid="row-numbers">
          {[item, ...others].map((one) => one.number).join(" + ")}
        </span>
      ) : null}
      <span className="row-tags">
        {fresh && item.severity !== "notice" ? (
          <span className={`pill pill-${item.severity}`}>{t(`severity.${item.severity}`)}</span>
        ) : null}
        {item.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}
        {item.sandbox ? <span className="pill">{t("sandbox.word")}</span> : null}
        <span className={fresh ? "tag" : "pill pill-source"}>{sourceWords(item, say)}</span>
        {[...new Set(others.map((one) => sourceWords(one, say)))]
          .filter((words) => words !== sourceWords(item, say))
          .map((words) => (
            <span key={words} className="tag">
              + {words}
            </span>
          ))}
        {item.alike?.[0] ? (
          <span className="tag" title={item.alike.map((one) => one.number).join(", ")}>
            {t("pair.tag")} {item.alike[0].number}
          </span>
        ) : null}
        {item.reports > 1 ? <span className="tag">{t("queue.reports", { count: item.reports })}</span> : null}
        {item.owner ? <span className="tag">{t("queue.owner", { name: item.owner.name })}</span> : null}
      </span>
    </button>
  );
});

function GroupRow(props: { row: Extract<Row, { kind: "group" }>; open: boolean; toggle: () => void }) {
  const { t, say } = useWords();
  const now = useNow();
  const first = props.row.items[0];
  if (!first) return null;
  return (
    <button
      type="button"
      className="row row-group"
      data-testid="queue-group"
      aria-expanded={props.open}
      onClick={props.toggle}
    >
      <Shape severity={first.severity} label={t(`severity.${first.severity}`)} />
      <span className="row-title">{say(first.title)}</span>
      <span className="row-age">{span((now - Date.parse(first.opened_at)) / 1000)}</span>
      <span className="row-place">{placeWords(first, t)}</span>
      <span className="row-tags">
        <span className="pill">{t("queue.samePlace", { count: props.row.items.length })}</span>
      </span>
    </button>
  );
}

export type QueueProps = {
  known: Known;
  sections: Section[];
  chosen: string | null;
  opened: ReadonlySet<string>;
  toggle: (key: string) => void;
  choose: (id: string) => void;
  history: () => void;
};

export function Queue(props: QueueProps) {
  const { t, language } = useWords();
  const now = useNow();
  const [held, setHeld] = useState(false);
  const shown = useRef<Section[]>(props.sections);
  shown.current = held ? freeze(shown.current, props.sections) : props.sections;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.chosen)
      list.current
        ?.querySelector(`[data-incident="${CSS.escape(props.chosen)}"]`)
        ?.scrollIntoView?.({ block: "nearest" });
  }, [props.chosen]);
  const checked = props.known.heardAt ? (now - (props.known.heardAt + (now - Date.now()))) / 1000 : null;
  const open = props.known.incidents.size + props.known.beyond;
  return (
    <section className="queue panel" aria-label={t("queue.title")} data-testid="queue">
      <header className="panel-head">
        <h2>{t("queue.title")}</h2>
        <span className="meta">{t("queue.open", { count: open })}</span>
        <span className="keys">
          <kbd>J</kbd>
          <kbd>K</kbd> <span className="meta">{t("queue.move")}</span>
        </span>
      </header>
      <div
        ref={list}
        className="queue-list"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        data-held={held}
      >
        {!props.known.loaded ? <Skeleton /> : null}
        {props.known.loaded && open === 0 ? (
          <p className="empty" data-testid="queue-empty">
            {t("queue.empty")} · {checked === null ? "" : t("queue.checked", { age: age(checked, language) })}
          </p>
        ) : null}
        {shown.current.map((section) => (
          <section key={section.name} aria-label={t(SECTION_WORDS[section.name])}>
            <h3 className={`section section-${section.name}`}>
              {t(SECTION_WORDS[section.name])} {section.count}
              {section.name === "unacknowledged" ? <span className="meta">{t("queue.pinned")}</span> : null}
            </h3>
            {section.rows.map((row) =>
              row.kind === "one" ? (
                <QueueRow
                  key={rowKey(row)}
                  item={row.item}
                  others={row.others}
                  chosen={[row.item, ...(row.others ?? [])].some((one) => one.id === props.chosen)}
                  choose={props.choose}
                />
              ) : (
                <div key={rowKey(row)}>
                  <GroupRow row={row} open={props.opened.has(row.key)} toggle={() => props.toggle(row.key)} />
                  {props.opened.has(row.key)
                    ? row.items.map((item) => (
                        <QueueRow key={item.id} item={item} chosen={item.id === props.chosen} choose={props.choose} />
                      ))
                    : null}
                </div>
              ),
            )}
          </section>
        ))}
        {props.known.beyond > 0 ? (
          <p className="empty" data-testid="queue-more">
            {t("queue.more", { count: props.known.beyond })}
          </p>
        ) : null}
      </div>
      <footer className="panel-foot">
        <span>
          {t("queue.closedToday", { count: props.known.closedToday })}
          {props.known.ackMedian === null
            ? ""
            : ` · ${t("queue.ackMedian", { seconds: Math.round(props.known.ackMedian) })}`}
        </span>
        <button type="button" className="plain" onClick={props.history}>
          {t("queue.history")} <kbd>H</kbd>
        </button>
      </footer>
    </section>
  );
}

function Skeleton() {
  return (
    <div className="skeleton" aria-hidden="true">
      {[0, 1, 2, 3].map((index) => (
        <i key={index} />
      ))}
    </div>
  );
}
