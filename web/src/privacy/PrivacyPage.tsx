/** The privacy officer's page: who saw what, why, and whether the record is whole. */
import { useCallback, useEffect, useState } from "react";
import { Plain } from "../shell/Plain";
import { ApiError, api } from "../wire/http";
import type { Text } from "../wire/types";
import { clockTime, shortDate, span } from "../words/time";
import { useWords, type Word } from "../words/words";

type Entry = {
  position: number;
  at: string;
  actor: string | null;
  agency: Text | string | null;
  action: string;
  text: Text | string | null;
  incident_id: string | null;
  incident_number?: string | null;
  camera_id: string | null;
  camera_name?: string | null;
  hash?: string;
  seconds?: number | null;
};
type Page = { items: Entry[]; next?: number | null };
type Filter = { actor: string; action: string; incident: string };
type Tab = "log" | "outside" | "night";

const PATHS: Record<Tab, string> = {
  log: "/api/audit?limit=100",
  outside: "/api/privacy/views?outside=incident",
  night: "/api/privacy/views?outside=night",
};
const TAB_WORDS: Record<Tab, Word> = { log: "privacy.log", outside: "privacy.outside", night: "privacy.night" };
const NO_FILTER: Filter = { actor: "", action: "", incident: "" };

function address(tab: Tab, filter: Filter, before: number | null): string {
  const more = tab === "log" ? Object.entries(filter).filter(([, value]) => value !== "") : [];
  if (before !== null) more.push(["before", String(before)]);
  return PATHS[tab] + more.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
}

function Verify() {
  const { t, say } = useWords();
  const [answer, setAnswer] = useState<{ ok: boolean; checked: number; first_broken: number | null } | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const verify = async () => {
    try {
      setAnswer(await api.post("/api/audit/verify"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  };
  return (
    <div className="plain-bar right">
      <span role="status">
        {problem ? <span className="problem">{say(problem)}</span> : null}
        {answer?.ok ? <span className="good">{t("privacy.verified", { count: answer.checked })}</span> : null}
        {answer && !answer.ok ? (
          <strong className="problem">{t("privacy.broken", { position: answer.first_broken ?? "?" })}</strong>
        ) : null}
      </span>
      <button type="button" data-testid="verify" onClick={() => void verify()}>
        {t("privacy.verify")}
      </button>
    </div>
  );
}

function Entries({ items, tab }: { items: readonly Entry[]; tab: Tab }) {
  const { t, say } = useWords();
  if (items.length === 0) return <p className="empty">{t("privacy.empty")}</p>;
  return (
    <div className="plain-scroll">
      <table className="plain-table" data-testid="audit">
        <thead>
          <tr>
            <th>#</th>
            <th>{t("privacy.when")}</th>
            <th>{t("privacy.actor")}</th>
            <th>{t("privacy.agency")}</th>
            <th>{t("privacy.what")}</th>
            <th>{t("privacy.incident")}</th>
            <th>{t("privacy.camera")}</th>
            <th>{tab === "log" ? t("privacy.hash") : t("privacy.duration")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => (
            <tr key={entry.position}>
              <td className="mono">{entry.position}</td>
              <td>
                <time>
                  {shortDate(Date.parse(entry.at))} {clockTime(entry.at)}
                </time>
              </td>
              <td>{entry.actor === "system" ? t("privacy.system") : entry.actor}</td>
              <td>{say(entry.agency)}</td>
              <td>
                {say(entry.text)} <span className="meta">{entry.action}</span>
              </td>
              <td title={entry.incident_id ?? ""}>{entry.incident_number ?? entry.incident_id}</td>
              <td title={entry.camera_id ?? ""}>{entry.camera_name ?? entry.camera_id}</td>
              <td className="mono">
                {tab === "log"
                  ? (entry.hash ?? "").slice(0, 12)
                  : typeof entry.seconds === "number"
                    ? span(entry.seconds)
                    : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Log() {
  const { t, say } = useWords();
  const [tab, setTab] = useState<Tab>("log");
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [page, setPage] = useState<Page | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const load = useCallback(async (which: Tab, by: Filter, before: number | null) => {
    try {
      const more = await api.get<Page>(address(which, by, before));
      setPage((old) => (before === null || !old ? more : { ...more, items: [...old.items, ...more.items] }));
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  }, []);
  useEffect(() => {
    setPage(null);
    void load(tab, NO_FILTER, null);
  }, [tab, load]);
  const fields: [keyof Filter, Word][] = [
    ["actor", "privacy.actor"],
    ["action", "privacy.action"],
    ["incident", "privacy.incident"],
  ];
  return (
    <>
      <div className="plain-bar">
        <nav className="tabs" aria-label={t("privacy.title")}>
          {(["log", "outside", "night"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={tab === each} onClick={() => setTab(each)}>
              {t(TAB_WORDS[each])}
            </button>
          ))}
        </nav>
        <Verify />
      </div>
      {tab === "log" ? (
        <form
          className="plain-bar"
          onSubmit={(event) => {
            event.preventDefault();
            void load(tab, filter, null);
          }}
        >
          {fields.map(([name, label]) => (
            <label key={name}>
              {t(label)}
              <input value={filter[name]} onChange={(event) => setFilter({ ...filter, [name]: event.target.value })} />
            </label>
          ))}
          <button type="submit">{t("privacy.filter")}</button>
        </form>
      ) : null}
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {page ? <Entries items={page.items} tab={tab} /> : null}
      {page?.next ? (
        <button type="button" onClick={() => void load(tab, filter, page.next ?? null)}>
          {t("privacy.more")}
        </button>
      ) : null}
    </>
  );
}

export function PrivacyPage() {
  const { t } = useWords();
  return (
    <Plain title={t("privacy.title")} roles={["privacy_officer"]}>
      {() => <Log />}
    </Plain>
  );
}
