/** Which days, with which to compare, drills or what was real, and the files of it. */
import { useState } from "react";
import { useWords } from "../words/words";
import { type Compare, FIRST_DAY, type Filter, isDay, query, today } from "./period";
import type { Golden } from "./types";

const COMPARE: [Compare, "golden.comparePrevious" | "golden.compareYear" | "golden.compareOwn"][] = [
  ["previous", "golden.comparePrevious"],
  ["year", "golden.compareYear"],
  ["own", "golden.compareOwn"],
];

type DayProps = { label: string; testid: string; value: string; put: (day: string) => void };

/** A day is asked for once it is one: while its year is typed it is of the years 0002, 0020 and 0202. */
function Day({ label, testid, value, put }: DayProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    if (typed === "") put("");
    setTyped(null);
  };
  return (
    <label>
      {label}
      <input
        type="date"
        min={FIRST_DAY}
        max={today()}
        data-testid={testid}
        value={typed ?? value}
        onBlur={leave}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(isDay(next) ? null : next);
          if (isDay(next)) put(next);
        }}
      />
    </label>
  );
}

type Props = { filter: Filter; golden: Golden | null; change: (next: Filter) => void };

export function FilterBar({ filter, golden, change }: Props) {
  const { t, language } = useWords();
  const period = golden?.period ?? { since: "", until: "" };
  const file = (path: string) => `/api/${path}?${query(filter, period, { lang: language })}`;
  const day = (
    name: "since" | "until" | "compareSince" | "compareUntil",
    value: string,
    put: (day: string) => void,
  ) => <Day key={name} label={t(`golden.${name}`)} testid={`golden-${name}`} value={value} put={put} />;
  return (
    <form className="plain-bar golden-filter" onSubmit={(event) => event.preventDefault()}>
      {day("since", filter.since || period.since, (since) => change({ ...filter, since }))}
      {day("until", filter.until || period.until, (until) => change({ ...filter, until }))}
      <label>
        {t("golden.compare")}
        <select
          data-testid="golden-compare"
          value={filter.compare}
          onChange={(event) => {
            const compare = event.target.value as Compare;
            // from what is compared now, so that one changes a day and not all of them
            change({ ...filter, compare, own: compare === "own" && golden ? golden.before : filter.own });
          }}
        >
          {COMPARE.map(([value, name]) => (
            <option key={value} value={value}>
              {t(name)}
            </option>
          ))}
        </select>
      </label>
      {filter.compare === "own" ? (
        <>
          {day("compareSince", filter.own.since, (since) => change({ ...filter, own: { ...filter.own, since } }))}
          {day("compareUntil", filter.own.until, (until) => change({ ...filter, own: { ...filter.own, until } }))}
        </>
      ) : null}
      <label className="golden-drill">
        <input
          type="checkbox"
          data-testid="golden-drill"
          checked={filter.drill}
          onChange={(event) => change({ ...filter, drill: event.target.checked })}
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
  );
}
