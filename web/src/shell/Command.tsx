/** The search line: cameras, addresses, places and incident numbers by `/`, some characters and Enter. */
import { useEffect, useRef, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { SearchItem } from "../wire/types";
import { useWords } from "../words/words";
import { Icon } from "./icons";

const WAIT_MS = 120;

export function Command({ found }: { found: (item: SearchItem) => void }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<{ items: SearchItem[]; for: string; failed: boolean } | null>(null);
  const [at, setAt] = useState(0);
  const asked = useRef(0);
  useEffect(() => {
    if (text.trim() === "") {
      setAnswer(null);
      return;
    }
    const timer = window.setTimeout(async () => {
      asked.current += 1;
      const mine = asked.current;
      try {
        const { items } = await api.get<{ items: SearchItem[] }>(`/api/search?q=${encodeURIComponent(text.trim())}`);
        if (mine === asked.current) setAnswer({ items, for: text, failed: false });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (mine === asked.current) setAnswer({ items: [], for: text, failed: true });
      }
      setAt(0);
    }, WAIT_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  const choose = (item: SearchItem) => {
    found(item);
    setText("");
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  return (
    <div className="command">
      <Icon name="search" />
      <input
        id="command"
        role="combobox"
        aria-expanded={answer !== null}
        aria-controls="command-list"
        aria-activedescendant={answer?.items[at] ? `found-${at}` : undefined}
        aria-label={t("command.place")}
        placeholder={t("command.place")}
        data-testid="command"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const count = answer?.items.length ?? 0;
          if (event.code === "Escape") {
            setText("");
            event.currentTarget.blur();
          } else if (event.code === "ArrowDown" && count > 0) setAt((at + 1) % count);
          else if (event.code === "ArrowUp" && count > 0) setAt((at + count - 1) % count);
          else if ((event.code === "Enter" || event.code === "NumpadEnter") && answer?.items[at])
            choose(answer.items[at]);
          else return;
          event.preventDefault();
        }}
      />
      <kbd>/</kbd>
      {answer ? (
        <div className="command-list" id="command-list" role="listbox" aria-label={t("command.place")}>
          {answer.items.length === 0 ? (
            <p className="empty">{t(answer.failed ? "command.failed" : "command.none", { text: answer.for })}</p>
          ) : null}
          {answer.items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above holds the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the combobox points at the active option
            <div
              key={`${item.type}-${item.id}`}
              id={`found-${index}`}
              role="option"
              aria-selected={index === at}
              className={index === at ? "on" : ""}
              onClick={() => choose(item)}
            >
              <span className="tag">{t(`found.${item.type}`)}</span> <strong>{item.label}</strong>{" "}
              <span className="meta">{item.detail}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
