/** The incidents that have ended, newest first. */
import { useEffect, useState } from "react";
import { Dialog, DialogFoot } from "../shell/Dialog";
import { ApiError, api } from "../wire/http";
import type { IncidentList, Text } from "../wire/types";
import { clockTime, shortDate } from "../words/time";
import { useWords } from "../words/words";
import { placeWords } from "./place";

export function History({ cancel, choose }: { cancel: () => void; choose: (id: string) => void }) {
  const { t, say } = useWords();
  const [list, setList] = useState<IncidentList | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  useEffect(() => {
    api
      .get<IncidentList>("/api/incidents?state=closed&limit=100")
      .then(setList)
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        setProblem(error.text);
      });
  }, []);
  return (
    <Dialog title={t("queue.history")} cancel={cancel} testid="history-dialog">
      {problem ? <p className="problem">{say(problem)}</p> : null}
      {list?.items.length === 0 ? <p className="empty">{t("history.none")}</p> : null}
      <div className="history">
        {list?.items.map((item) => (
          <button key={item.id} type="button" className="choice" onClick={() => choose(item.id)}>
            <span className="meta">
              {item.closed_at ? `${shortDate(Date.parse(item.closed_at))} ${clockTime(item.closed_at)}` : ""}
            </span>{" "}
            <strong>{say(item.title)}</strong> {placeWords(item, t)}
            <span className="meta right">{item.disposition ? t(`disposition.${item.disposition}`) : ""}</span>
          </button>
        ))}
        {list?.more ? <p className="empty">{t("history.more", { count: list.items.length })}</p> : null}
      </div>
      <DialogFoot cancel={cancel} closes />
    </Dialog>
  );
}
