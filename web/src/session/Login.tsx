/** Who is asking: sign in, and a new password where the first one was given for once. */
import { type ReactNode, useEffect, useState } from "react";
import { LanguageSwitch } from "../shell/controls";
import { ApiError, api, NOT_OURS } from "../wire/http";
import type { Session, Text } from "../wire/types";
import { useWords } from "../words/words";
import { findCrew, forgetCrew, sessionOf } from "./kept_crew";

const FIELD_WITHIN_MS = 6000; // a crew's page does not wait longer for a link that is only said to be there

function Frame({ children, title }: { children: ReactNode; title: string }) {
  return (
    <main className="login">
      <div className="login-card">
        <div className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> <strong>goldentime</strong>
          <span className="right">
            <LanguageSwitch />
          </span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function Login({ entered, said }: { entered: (session: Session) => void; said: Text | null }) {
  const { t, say } = useWords();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Text | null>(said);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      entered(await api.post<Session>("/api/session", { name, password }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
      setPassword("");
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame title={t("login.title")}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label>
          {t("login.name")}
          <input
            name="name"
            autoComplete="username"
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          {t("login.password")}
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {problem ? (
          <p className="problem" role="alert">
            {say(problem)}
          </p>
        ) : null}
        <button type="submit" className="filled" data-testid="login" disabled={busy}>
          {t("login.enter")}
        </button>
        <p className="meta">{t("login.recorded")}</p>
      </form>
    </Frame>
  );
}

export function NewPassword({ done }: { done: () => void }) {
  const { t, say } = useWords();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [problem, setProblem] = useState<Text | null>(null);
  const submit = async () => {
    try {
      await api.post("/api/session/password", { old, new: fresh });
      done();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  };
  return (
    <Frame title={t("login.newTitle")}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label>
          {t("login.old")}
          <input
            name="old"
            type="password"
            autoComplete="current-password"
            required
            value={old}
            onChange={(event) => setOld(event.target.value)}
          />
        </label>
        <label>
          {t("login.new")}
          <input
            name="new"
            type="password"
            autoComplete="new-password"
            required
            minLength={12}
            value={fresh}
            onChange={(event) => setFresh(event.target.value)}
          />
        </label>
        {problem ? (
          <p className="problem" role="alert">
            {say(problem)}
          </p>
        ) : null}
        <button type="submit" className="filled" data-testid="new-password">
          {t("login.change")}
        </button>
      </form>
    </Frame>
  );
}

export type SessionState = { session: Session | null; asked: boolean };

/** Asks once who is signed in; null after `asked` means nobody. A crew's page opens without a link as who it last was. */
const isField = (): boolean => window.location.pathname.replace(/\/+$/, "") === "/field";

export function useSession(): [SessionState, (session: Session | null) => void] {
  const [state, setState] = useState<SessionState>(() => {
    const crew = isField() ? findCrew() : null; // a crew that sat here goes on at once; the server's word follows
    return { session: crew && sessionOf(crew), asked: crew !== null };
  });
  useEffect(() => {
    const onField = isField();
    api
      .get<Session>("/api/session", onField ? AbortSignal.timeout(FIELD_WITHIN_MS) : undefined)
      .then((session) => setState({ session, asked: true }))
      .catch((error: unknown) => {
        // no answer, or a portal's page or a proxy's refusal instead of one
        const lost =
          error instanceof SyntaxError ||
          (error instanceof ApiError && (error.status === 0 || error.code === NOT_OURS));
        if (!(error instanceof ApiError) && !(lost && onField)) throw error;
        if (error instanceof ApiError && error.status === 401 && !lost) forgetCrew();
        const crew = lost && onField ? findCrew() : null;
        setState({ session: crew && sessionOf(crew), asked: true });
      });
  }, []);
  return [state, (session) => setState({ session, asked: true })];
}
