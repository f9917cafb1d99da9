/** Being signed in: the session, the live stream that lasts as long, and leaving. */
import { useEffect, useState } from "react";
import { api, whenUnauthenticated } from "../wire/http";
import { live, useKnown } from "../wire/store";
import type { Session, Text } from "../wire/types";
import { serverNow } from "../words/time";
import { both, speakAs } from "../words/words";
import { forgetCrew } from "./kept_crew";
import { useSession } from "./Login";

/** Signs in and keeps the live stream for as long as somebody is. */
export function useEntered() {
  const [{ session, asked }, setSession] = useSession();
  const [said, setSaid] = useState<Text | null>(null);
  const { ended } = useKnown();
  // administrators and privacy officers see no incidents: asking for the stream would be refused again and again
  const follows = session?.account.role === "operator" || session?.account.role === "agency";
  const ready = follows && !session?.account.must_change_password;
  useEffect(() => {
    whenUnauthenticated(() => {
      forgetCrew();
      // a session that ends before its time, while the stream was lost, ended with the server that knew it
      const early = session !== null && Date.parse(session.expires_at) > serverNow();
      const lost = live.get().lostAt !== null;
      // who follows no stream cannot know whether it was the server or somebody who signed them out
      if (session)
        setSaid(both(!early ? "login.expired" : lost ? "login.restarted" : follows ? "login.expired" : "login.early"));
      setSession(null);
    });
  });
  const whose = ready && session ? `${session.account.id}/${session.tag}` : null;
  useEffect(() => {
    if (whose === null) return;
    live.start(whose);
    return () => live.stop();
  }, [whose]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the server's word ends the session
  useEffect(() => {
    if (!ended) return;
    setSaid(ended.text);
    setSession(null);
  }, [ended]);
  const enter = (fresh: Session) => {
    const spoken = speakAs(fresh.account.language);
    if (spoken !== fresh.account.language) void api.put("/api/session/language", { language: spoken }).catch(() => {}); // only a preference
    setSaid(null);
    forgetCrew(); // another may sit here now
    setSession(fresh);
  };
  const leave = () => {
    forgetCrew();
    live.stop(); // at once: what the other windows still hear is no longer for this one
    const gone = () => {
      setSaid(null); // a refusal that came in meanwhile is not why one left
      setSession(null);
    };
    api.remove("/api/session").then(gone, gone);
  };
  return { session, asked, said, enter, leave };
}
