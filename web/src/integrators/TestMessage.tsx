/** The integrator's page: what we understood of a message, field by field, without opening anything. */
import { useState } from "react";
import { LanguageSwitch, ThemeSwitch } from "../shell/controls";
import { ApiError, request } from "../wire/http";
import type { Text } from "../wire/types";
import { useWords } from "../words/words";
import "../shell/plain.css";

type Answer = {
  understood: boolean;
  fields: { name: string; value: unknown; meaning: Text | string | null; problem: Text | string | null }[];
  report: unknown;
  would: Text | string | null;
  answer: unknown;
};
type Format = "json" | "form";
const TYPES: Record<Format, string> = { json: "application/json", form: "application/x-www-form-urlencoded" };

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The answer as the wire carries it, laid out where it is JSON. */
export function answerWords(answer: unknown): string {
  const body = typeof answer === "object" && answer !== null && "body" in answer ? answer.body : answer;
  if (typeof body !== "string") return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return body;
  }
}

function Result({ answer }: { answer: Answer }) {
  const { t, say } = useWords();
  return (
    <section className="plain-card" data-testid="test-result" data-understood={answer.understood} aria-live="polite">
      <h2 className={answer.understood ? "good" : "problem"}>
        {t(answer.understood ? "test.understood" : "test.not")}
      </h2>
      {answer.would ? (
        <p>
          <strong>{t("test.would")}</strong> {say(answer.would)}
        </p>
      ) : null}
      <div className="plain-scroll">
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t("test.field")}</th>
              <th>{t("test.value")}</th>
              <th>{t("test.meaning")}</th>
              <th>{t("test.problem")}</th>
            </tr>
          </thead>
          <tbody>
            {answer.fields.map((field) => (
              <tr key={field.name}>
                <td>{field.name}</td>
                <td>{shown(field.value)}</td>
                <td>{say(field.meaning)}</td>
                <td>{field.problem ? <span className="problem">{say(field.problem)}</span> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>{t("test.answer")}</h3>
      <pre>{answerWords(answer.answer)}</pre>
    </section>
  );
}

export function TestMessage() {
  const { t, say } = useWords();
  const [format, setFormat] = useState<Format>("json");
  const [key, setKey] = useState("");
  const [body, setBody] = useState("");
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const send = async () => {
    setAnswer(null);
    setProblem(null);
    try {
      const headers: Record<string, string> = { "Content-Type": TYPES[format] };
      if (key !== "") headers["X-Goldentime-Key"] = key;
      setAnswer((await (await request("/api/test-message", { method: "POST", body, headers })).json()) as Answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  };
  return (
    <div className="plain-page">
      <header className="plain-head">
        <div className="brand">
          <img src="/icon.svg" alt="" width="26" height="26" /> <strong>goldentime</strong>
        </div>
        <h1>{t("test.title")}</h1>
        <span className="right" />
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main className="plain-body">
        <p>{t("test.help")}</p>
        <div className="plain-columns">
          <form
            className="plain-card"
            onSubmit={(event) => {
              event.preventDefault();
              void send();
            }}
          >
            <div className="plain-bar">
              <label>
                {t("test.key")}
                <input
                  type="password"
                  autoComplete="off"
                  data-testid="test-key"
                  value={key}
                  onChange={(event) => setKey(event.target.value)}
                />
              </label>
              <label>
                {t("test.format")}
                <select
                  data-testid="test-format"
                  value={format}
                  onChange={(event) => setFormat(event.target.value as Format)}
                >
                  <option value="json">{t("test.json")}</option>
                  <option value="form">{t("test.form")}</option>
                </select>
              </label>
            </div>
            <textarea
              required
              spellCheck={false}
              aria-label={t("test.message")}
              data-testid="test-body"
              value={body}
              onChange={(event) => setBody(event.target.value)}
            />
            <button type="submit" className="filled" data-testid="test-send">
              {t("test.send")}
            </button>
            {problem ? (
              <p className="problem" role="alert">
                {say(problem)}
              </p>
            ) : null}
          </form>
          {answer ? <Result answer={answer} /> : null}
        </div>
      </main>
    </div>
  );
}
