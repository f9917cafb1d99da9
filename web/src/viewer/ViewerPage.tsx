/** How an agency gets in: by a one-time code in the address's fragment, or by signing in; then which incident it watches. */
import { useEffect, useState } from "react";
import { placeWords } from "../incidents/place";
import { Login, NewPassword } from "../session/Login";
import { useEntered } from "../session/useEntered";
import { LanguageSwitch, ThemeSwitch } from "../shell/controls";
import { Shape } from "../shell/icons";
import { ApiError, api, carryToken, whenUnauthenticated } from "../wire/http";
import { live, useKnown } from "../wire/store";
import type { Session, Text } from "../wire/types";
import { age, clockTime, useNow } from "../words/time";
import { both, useWords } from "../words/words";
import { Viewer } from "./Viewer";
import { useMapAhead } from "./ViewerMap";
import "./viewer.css";
import "./narrow.css";

type Exchange = { token: string; expires_at: string; incident_id: string; session: Session };
type ByCode =
  | { state: "none" }
  | { state: "asking" }
  | { state: "in"; entry: Exchange; cut: boolean }
  | { state: "refused"; text: Text };

/** Takes the code out of the address at once, so that it stays in no history. */
export function takeCode(where: Location, past: History): string | null {
  const code = new URLSearchParams(where.hash.slice(1)).get("code");
  if (code !== null) past.replaceState(null, "", where.pathname + where.search);
  return code;
}

const code = takeCode(window.location, window.history);
let exchange: Promise<Exchange> | null = null; // a code works once, so it is asked once

function useCode(): ByCode {
  const [state, setState] = useState<ByCode>(code === null ? { state: "none" } : { state: "asking" });
  useEffect(() => {
    if (code === null) return;
    exchange ??= api.post<Exchange>("/api/viewer/exchange", { code });
    exchange
      .then((entry) => {
        carryToken(entry.token);
        whenUnauthenticated(() => {
          live.stop();
          setState({ state: "in", entry, cut: true });
        });
        live.start(null);
        setState({ state: "in", entry, cut: false });
      })
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        setState({ state: "refused", text: error.text });
      });
  }, []);
  return state;
}

type ListProps = {
  choose: (id: string) => void;
  leave: () => void;
  /** Whether the only one opens by itself; not for who came back to see the list. */
  byItself: boolean;
};

function Incidents({ choose, leave, byItself }: ListProps) {
  const { t, say, language } = useWords();
  const known = useKnown();
  const now = useNow();
  useMapAhead();
  const items = [...known.incidents.values()].sort((a, b) => Date.parse(b.opened_at) - Date.parse(a.opened_at));
  const checked = known.heardAt === null ? null : Math.max(0, (now - live.offset - known.heardAt) / 1000);
  useEffect(() => {
    if (byItself && items.length === 1 && items[0]) choose(items[0].id);
  });
  return (
    <main className="viewer-list" data-testid="viewer-list">
      <div className="viewer-tools">
        <LanguageSwitch /> <ThemeSwitch />
        <button type="button" className="small" data-testid="logout" onClick={leave}>
          {t("shell.leave")}
        </button>
      </div>
      <h1>{t("viewer.choose")}</h1>
      {known.loaded && items.length === 0 ? (
        <p className="empty">
          {t("viewer.none")}
          {checked === null ? "" : ` · ${t("queue.checked", { age: age(checked, language) })}`}
        </p>
      ) : null}
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          className={`choice ${item.drill ? "row-drill" : ""}`}
          data-testid="viewer-incident"
          onClick={() => choose(item.id)}
        >
          <Shape severity={item.severity} label={t(`severity.${item.severity}`)} />
          <strong>{say(item.title)}</strong> <span>{placeWords(item, t)}</span>
          {item.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}
          <span className="meta right">{clockTime(item.opened_at)}</span>
        </button>
      ))}
    </main>
  );
}

function SignedIn() {
  const { session, asked, said, enter, leave } = useEntered();
  const [chosen, setChosen] = useState<string | null>(null);
  const [returned, setReturned] = useState(false);
  if (!asked) return null;
  if (!session) return <Login entered={enter} said={said} />;
  if (session.account.must_change_password)
    return (
      <NewPassword done={() => enter({ ...session, account: { ...session.account, must_change_password: false } })} />
    );
  if (chosen === null) return <Incidents choose={setChosen} leave={leave} byItself={!returned} />;
  const back = () => {
    setReturned(true);
    setChosen(null);
  };
  return <Viewer session={session} incidentId={chosen} back={back} />;
}

export function ViewerPage() {
  const { t, say } = useWords();
  const byCode = useCode();
  if (byCode.state === "none") return <SignedIn />;
  if (byCode.state === "in")
    return (
      <Viewer
        session={byCode.entry.session}
        incidentId={byCode.entry.incident_id}
        cut={byCode.cut ? both("viewer.cut") : null}
        back={null}
      />
    );
  return (
    <main className="viewer-list" data-testid="viewer-code">
      {byCode.state === "asking" ? (
        <p className="empty">{t("viewer.opening")}</p>
      ) : (
        <>
          <h1>{t("viewer.codeProblem")}</h1>
          <p role="alert">{say(byCode.text)}</p>
          <p className="meta">{t("viewer.codeHelp")}</p>
        </>
      )}
    </main>
  );
}
