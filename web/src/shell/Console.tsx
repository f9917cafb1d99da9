/** The console's door: sign in, then the screen that fits the role. */
import { Login, NewPassword } from "../session/Login";
import { useEntered } from "../session/useEntered";
import type { Session } from "../wire/types";
import { Operator } from "./Operator";

const PAGES: Partial<Record<Session["account"]["role"], string>> = {
  agency: "/viewer",
  privacy_officer: "/privacy",
  admin: "/admin",
  crew: "/field",
};

export function Console() {
  const { session, asked, said, enter, leave } = useEntered();
  if (!asked) return null;
  if (!session) return <Login entered={enter} said={said} />;
  if (session.account.must_change_password)
    return (
      <NewPassword done={() => enter({ ...session, account: { ...session.account, must_change_password: false } })} />
    );
  const page = PAGES[session.account.role];
  if (page) {
    window.location.replace(page);
    return null;
  }
  return <Operator session={session} leave={leave} />;
}
