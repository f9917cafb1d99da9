/** One incident's golden time: every stamp in its order, the one that is awaited with its running clock. */
import { Icon } from "../shell/icons";
import { clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { useCorrecting } from "./Correcting";
import type { ClockLineData } from "./types";

/** Before the call too: two clocks may contradict each other, and then that is what a person has to see. */
const sinceCall = (at: string, called: number): string => {
  const seconds = (Date.parse(at) - called) / 1000;
  return seconds < 0 ? `−${span(-seconds)}` : `+${span(seconds)}`;
};

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

type Props = {
  clock: ClockLineData;
  over: boolean;
  incident: { id: string; number: string };
  /** Reads the incident anew after a stamp was set right. */
  again: () => void;
};

export function ClockLine({ clock, over, incident, again }: Props) {
  const { t, say } = useWords();
  const now = useNow();
  const { ask, undo, dialog } = useCorrecting(again);
  const call = clock.stamps[0]?.at ?? null;
  const called = Date.parse(call ?? "");
  const awaited = over ? null : clock.stamps.find((one) => one.at === null && one.stamp !== "closed");
  return (
    <>
      <section className="part golden-line" aria-label={t("golden.line")} data-testid="golden-line">
        <h2>
          {t("golden.line")}{" "}
          <span className="right">
            <Golden clock={clock} over={over} />
          </span>
        </h2>
        {undo}
        <ol>
          {clock.stamps.map((one) => (
            <li
              key={one.stamp}
              className={one.at ? "" : one === awaited ? "golden-awaited" : "golden-open"}
              data-testid={`stamp-${one.stamp}`}
              data-stamped={one.at !== null}
              data-at={one.at ?? ""}
            >
              <button
                type="button"
                className="stamp"
                data-testid={`correct-${one.stamp}`}
                title={t("golden.correctHint")}
                disabled={one.stamp === "closed" && !over}
                onClick={() => ask({ incident: incident.id, number: incident.number, stamp: one, called: call })}
              >
                <span>{say(one.name)}</span>
                {one.at ? (
                  <>
                    <time>{clockTime(one.at)}</time>
                    <b>{one.stamp === "called" ? "" : sinceCall(one.at, called)}</b>
                  </>
                ) : (
                  <b>{one === awaited ? span((now - called) / 1000) : "–"}</b>
                )}
                {one.by_hand ? <i className="pill stamp-hand">{t("golden.byHand")}</i> : null}
              </button>
            </li>
          ))}
        </ol>
        {clock.doubtful ? <p className="meta">{t("golden.doubtful")}</p> : null}
      </section>
      {dialog}
    </>
  );
}
