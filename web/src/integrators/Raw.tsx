/** One message as it passed: what we made of it field by field, its text, its bytes, and the answer. */
import { useEffect, useState } from "react";
import { SureButton } from "../admin/AdminPage";
import { ApiError, api } from "../wire/http";
import type { Text } from "../wire/types";
import { useWords } from "../words/words";
import { bytesOf, hexRows, visible } from "./hex";
import { stateWords } from "./Rows";
import { answerWords } from "./TestMessage";
import type { RawMessage } from "./types";

const ROWS_AT_FIRST = 32;

function Bytes({ body }: { body: string }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const bytes = bytesOf(body);
  const rows = hexRows(bytes, all ? 4096 : ROWS_AT_FIRST);
  return (
    <>
      <pre className="hex" data-testid="raw-hex">
        {rows.map((row) => `${row.at}  ${row.hex.padEnd(49)} ${row.text}\n`).join("")}
      </pre>
      {!all && bytes.length > ROWS_AT_FIRST * 16 ? (
        <button type="button" className="small" onClick={() => setAll(true)}>
          {t("log.allBytes", { count: bytes.length.toLocaleString() })}
        </button>
      ) : null}
    </>
  );
}

function Fields({ message }: { message: RawMessage }) {
  const { t, say } = useWords();
  if (message.fields.length === 0) return null;
  return (
    <div className="plain-scroll">
      <table className="plain-table" data-testid="raw-fields">
        <thead>
          <tr>
            <th>{t("test.field")}</th>
            <th>{t(message.direction === "in" ? "test.value" : "log.value")}</th>
            <th>{t("test.meaning")}</th>
            <th>{t("test.problem")}</th>
          </tr>
        </thead>
        <tbody>
          {message.fields.map((field, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice
            <tr key={`${index}${field.name}`}>
              <td>{field.name}</td>
              <td>{visible(field.value)}</td>
              <td>{say(field.meaning)}</td>
              <td>{field.problem ? <span className="problem">{say(field.problem)}</span> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Steps({ message, moved, moves }: { message: RawMessage; moved: () => void; moves: boolean }) {
  const { t, say } = useWords();
  const [problem, setProblem] = useState<Text | null>(null);
  if (!moves || message.direction === "in" || message.state === "sent") return null;
  const step = async (what: "again" | "give-up") => {
    try {
      await api.post(`/api/interface-log/${message.id}/${what}`);
      setProblem(null);
      moved();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  };
  return (
    <div className="plain-bar">
      <SureButton label={t("log.again")} question={t("log.againSure")} act={() => void step("again")} />
      {message.state === "waiting" ? (
        <SureButton label={t("log.giveUp")} question={t("log.giveUpSure")} act={() => void step("give-up")} />
      ) : null}
      {problem ? (
        <span className="problem" role="alert">
          {say(problem)}
        </span>
      ) : null}
    </div>
  );
}

type Props = { id: string; version: number; moved: () => void; moves: boolean; close: () => void };

export function Raw({ id, version, moved, moves, close }: Props) {
  const { t, say } = useWords();
  const [message, setMessage] = useState<RawMessage | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew after a step was taken
  useEffect(() => {
    let current = true;
    const read = async () => {
      try {
        const found = await api.get<RawMessage>(`/api/interface-log/${id}`);
        if (current) setMessage(found);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (current) setProblem(error.text);
      }
    };
    void read();
    return () => {
      current = false;
    };
  }, [id, version]);
  return (
    <section className="plain-card" data-testid="raw" aria-label={t("log.raw")}>
      <div className="plain-bar">
        <h2>{t("log.raw")}</h2>
        <span className="meta">{id}</span>
        <span className="right" />
        <button type="button" className="small" data-testid="raw-close" onClick={close}>
          {t("log.close")}
        </button>
      </div>
      <p className="meta">{t("log.onRecord")}</p>
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {message ? (
        <>
          <p>
            <strong>{stateWords(message, t)}</strong>
            {message.would ? ` · ${t("test.would")} ${say(message.would)}` : null}
          </p>
          <Steps message={message} moved={moved} moves={moves} />
          {message.destroyed ? (
            <p className="empty">{t("log.destroyed")}</p>
          ) : (
            <>
              <Fields message={message} />
              <h3>{t("log.text", { charset: message.charset })}</h3>
              <pre data-testid="raw-text">{visible(message.text)}</pre>
              <h3>{t("log.bytes", { count: message.size.toLocaleString() })}</h3>
              <Bytes body={message.body} />
            </>
          )}
          {message.answer ? (
            <>
              <h3>{t(message.direction === "in" ? "test.answer" : "log.theirAnswer")}</h3>
              <pre>{visible(answerWords(message.answer))}</pre>
            </>
          ) : null}
        </>
      ) : null}
    </section>
  );
}
