/** The interface log's rows: what passed, which way, when, about what, and how it fared. */
import { clockTime, shortDate } from "../words/time";
import { useWords, type Word } from "../words/words";
import type { LogRow } from "./types";

type Say = ReturnType<typeof useWords>["t"];

const PROBLEMS: Record<string, Word> = {
  unreachable: "log.unreachable",
  no_answer: "log.noAnswer",
  bad_answer: "log.badAnswer",
  login_refused: "log.loginRefused",
  failed: "log.failed",
  forbidden: "log.forbidden",
  by_hand: "log.byHand",
  too_old: "log.tooOld",
  destroyed: "log.destroyedShort",
  unknown_sender: "log.unknownSender",
  too_many: "log.tooMany",
};
const STATES = new Set(["kept", "read", "part", "bad", "refused", "waiting", "sent", "given_up"]);

/** How a message fared, with why when it did not pass. */
export function stateWords(row: Pick<LogRow, "state" | "problem" | "tries" | "direction">, t: Say): string {
  const state = STATES.has(row.state) ? t(`log.state.${row.state}` as Word) : row.state;
  const known = PROBLEMS[row.problem];
  const parts = [state];
  if (row.problem) parts.push(known ? t(known) : row.problem);
  if (row.direction === "out" && (row.tries ?? 0) > 1) parts.push(t("log.tries", { count: row.tries ?? 0 }));
  return parts.join(" · ");
}

const isWrong = (row: LogRow) => ["bad", "refused", "given_up"].includes(row.state) || (row.tries ?? 0) > 1;

export function Rows({
  rows,
  chosen,
  choose,
}: {
  rows: readonly LogRow[];
  chosen: string;
  choose: (id: string) => void;
}) {
  const { t, say } = useWords();
  return (
    <div className="plain-scroll">
      <table className="plain-table" data-testid="log">
        <thead>
          <tr>
            <th>{t("privacy.when")}</th>
            <th>{t("log.direction")}</th>
            <th>{t("privacy.agency")}</th>
            <th>{t("log.about")}</th>
            <th>{t("log.occurrence")}</th>
            <th>{t("privacy.incident")}</th>
            <th>{t("admin.state")}</th>
            <th>{t("log.size")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.id === chosen ? "chosen" : ""} data-testid="log-row" data-state={row.state}>
              <td>
                <button type="button" className="plain as-link" onClick={() => choose(row.id)}>
                  <time>
                    {shortDate(Date.parse(row.at))} {clockTime(row.at)}
                  </time>
                </button>
              </td>
              <td>{t(`linkage.${row.direction}`)}</td>
              <td>{say(row.agency) || (row.agency_id ?? t("log.stranger"))}</td>
              <td>
                {row.topic
                  ? t(`log.topic.${row.topic}` as Word)
                  : row.answer_type
                    ? t("log.answered", { code: row.answer_type })
                    : ""}
                {row.sandbox ? <span className="pill">{t("sandbox.word")}</span> : null}
              </td>
              <td className="mono">
                {row.occurrence}
                {row.sequence ? `-${row.sequence}` : ""}
              </td>
              <td>{row.incident_number}</td>
              <td className={isWrong(row) ? "problem" : ""}>{stateWords(row, t)}</td>
              <td className="mono">{row.size.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
