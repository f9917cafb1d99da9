/** One incident's golden time: every stamp in its order, the one that is awaited with its running clock. */
import { Icon } from "../shell/icons";
import { clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import type { ClockLineData } from "./types";

/** What is said of the golden time now: how much is left, that it was kept, or by how much it was missed. */
function Golden({ clock, over }: { clock: ClockLineData; over: boolean }) {
  const { t } = useWords();
  const now = useNow();
  const until = Date.parse(clock.golden_until);
  if (clock.within === true) return <strong className="good">{t("golden.kept")}</strong>;
  const arrived = clock.stamps.find((one) => one.stamp === "arrived")?.at;
  if (arrived)
    return (
      <strong className="warn-words">
        <Icon name="triangle" /> {t("golden.missed", { time: span((Date.parse(arrived) - until) / 1000) })}
      </strong>
    );
  if (over) return <span className="meta">{t("golden.noArrival")}</span>;
  const left = (until - now) / 1000;
  if (left < 0)
    return (
      <strong className="warn-words">
        <Icon name="triangle" /> {t("golden.past", { time: span(-left) })}
      </strong>
    );
  return (
    <strong className={left < 120 ? "warn-words" : ""}>
      {left < 120 ? <Icon name="triangle" /> : null} {t("golden.left", { time: span(left) })}
    </strong>
  );
}

export function ClockLine({ clock, over }: { clock: ClockLineData; over: boolean }) {
  const { t, say } = useWords();
  const now = useNow();
  const called = Date.parse(clock.stamps[0]?.at ?? "");
  const awaited = over ? null : clock.stamps.find((one) => one.at === null && one.stamp !== "closed");
  return (
    <section className="part golden-line" aria-label={t("golden.line")} data-testid="golden-line">
      <h2>
        {t("golden.line")}{" "}
        <span className="right">
          <Golden clock={clock} over={over} />
        </span>
      </h2>
      <ol>
        {clock.stamps.map((one) => (
          <li
            key={one.stamp}
            className={one.at ? "" : one === awaited ? "golden-awaited" : "golden-open"}
            data-testid={`stamp-${one.stamp}`}
            data-stamped={one.at !== null}
          >
            <span>{say(one.name)}</span>
            {one.at ? (
              <>
                <time>{clockTime(one.at)}</time>
                <b>{one.stamp === "called" ? "" : `+${span((Date.parse(one.at) - called) / 1000)}`}</b>
              </>
            ) : (
              <b>{one === awaited ? span((now - called) / 1000) : "–"}</b>
            )}
            {one.by_hand ? <i className="meta">{t("golden.byHand")}</i> : null}
          </li>
        ))}
      </ol>
      {clock.doubtful ? <p className="meta">{t("golden.doubtful")}</p> : null}
    </section>
  );
}
