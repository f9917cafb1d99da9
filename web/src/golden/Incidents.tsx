/** The incidents behind a row of the sums, stamp by stamp; the control room sets a wrong one right there. */
import { useEffect, useRef, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { Text } from "../wire/types";
import { clockTime, shortDate, span } from "../words/time";
import { useWords } from "../words/words";
import { useCorrecting } from "./Correcting";
import type { ClockRow, StampAt } from "./types";

export type Chosen = { agency: string | null; service: string | null; nature: string | null; name: Text };
export const seconds = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : span(value);

function StampCell({ one, dated, correct }: { one: StampAt; dated: boolean; correct: (() => void) | null }) {
  const { t, say } = useWords();
  const day = dated && one.at ? `${shortDate(Date.parse(one.at))} ` : "";
  const words = (
    <>
      {one.at ? `${day}${clockTime(one.at)}` : "–"}
      {one.by_hand ? <span className="pill stamp-hand">{t("golden.byHand")}</span> : null}
    </>
  );
  if (!correct) return words;
  return (
    <button
      type="button"
      className="plain"
      data-testid={`row-${one.stamp}`}
      aria-label={`${say(one.name)} ${one.at ? clockTime(one.at) : "–"} · ${t("golden.correctHint")}`}
      title={t("golden.correctHint")}
      onClick={correct}
    >
      {words}
    </button>
  );
}

/** What the server said, and to what. */
type Came = { items: ClockRow[]; more: boolean; asked: string };

type Props = {
  /** What is asked of the server. */
  asked: string;
  /** Whose clocks are shown; null for the incidents as wholes. */
  agency: string | null;
  name: Text;
  mayCorrect: boolean;
  corrected: () => void;
};
const LATER_MS = 1500; // the reader of the log follows within a second

export function Incidents({ asked, agency, name, mayCorrect, corrected }: Props) {
  const { t, say } = useWords();
  const [extra, setExtra] = useState(0);
  const later = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(later.current), []);
  const again = () => {
    later.current = window.setTimeout(() => {
      setExtra((before) => before + 1);
      corrected();
    }, LATER_MS);
  };
  const correcting = useCorrecting(again);
  const [came, setCame] = useState<Came | null>(null);
  const [problem, setProblem] = useState<{ asked: string; text: Text } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a stamp set right is read anew
  useEffect(() => {
    let over = false;
    void api.get<Omit<Came, "asked">>(`/api/golden-time/incidents?${asked}`).then(
      (found) => {
        if (over) return;
        setCame({ ...found, asked });
        setProblem(null);
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (!over) setProblem({ asked, text: error.text });
      },
    );
    return () => {
      over = true;
    };
  }, [asked, extra]);
  const section = useRef<HTMLElement>(null);
  const page = came?.asked === asked ? came : null; // another group's rows never stand under this one's name
  const why = problem?.asked === asked ? problem.text : null;
  const shown = page !== null || why !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row's incidents are shown where they are
  useEffect(() => {
    if (shown) section.current?.scrollIntoView?.({ block: "nearest" }); // the sums above may fill the screen
  }, [shown, asked]);
  if (!page)
    return why ? (
      <section className="golden-part" ref={section} aria-label={t("golden.incidents")}>
        <h2>{say(name)}</h2>
        <p className="problem" role="alert">
          {say(why)}
        </p>
      </section>
    ) : null;
  return (
    <>
      <section className="golden-part" ref={section} aria-label={t("golden.incidents")}>
        <h2>
          {t("golden.behind", { name: say(name), count: page.items.length })}
          {page.more ? <span className="meta"> {t("golden.newestOnly")}</span> : null}
        </h2>
        {mayCorrect ? <p className="meta">{t("golden.correctHelp")}</p> : null}
        {correcting.undo}
        {why ? (
          <p className="problem" role="alert">
            {say(why)}
          </p>
        ) : null}
        <div className="plain-scroll">
          <table className="plain-table" data-testid="golden-incidents">
            <thead>
              <tr>
                <th>{t("golden.number")}</th>
                <th>{t("golden.service")}</th>
                <th>{t("golden.kind")}</th>
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
                  <td data-label={t("golden.service")}>{say(row.service_name)}</td>
                  <td data-label={t("golden.kind")}>{say(row.nature_name)}</td>
                  {row.stamps.map((one, index) => (
                    <td key={one.stamp} className="golden-stamp" data-label={say(one.name)}>
                      <StampCell
                        one={one}
                        dated={index === 0}
                        correct={
                          mayCorrect && (one.stamp !== "closed" || one.at)
                            ? () =>
                                correcting.ask({
                                  incident: row.id,
                                  agency,
                                  number: row.number,
                                  stamp: one,
                                  called: row.stamps[0]?.at ?? null,
                                })
                            : null
                        }
                      />
                    </td>
                  ))}
                  <td className={row.within === false ? "warn-words" : ""} data-label={t("golden.response")}>
                    {seconds(row.legs.response)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {correcting.dialog}
    </>
  );
}
