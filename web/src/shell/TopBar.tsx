/** The top bar: city, time, search, alarm rate, link lights with their age, and who is on duty. */
import { useState } from "react";
import { alarmRate } from "../incidents/order";
import type { Known } from "../wire/store";
import type { SearchItem, Session } from "../wire/types";
import { clockTime, dayWords, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { Command } from "./Command";
import { LanguageSwitch, ThemeSwitch } from "./controls";
import { Icon } from "./icons";
import { Links } from "./Links";

function Clock() {
  const now = useNow();
  const { language } = useWords();
  return (
    <div className="clock">
      <time className="clock-time">{clockTime(now)}</time>
      <span className="meta">{dayWords(now, language)}</span>
    </div>
  );
}

function Rate({ known }: { known: Known }) {
  const now = useNow();
  const { t } = useWords();
  const rate = alarmRate(known.incidents.values(), now);
  const most = Math.max(3, ...rate.bars);
  return (
    <div className={`rate rate-${rate.level}`} data-testid="alarm-rate" data-level={rate.level}>
      <span className="meta">{t("rate.title")}</span>
      <strong>{t("rate.count", { count: rate.count })}</strong> <span>{t(`rate.${rate.level}`)}</span>
      <span className="bars" aria-hidden="true">
        {rate.bars.map((bar, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its minute
          <i key={index} style={{ height: `${3 + (bar / most) * 11}px` }} />
        ))}
      </span>
    </div>
  );
}

type Props = {
  session: Session;
  known: Known;
  soundBlocked: boolean;
  unblock: () => void;
  found: (item: SearchItem) => void;
  help: () => void;
  leave: () => void;
};

export function TopBar(props: Props) {
  const { t, say } = useWords();
  const now = useNow();
  const [menu, setMenu] = useState(false);
  const { session, known } = props;
  return (
    <header className="topbar">
      <div className="brand">
        <img src="/icon.svg" alt="" width="26" height="26" />
        <strong>goldentime</strong>
        <span className="city">{t("shell.centre", { city: say(session.city.name) })}</span>
      </div>
      <Clock />
      <Command found={props.found} />
      <Rate known={known} />
      <Links known={known} />
      {props.soundBlocked ? (
        <button type="button" className="small warn-words" data-testid="sound" onClick={props.unblock}>
          <Icon name="mute" /> {t("sound.blocked")}
        </button>
      ) : null}
      <span className={`pill mode ${session.city.drill ? "pill-drill" : ""}`}>
        {t(session.city.drill ? "drill.mode" : "shell.real")}
      </span>
      {session.duty ? (
        <span className="duty">
          {t("shell.dutyLeft")} <strong>{span((Date.parse(session.duty.until) - now) / 60_000)}</strong>
        </span>
      ) : null}
      <LanguageSwitch remember />
      <ThemeSwitch />
      <div className="who">
        <button
          type="button"
          className="plain"
          aria-haspopup="menu"
          aria-expanded={menu}
          data-testid="person"
          onClick={() => setMenu(!menu)}
        >
          <Icon name="person" /> <strong>{session.account.name}</strong>
        </button>
        {menu ? (
          <div className="menu" role="menu">
            <a role="menuitem" data-testid="golden" href="/golden" target="_blank" rel="noreferrer">
              {t("golden.title")}
            </a>
            <button type="button" role="menuitem" data-testid="logout" onClick={props.leave}>
              {t("shell.leave")}
            </button>
          </div>
        ) : null}
      </div>
      <button type="button" className="plain" aria-label={t("help.title")} data-testid="help" onClick={props.help}>
        <kbd>?</kbd>
      </button>
    </header>
  );
}
