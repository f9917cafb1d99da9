/** What happened so far, newest first, and the field for a note or an action taken. */
import { useState } from "react";
import type { IncidentDetail } from "../wire/types";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";
import { fold } from "./fold";

export function Timeline({ detail }: { detail: IncidentDetail }) {
  const { t, say } = useWords();
  return (
    <section className="part" aria-label={t("timeline.title")}>
      <h2>
        {t("timeline.title")} <span className="meta right">{t("timeline.newest")}</span>
      </h2>
      <ol className="timeline" data-testid="timeline">
        {fold(detail.timeline).map((entry) => (
          <li key={entry.position}>
            <time>{clockTime(entry.at)}</time>
            <span>
              {say(entry.text)}
              {entry.times > 1 ? ` ×${entry.times}` : ""}{" "}
              {entry.actor ? <span className="meta">{say(entry.actor)}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `note` tells whether it was kept. */
export function NoteField({
  note,
  open,
}: {
  note: (text: string, action: boolean) => Promise<boolean>;
  open: boolean;
}) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [action, setAction] = useState(false);
  return (
    <form
      className="note"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        void note(text.trim(), action).then((kept) => {
          if (!kept) return;
          setText("");
          setAction(false);
        });
      }}
    >
      <input
        id="note-field"
        data-testid="note"
        value={text}
        disabled={!open}
        placeholder={t("note.place")}
        aria-label={t("note.place")}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.code === "Escape" && event.currentTarget.blur()}
      />
      <kbd>N</kbd>
      <label className="note-action">
        <input
          type="checkbox"
          data-testid="note-action"
          checked={action}
          disabled={!open}
          onChange={(event) => setAction(event.target.checked)}
        />
        {t("incident.tellAction")}
      </label>
    </form>
  );
}
