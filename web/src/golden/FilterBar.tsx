/** Which days, with which to compare, drills or what was real, and the files of it. */
import { useState } from "react";
import { useWords } from "../words/words";
import { type Compare, type Days, FIRST_DAY, type Filter, isTyped, NO_DAYS, query, today, wrongDays } from "./period";
import type { Golden } from "./types";

const COMPARE: [Compare, "golden.comparePrevious" | "golden.compareYear" | "golden.compareOwn"][] = [
  ["previous", "golden.comparePrevious"],
  ["year", "golden.compareYear"],
  ["own", "golden.compareOwn"],
];

type DayProps = {
  label: string;
  testid: string;
  value: string;
  put: (day: string) => void;
  wrong: boolean;
  /** Why, where it is not said beside another day. */
  why: string | null;
};

function Day({ label, testid, value, put, wrong, why }: DayProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    if (typed === "") put("");
    setTyped(null);
  };
  return (
    <div className="golden-day">
      {why ? (
        <span id={`${testid}-why`} className="problem" role="alert">
          {why}
        </span>
      ) : null}
      <label>
        {label}
        <input
          type="date"
          min={FIRST_DAY}
          max={today()}
          data-testid={testid}
          value={typed ?? value}
          aria-invalid={wrong}
          aria-describedby={why ? `${testid}-why` : undefined}
          onBlur={leave}
          onChange={(event) => {
            const next = event.target.value;
            setTyped(isTyped(next) ? null : next);
            if (isTyped(next)) put(next);
          }}
        />
      </label>
    </div>
  );
}

type PairProps = {
  names: readonly ["since", "until"] | readonly ["compareSince", "compareUntil"];
  days: Days;
  /** What stands in a field where nothing was asked for. */
  given: Days;
  put: (days: Partial<Days>) => void;
};

function Pair({ names, days, given, put }: PairProps) {
  const { t } = useWords();
  const wrong = wrongDays(days);
  const why = (which: keyof Days) => {
    if (wrong?.[which] === "outside") return t("golden.outside", { first: FIRST_DAY, last: today() });
    return wrong?.[which] === "reversed" && which === "until" ? t("golden.reversed") : null;
  };
  return (["since", "until"] as const).map((which, index) => {
    const name = names[index] ?? which;
    return (
      <Day
        key={name}
        label={t(`golden.${name}`)}
        testid={`golden-${name}`}
        value={days[which] || given[which]}
        put={(day) => put({ [which]: day })}
        wrong={Boolean(wrong?.[which])}
        why={why(which)}
      />
    );
  });
}

type Props = {
  filter: Filter;
  golden: Golden | null;
  /** Whether there are files of these days. */
  files: boolean;
  change: (next: Filter) => void;
};

export function FilterBar({ filter, golden, files, change }: Props) {
  const { t, language } = useWords();
  const period = golden?.period ?? { since: "", until: "" };
  const file = (path: string) => `/api/${path}?${query(filter, period, { lang: language })}`;
  return (
    <form className="plain-bar golden-filter" onSubmit={(event) => event.preventDefault()}>
      <Pair names={["since", "until"]} days={filter} given={period} put={(days) => change({ ...filter, ...days })} />
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
        <Pair
          names={["compareSince", "compareUntil"]}
          days={filter.own}
          given={NO_DAYS}
          put={(days) => change({ ...filter, own: { ...filter.own, ...days } })}
        />
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
      {files ? (
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
      ) : null}
    </form>
  );
}
