/** The frame of the plain pages: who may see them, brand, language, theme and sign-out. */
import type { ReactNode } from "react";
import { Login, NewPassword } from "../session/Login";
import { useEntered } from "../session/useEntered";
import type { Role, Session } from "../wire/types";
import { useWords } from "../words/words";
import { LanguageSwitch, ThemeSwitch } from "./controls";
import { Icon } from "./icons";
import "./plain.css";

type Props = { title: string; roles: readonly Role[]; children: (session: Session) => ReactNode };

export function Plain({ title, roles, children }: Props) {
  const { t, say } = useWords();
  const { session, asked, said, enter, leave } = useEntered();
  if (!asked) return null;
  if (!session) return <Login entered={enter} said={said} />;
  if (session.account.must_change_password)
    return (
      <NewPassword done={() => enter({ ...session, account: { ...session.account, must_change_password: false } })} />
    );
  return (
    <div className="plain-page">
      <header className="plain-head">
        <div className="brand">
          <img src="/icon.svg" alt="" width="26" height="26" />
          <strong>goldentime</strong>
          <span className="city">{say(session.city.name)}</span>
        </div>
        <h1>{title}</h1>
        <span className="right" />
        <LanguageSwitch remember />
        <ThemeSwitch />
        <span>
          <Icon name="person" /> {session.account.name}
        </span>
        <button type="button" className="small" data-testid="logout" onClick={leave}>
          {t("shell.leave")}
        </button>
      </header>
      <main className="plain-body">
        {roles.includes(session.account.role) ? (
          children(session)
        ) : (
          <p className="empty" role="alert">
            {t("page.denied")} <a href="/">{t("page.console")}</a>
          </p>
        )}
      </main>
    </div>
  );
}
