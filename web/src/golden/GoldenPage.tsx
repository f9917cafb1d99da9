/** The page of golden times: how many arrived within seven minutes, how long each leg took, and which incidents. */
import { useCallback, useEffect, useState } from "react";
import { Plain } from "../shell/Plain";
import { ApiError, api } from "../wire/http";
import type { Session, Text } from "../wire/types";
import { clockTime, shortDate, span } from "../words/time";
import { useWords } from "../words/words";
import "./golden.css";
import type { ClockRow, Golden, GroupRow } from "./types";

type Filter = { since: string; until: string; drill: boolean };
type Chosen = { agency: string | null; service: string | null; name: Text };

const keyOf = (row: { agency: string | null; service: string | null }) => `${row.agency ?? ""}/${row.service ?? ""}`;
const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? "–" : `${(share * 100).toFixed(1)} %`;
const seconds = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : span(Math.round(value));

function query(filter: Filter, more: Record<string, string | null> = {}): string {
  const parts: [string, string][] = [["drill", String(filter.drill)]];
  for (const [name, value] of Object.entries({ since: filter.since, until: filter.until, ...more }))
    if (value) parts.push([name, value]);
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

function Shares({ golden, choose }: { golden: Golden; choose: (row: GroupRow) => void }) {
  const { t, say } = useWords();
  return (
    <section className="golden-part" aria-label={t("golden.shares")}>
      <h2>{t("golden.shares")}</h2>
      <p className="meta">{t("golden.sharesHelp")}</p>
      <div className="plain-scroll">
        <table className="plain-table" data-testid="golden-shares">
          <thead>
            <tr>
              <th>{t("golden.group")}</th>
              <th className="golden-chart">{t("golden.chart")}</th>
              <th>{t("golden.share")}</th>
              <th>{t("golden.before")}</th>
              <th>{t("golden.arrived")}</th>
              <th>{t("golden.incidents")}</th>
            </tr>
          </thead>
          <tbody>
            {golden.rows.map((row) => (
              <tr key={keyOf(row)}>
                <td className={`golden-depth-${row.depth}`}>
                  <button type="button" className="plain" data-testid="golden-group" onClick={() => choose(row)}>
                    {say(row.name)}
                  </button>
                </td>
                <td className="golden-chart">
                  <span className="golden-bar" aria-hidden="true">
                    <i className="golden-old" style={{ width: `${(row.before?.share ?? 0) * 100}%` }} />
                    <i style={{ width: `${(row.share ?? 0) * 100}%` }} />
                  </span>
                </td>
                <td>
                  <strong>{percent(row.share)}</strong>
                </td>
                <td>{percent(row.before?.share)}</td>
                <td>{t("golden.of", { some: row.within, all: row.arrived })}</td>
                <td>{row.incidents}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Legs({ golden }: { golden: Golden }) {
  const { t, say } = useWords();
  const [leg, setLeg] = useState("response");
  const most = Math.max(1, ...golden.rows.flatMap((row) => [row.legs[leg]?.p90 ?? 0, row.before?.legs[leg]?.p90 ?? 0]));
  return (
    <section className="golden-part" aria-label={t("golden.legs")}>
      <h2>{t("golden.legs")}</h2>
      <nav className="tabs" aria-label={t("golden.legs")}>
        {golden.legs.map((each) => (
          <button key={each.leg} type="button" aria-pressed={leg === each.leg} onClick={() => setLeg(each.leg)}>
            {say(each.name)}
          </button>
        ))}
      </nav>
      <div className="plain-scroll">
        <table className="plain-table" data-testid="golden-legs">
          <thead>
            <tr>
              <th>{t("golden.group")}</th>
              <th className="golden-chart">{t("golden.chart")}</th>
              <th>{t("golden.median")}</th>
              <th>{t("golden.p90")}</th>
              <th>{t("golden.medianBefore")}</th>
              <th>{t("golden.p90Before")}</th>
              <th>{t("golden.count")}</th>
            </tr>
          </thead>
          <tbody>
            {golden.rows.map((row) => {
              const now = row.legs[leg];
              const before = row.before?.legs[leg];
              return (
                <tr key={keyOf(row)}>
                  <td className={`golden-depth-${row.depth}`}>{say(row.name)}</td>
                  <td className="golden-chart">
                    <span className="golden-bar" aria-hidden="true">
                      <i className="golden-tail" style={{ width: `${((now?.p90 ?? 0) / most) * 100}%` }} />
                      <i style={{ width: `${((now?.median ?? 0) / most) * 100}%` }} />
                    </span>
                  </td>
                  <td>
                    <strong>{seconds(now?.median)}</strong>
                  </td>
                  <td>{seconds(now?.p90)}</td>
                  <td>{seconds(before?.median)}</td>
                  <td>{seconds(before?.p90)}</td>
                  <td>{now?.count ?? 0}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Incidents({ filter, chosen }: { filter: Filter; chosen: Chosen }) {
  const { t, say } = useWords();
  const [page, setPage] = useState<{ items: ClockRow[]; more: boolean } | null>(null);
  useEffect(() => {
    let over = false;
    const more = { agency: chosen.agency, service: chosen.service };
    void api.get<{ items: ClockRow[]; more: boolean }>(`/api/golden-time/incidents?${query(filter, more)}`).then(
      (found) => !over && setPage(found),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      },
    );
    return () => {
      over = true;
    };
  }, [filter, chosen]);
  if (!page) return null;
  return (
    <section className="golden-part" aria-label={t("golden.incidents")}>
      <h2>
        {t("golden.behind", { name: say(chosen.name), count: page.items.length })}
        {page.more ? <span className="meta"> {t("golden.newestOnly")}</span> : null}
      </h2>
      <div className="plain-scroll">
        <table className="plain-table" data-testid="golden-incidents">
          <thead>
            <tr>
              <th>{t("golden.number")}</th>
              <th>{t("golden.service")}</th>
              {page.items[0]?.stamps.map((one) => (
                <th key={one.stamp}>{say(one.name)}</th>
              ))}
              <th>{t("golden.response")}</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((row) => (
              <tr key={row.id} className={row.drill ? "row-drill" : ""}>
                <td>
                  {row.number} {row.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}
                </td>
                <td>{say(row.service_name)}</td>
                {row.stamps.map((one, index) => (
                  <td key={one.stamp}>
                    {one.at === null
                      ? "–"
                      : `${index === 0 ? `${shortDate(Date.parse(one.at))} ` : ""}${clockTime(one.at)}`}
                    {one.by_hand ? "*" : ""}
                  </td>
                ))}
                <td className={row.within === false ? "warn-words" : ""}>{seconds(row.legs.response)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Page({ session }: { session: Session }) {
  const { t, say, language } = useWords();
  const [filter, setFilter] = useState<Filter>({ since: "", until: "", drill: session.city.drill });
  const [golden, setGolden] = useState<Golden | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const load = useCallback(async (by: Filter) => {
    try {
      setGolden(await api.get<Golden>(`/api/golden-time?${query(by)}`));
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  }, []);
  useEffect(() => void load(filter), [load, filter]);
  const file = (path: string) => `/api/${path}?${query(filter, { lang: language })}`;
  return (
    <>
      <form className="plain-bar golden-filter" onSubmit={(event) => event.preventDefault()}>
        {(["since", "until"] as const).map((name) => (
          <label key={name}>
            {t(name === "since" ? "golden.since" : "golden.until")}
            <input
              type="date"
              data-testid={`golden-${name}`}
              value={filter[name] || (golden?.period[name] ?? "")}
              onChange={(event) => setFilter({ ...filter, [name]: event.target.value })}
            />
          </label>
        ))}
        <label className="golden-drill">
          <input
            type="checkbox"
            data-testid="golden-drill"
            checked={filter.drill}
            onChange={(event) => setFilter({ ...filter, drill: event.target.checked })}
          />
          {t("golden.drills")}
        </label>
        <span className="right golden-files">
          <a data-testid="golden-csv" href={file("golden-time.csv")} download>
            {t("golden.csv")}
          </a>
          <a data-testid="golden-csv-incidents" href={file("golden-time-incidents.csv")} download>
            {t("golden.csvIncidents")}
          </a>
          <a data-testid="golden-pdf" href={file("golden-time.pdf")} download>
            {t("golden.pdf")}
          </a>
        </span>
      </form>
      {filter.drill ? <p className="purpose-drill golden-note">{t("golden.drillNote")}</p> : null}
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {golden ? (
        <>
          <p className="meta golden-note">
            {t("golden.compared", { since: golden.before.since, until: golden.before.until })}
            {golden.failing_since ? ` · ${t("golden.failing", { time: clockTime(golden.failing_since) })}` : ""}
          </p>
          {golden.rows[0]?.incidents === 0 ? <p className="empty">{t("golden.empty")}</p> : null}
          <Shares golden={golden} choose={setChosen} />
          <Legs golden={golden} />
          {chosen ? (
            <Incidents filter={filter} chosen={chosen} />
          ) : (
            <p className="meta golden-note">{t("golden.pick")}</p>
          )}
        </>
      ) : null}
    </>
  );
}

export function GoldenPage() {
  const { t } = useWords();
  return (
    <Plain title={t("golden.title")} roles={["operator", "admin", "agency"]}>
      {(session) => <Page session={session} />}
    </Plain>
  );
}
