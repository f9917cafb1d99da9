/** The interface log of one linkage: filters, pages, an export, and the message that is being read. */
import { useCallback, useEffect, useState } from "react";
import { ApiError, api, request } from "../wire/http";
import type { Text } from "../wire/types";
import { clockTime, useNow } from "../words/time";
import { useWords, type Word } from "../words/words";
import { Raw } from "./Raw";
import { Rows } from "./Rows";
import type { Linkage, LogFilter, LogPage, LogRow } from "./types";

const STATES = ["read", "bad", "refused", "part", "kept", "waiting", "sent", "given_up"] as const;
const ANY: LogFilter = {
  direction: "",
  agency: "",
  state: "",
  occurrence: "",
  incident: "",
  words: "",
  since: "",
  until: "",
};

/** What the server is asked; times are typed in the browser's own zone. */
export function askedOf(filter: LogFilter, linkage: string, before: string | null): Record<string, unknown> {
  const { direction, since, until, ...typed } = filter;
  const at = (local: string) => new Date(local).toISOString();
  return {
    linkage,
    ...Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== "")),
    ...(direction ? { direction } : {}),
    ...(since ? { since: at(since) } : {}),
    ...(until ? { until: at(until) } : {}),
    ...(before ? { before } : {}),
  };
}

type FilterProps = { filter: LogFilter; set: (filter: LogFilter) => void; linkage: Linkage; outbox: boolean };

function Filters({ filter, set, linkage, outbox }: FilterProps) {
  const { t, say } = useWords();
  const agencies = new Map(linkage.lights.map((light) => [light.agency_id, light.agency]));
  const typed = (name: "occurrence" | "incident" | "words", label: Word) => (
    <label>
      {t(label)}
      <input
        value={filter[name]}
        maxLength={60}
        data-testid={`log-${name}`}
        onChange={(event) => set({ ...filter, [name]: event.target.value })}
      />
    </label>
  );
  const time = (name: "since" | "until", label: Word) => (
    <label>
      {t(label)}
      <input
        type="datetime-local"
        value={filter[name]}
        onChange={(event) => set({ ...filter, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      {outbox ? null : (
        <label>
          {t("log.direction")}
          <select
            value={filter.direction}
            data-testid="log-direction"
            onChange={(event) => set({ ...filter, direction: event.target.value as LogFilter["direction"] })}
          >
            <option value="">{t("log.any")}</option>
            <option value="in">{t("linkage.in")}</option>
            <option value="out">{t("linkage.out")}</option>
          </select>
        </label>
      )}
      <label>
        {t("privacy.agency")}
        <select value={filter.agency} onChange={(event) => set({ ...filter, agency: event.target.value })}>
          <option value="">{t("log.any")}</option>
          {[...agencies].map(([id, name]) => (
            <option key={id} value={id}>
              {say(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("admin.state")}
        <select
          value={filter.state}
          data-testid="log-state"
          onChange={(event) => set({ ...filter, state: event.target.value })}
        >
          <option value="">{t("log.any")}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t(`log.state.${state}`)}
            </option>
          ))}
        </select>
      </label>
      {typed("incident", "privacy.incident")}
      {typed("occurrence", "log.occurrence")}
      {typed("words", "log.words")}
      {time("since", "log.since")}
      {time("until", "log.until")}
    </>
  );
}

type Props = { linkage: Linkage; moves: boolean; outbox?: boolean };

export function Log({ linkage, moves, outbox = false }: Props) {
  const { t, say } = useWords();
  const now = useNow();
  const [filter, setFilter] = useState<LogFilter>(outbox ? { ...ANY, direction: "out" } : ANY);
  const [asked, setAsked] = useState(filter);
  const [rows, setRows] = useState<readonly LogRow[] | null>(null);
  const [page, setPage] = useState<LogPage | null>(null);
  const [checkedAt, setCheckedAt] = useState(0);
  const [problem, setProblem] = useState<Text | null>(null);
  const [chosen, setChosen] = useState("");
  const [version, setVersion] = useState(0);
  const attempt = useCallback(async (work: () => Promise<void>) => {
    try {
      await work();
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  }, []);
  const read = useCallback(
    (before: string | null) =>
      attempt(async () => {
        const found = await api.post<LogPage>("/api/interface-log/search", askedOf(asked, linkage.name, before));
        setPage(found);
        setCheckedAt(Date.now());
        setRows((earlier) => (before && earlier ? [...earlier, ...found.items] : found.items));
      }),
    [asked, linkage.name, attempt],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a step taken reads the list anew
  useEffect(() => {
    void read(null);
  }, [read, version]);
  const save = () =>
    attempt(async () => {
      const answer = await request("/api/interface-log/export", {
        method: "POST",
        body: JSON.stringify(askedOf(asked, linkage.name, null)),
        headers: { "Content-Type": "application/json" },
      });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = `${linkage.name}.jsonl`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  return (
    <>
      <form
        className="plain-bar log-filter"
        onSubmit={(event) => {
          event.preventDefault();
          setChosen("");
          setAsked({ ...filter });
        }}
      >
        <Filters filter={filter} set={setFilter} linkage={linkage} outbox={outbox} />
        <button type="submit" className="filled" data-testid="log-find">
          {t("log.find")}
        </button>
        <button type="button" data-testid="log-export" onClick={() => void save()}>
          {t("log.export")}
        </button>
      </form>
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {chosen ? (
        <Raw
          key={chosen}
          id={chosen}
          version={version}
          moves={moves}
          moved={() => setVersion((before) => before + 1)}
          close={() => setChosen("")}
        />
      ) : null}
      {rows && rows.length > 0 ? <Rows rows={rows} chosen={chosen} choose={setChosen} /> : null}
      {rows && rows.length === 0 ? (
        <p className="empty" data-testid="log-empty">
          {t(outbox ? "log.emptyOut" : "log.empty", { time: clockTime(checkedAt || now) })}
        </p>
      ) : null}
      {page?.next ? (
        <div className="plain-bar">
          <button type="button" data-testid="log-more" onClick={() => void read(page.next)}>
            {t("log.more")}
          </button>
          <span className="meta">{t("log.scanned", { count: page.scanned.toLocaleString() })}</span>
        </div>
      ) : null}
    </>
  );
}
