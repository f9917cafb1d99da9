/** The page of golden times: how many arrived within seven minutes, how long each leg took, and which incidents. */
import { useCallback, useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { Plain } from "../shell/Plain";
import { ApiError, api } from "../wire/http";
import type { Session, Text } from "../wire/types";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";
import { typed } from "./correct";
import { FilterBar } from "./FilterBar";
import { type Chosen, Incidents, seconds } from "./Incidents";
import "./golden.css";
import { areWrong, type Days, type Filter, NO_DAYS, query } from "./period";
import type { Golden, GroupRow } from "./types";

const keyOf = (row: GroupRow) => `${row.agency ?? ""}/${row.service ?? ""}/${row.nature ?? ""}`;
const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? "–" : `${(share * 100).toFixed(1)} %`;

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
              <th title={t("golden.contradictingHelp")}>{t("golden.contradicting")}</th>
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
                <td data-label={t("golden.share")}>
                  <strong>{percent(row.share)}</strong>
                </td>
                <td data-label={t("golden.before")}>{percent(row.before?.share)}</td>
                <td data-label={t("golden.arrived")}>{t("golden.of", { some: row.within, all: row.arrived })}</td>
                <td data-label={t("golden.incidents")}>{row.incidents}</td>
                <td data-label={t("golden.contradicting")}>{row.doubtful}</td>
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
                  <td data-label={t("golden.median")}>
                    <strong>{seconds(now?.median)}</strong>
                  </td>
                  <td data-label={t("golden.p90")}>{seconds(now?.p90)}</td>
                  <td data-label={t("golden.medianBefore")}>{seconds(before?.median)}</td>
                  <td data-label={t("golden.p90Before")}>{seconds(before?.p90)}</td>
                  <td data-label={t("golden.count")}>{now?.count ?? 0}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const AGAIN_MS = 5000; // while the figures are behind they are read again

export function Page({ session }: { session: Session }) {
  const { t, say } = useWords();
  const [filter, setFilter] = useState<Filter>({
    ...NO_DAYS,
    drill: session.city.drill,
    compare: "previous",
    own: NO_DAYS,
  });
  const [golden, setGolden] = useState<Golden | null>(null);
  const [of, setOf] = useState(""); // what the figures were asked for by
  const [problem, setProblem] = useState<Text | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const period: Days = { since: golden?.period.since ?? "", until: golden?.period.until ?? "" };
  const wrong = areWrong(filter); // said beside the days
  const asked = query(filter, period);
  const [again, setAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a stamp set right is read anew
  useEffect(() => {
    let over = false;
    if (wrong) return setProblem(null);
    void api.get<Golden>(`/api/golden-time?${asked}`).then(
      (found) => {
        if (over) return; // an answer that comes too late is of other days
        setGolden(found);
        setOf(asked);
        setProblem(null);
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (!over) setProblem(error.text);
      },
    );
    return () => {
      over = true;
    };
  }, [asked, again, wrong]);
  const other = wrong || (problem !== null && of !== asked); // what stands is of other days than the fields say
  const whole = golden?.whole_until ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more after each answer that is still behind
  useEffect(() => {
    if (whole === null) return;
    const later = window.setTimeout(() => setAgain((before) => before + 1), AGAIN_MS);
    return () => window.clearTimeout(later);
  }, [golden, whole]);
  const afterCorrecting = useCallback(() => setAgain((before) => before + 1), []);
  return (
    <>
      <FilterBar filter={filter} golden={golden} files={!other} change={setFilter} />
      {filter.drill ? <p className="purpose-drill golden-note">{t("golden.drillNote")}</p> : null}
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {golden && !other ? (
        <>
          <p className="meta golden-note">
            {t("golden.compared", { since: golden.before.since, until: golden.before.until })}
            {golden.failing_since ? ` · ${t("golden.failing", { time: clockTime(golden.failing_since) })}` : ""}
          </p>
          {whole ? (
            <p className="warn-words golden-note" role="status" data-testid="golden-lag">
              <Icon name="triangle" /> {t("golden.lag", { time: typed(whole).replace("T", " ") })}
            </p>
          ) : null}
          {golden.rows[0]?.incidents === 0 ? <p className="empty">{t("golden.empty")}</p> : null}
          <Shares golden={golden} choose={setChosen} />
          <Legs golden={golden} />
          {chosen ? (
            <Incidents
              asked={query(filter, period, { agency: chosen.agency, service: chosen.service, nature: chosen.nature })}
              agency={chosen.agency}
              name={chosen.name}
              mayCorrect={session.account.role === "operator"}
              corrected={afterCorrecting}
            />
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
