/** The short questions: how it ended, with whom to share, what was seen; each answerable from the keyboard. */
import { useState } from "react";
import { Confirm, Dialog, DialogFoot } from "../shell/Dialog";
import { ApiError, api } from "../wire/http";
import type { Disposition, IncidentDetail, LngLat, Severity, Text } from "../wire/types";
import { useWords } from "../words/words";

/** `hears` false for one that no linkage of ours speaks to. */
export type Agency = { id: string; name: Text; hears?: boolean };
const ENDS: Disposition[] = ["handled", "false_alarm", "duplicate", "handed_over"];
const SEVERITIES: Severity[] = ["critical", "warning", "caution", "notice"];
const SERVICES = [
  "manual",
  "112_video",
  "112_dispatch",
  "119_dispatch",
  "disaster",
  "vulnerable",
  "wanted_vehicle",
  "anklet",
  "safe_return",
  "facility",
  "traffic",
  "event",
] as const;

/** C, a number, Enter: three inputs. */
export function CloseDialog({
  detail,
  close,
  cancel,
}: {
  detail: IncidentDetail;
  close: (how: Disposition, note: string) => void;
  cancel: () => void;
}) {
  const { t, say } = useWords();
  const [how, setHow] = useState<Disposition>(detail.drill ? "drill" : "handled");
  const ends: Disposition[] = detail.drill ? [...ENDS, "drill"] : ENDS; // its agency is told: a fire never ends as a drill
  const [note, setNote] = useState("");
  return (
    <Dialog title={t("close.title", { title: say(detail.title) })} cancel={cancel} testid="close-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          close(how, note.trim());
        }}
        onKeyDown={(event) => {
          if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
          const index = /^(?:Digit|Numpad)([1-5])$/.exec(event.code)?.[1];
          const chosen = index ? ends[Number(index) - 1] : undefined;
          if (chosen) setHow(chosen);
        }}
      >
        <fieldset>
          <legend className="meta">{t("close.help")}</legend>
          {ends.map((each, index) => (
            <label key={each} className={`choice ${how === each ? "choice-on" : ""}`}>
              <input
                type="radio"
                name="how"
                checked={how === each}
                onChange={() => setHow(each)}
                data-first={how === each ? "" : undefined}
              />
              {t(`disposition.${each}`)} <kbd>{index + 1}</kbd>
            </label>
          ))}
        </fieldset>
        <input
          type="text"
          value={note}
          placeholder={t("close.note")}
          aria-label={t("close.note")}
          onChange={(event) => setNote(event.target.value)}
        />
        <p className="meta">{t("close.ends", { count: detail.views.length })}</p>
        <DialogFoot cancel={cancel}>
          <Confirm testid="close-confirm">{t("action.close")}</Confirm>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** S, Enter: the first agency that has no access yet. */
export function ShareDialog({
  detail,
  agencies,
  share,
  cancel,
}: {
  detail: IncidentDetail;
  agencies: readonly Agency[];
  share: (id: string) => void;
  cancel: () => void;
}) {
  const { t, say } = useWords();
  const has = new Set(detail.grants.filter((grant) => grant.state === "active").map((grant) => grant.agency?.id));
  const free = agencies.filter((agency) => !has.has(agency.id));
  return (
    <Dialog title={t("share.title")} cancel={cancel} testid="share-dialog">
      <p className="meta">{t("share.help")}</p>
      {free.length === 0 ? <p>{t("share.all")}</p> : null}
      <div className="choices">
        {free.map((agency, index) => (
          <button
            key={agency.id}
            type="button"
            className="choice"
            data-first={index === 0 ? "" : undefined}
            onClick={() => share(agency.id)}
          >
            {say(agency.name)}
          </button>
        ))}
      </div>
      <DialogFoot cancel={cancel} />
    </Dialog>
  );
}

export type OpenAt = { at: LngLat; words: string; viewId: string | null };

export function OpenDialog({
  place,
  opened,
  cancel,
}: {
  place: OpenAt;
  opened: (detail: IncidentDetail) => void;
  cancel: () => void;
}) {
  const { t, say } = useWords();
  const [title, setTitle] = useState("");
  const [words, setWords] = useState(place.words);
  const [content, setContent] = useState("");
  const [severity, setSeverity] = useState<Severity>("warning");
  const [service, setService] = useState<string>("manual");
  const [problem, setProblem] = useState<Text | null>(null);
  const submit = async () => {
    try {
      const [lon, lat] = place.at;
      const body = { title, service, severity, lon, lat, content, place_words: words, from_view_id: place.viewId };
      opened(await api.post<IncidentDetail>("/api/incidents", body));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  };
  return (
    <Dialog title={t("open.title")} cancel={cancel} testid="open-dialog">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label>
          {t("open.what")}
          <input
            required
            value={title}
            maxLength={100}
            data-testid="open-title"
            onChange={(event) => setTitle(event.target.value)}
            data-first
          />
        </label>
        <div className="two">
          <label>
            {t("open.severity")}
            <select value={severity} onChange={(event) => setSeverity(event.target.value as Severity)}>
              {SEVERITIES.map((each) => (
                <option key={each} value={each}>
                  {t(`severity.${each}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t("open.service")}
            <select value={service} onChange={(event) => setService(event.target.value)}>
              {SERVICES.map((each) => (
                <option key={each} value={each}>
                  {t(`service.${each}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <label>
          {t("open.place")}
          <input value={words} onChange={(event) => setWords(event.target.value)} />
        </label>
        <label>
          {t("incident.content")}
          <textarea rows={3} value={content} onChange={(event) => setContent(event.target.value)} />
        </label>
        <p className="meta">
          {place.at[1].toFixed(5)}, {place.at[0].toFixed(5)}
        </p>
        {problem ? (
          <p className="problem" role="alert">
            {say(problem)}
          </p>
        ) : null}
        <DialogFoot cancel={cancel}>
          <Confirm testid="open-confirm" enter={false}>
            {t("open.do")}
          </Confirm>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
