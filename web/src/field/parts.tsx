/** The pieces of a crew's page: the next turn and what the way holds, the building, the buttons. */
import { useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { clockTime, span } from "../words/time";
import { useWords, type Word } from "../words/words";
import type { Brief, FieldScene, State, Step, Turn, Way } from "./brief";
import type { Reached } from "./keptOrder";
import type { Item } from "./unsent";

const ARROWS: Record<string, string> = {
  left: "M20 20V11a3 3 0 0 0-3-3H5M9 3L4 8l5 5",
  right: "M4 20V11a3 3 0 0 1 3-3h12M15 3l5 5-5 5",
  u_turn: "M19 21V9a6 6 0 0 0-12 0v8M3 13l4 4 4-4",
  straight: "M12 21V4M6 10l6-6 6 6",
  arrive: "M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12z",
};
const LEVELS: Record<"slow" | "jammed", Word> = { slow: "field.slow", jammed: "field.jammed" };
const OFF_ROAD_M = 30; // nearer than this the scene is seen from the road
export const metresWords = (metres: number): string =>
  metres >= 950 ? `${(metres / 1000).toFixed(1)} km` : `${Math.max(10, Math.round(metres / 10) * 10)} m`;

/** The turn ahead and how far it is: the length of the step one is driving. */
export function nextTurn(way: Way): { turn: Turn; metres: number } | null {
  const [now, next] = way.steps;
  return now && next ? { turn: next, metres: now.metres } : null;
}

/** `beyond` is how far the scene lies from where the way ends: the distance to arrive does not count it. */
export function NextTurn({ way, beyond }: { way: Way; beyond: number }) {
  const { t } = useWords();
  const next = nextTurn(way);
  if (!next) return null;
  const { turn, metres } = next;
  const arrives = turn.kind === "arrive";
  const key: Word = arrives ? "field.arriveIn" : (`field.turn.${turn.kind}` as Word);
  return (
    <div className="field-turn" data-testid="field-turn">
      <svg className="field-arrow" viewBox="0 0 24 24" aria-hidden="true">
        <path d={ARROWS[turn.kind] ?? ARROWS.straight} />
      </svg>
      <div>
        <strong>{t(key, { far: metresWords(metres) })}</strong>
        <span>
          {turn.road || t("field.unnamed")}
          {arrives && beyond >= OFF_ROAD_M ? ` · ${t("field.offRoad", { far: metresWords(beyond) })}` : ""}
        </span>
      </div>
      <div className="right">
        <strong data-testid="field-eta">{span(way.seconds)}</strong>
        <span>{metresWords(way.metres)}</span>
      </div>
    </div>
  );
}

/** What the driver should know of the way itself: what closes it, then what comes first. */
export function WayNotes({ way }: { way: Way }) {
  const { t } = useWords();
  const worst = way.pieces.some((one) => one.level === "jammed") ? "jammed" : "slow";
  const slow = way.pieces.find((one) => one.level === worst);
  const narrow = way.pieces.find((one) => one.narrow);
  const school = way.schools[0];
  const notes: { metres: number; words: string }[] = [];
  const note = (metres: number, key: Word, more: Record<string, string>) =>
    notes.push({ metres, words: t(key, { far: metresWords(metres), ...more }) });
  if (slow) note(slow.metres_along, LEVELS[worst], { road: slow.road || t("field.unnamed") });
  if (narrow) note(narrow.metres_along, "field.narrow", { width: (narrow.width_m ?? 0).toFixed(1) });
  if (school) note(school.metres_along, "field.school", { name: school.name });
  notes.sort((a, b) => a.metres - b.metres);
  return (
    <ul className="field-notes">
      {way.closures.map((one) => (
        <li key={`${one.reason}${one.lon}`} className="warn-words">
          <Icon name="triangle" /> {t("field.closed", { why: one.reason || t("field.noReason") })}
        </li>
      ))}
      {notes.map((one) => (
        <li key={one.words}>{one.words}</li>
      ))}
    </ul>
  );
}

/** What the city's own list says of the building. */
export function Building({ building }: { building: NonNullable<FieldScene["building"]> }) {
  const { t, say } = useWords();
  return (
    <dl className="field-building" data-testid="field-building">
      <dt>{t("field.building")}</dt>
      <dd>
        <b>{building.name}</b> {building.address}
      </dd>
      {building.told.map((one) => (
        <div key={say(one.name)}>
          <dt>{say(one.name)}</dt>
          <dd>{say(one.value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const BUTTONS: readonly { step: Step; label: Word; state: State }[] = [
  { step: "depart", label: "field.depart", state: "en_route" },
  { step: "arrive", label: "field.arrive", state: "on_scene" },
  { step: "clear", label: "field.clear", state: "clear" },
];

const SURE_MS = 5000; // a press that was not meant is forgotten

export function Buttons({
  brief,
  unsent,
  reached: times,
  callable,
  lost,
  press,
  support,
}: {
  brief: Brief;
  unsent: readonly Item[];
  /** When each state of this order was reached: the server tells the last one only, the device keeps the others. */
  reached: Reached;
  /** Whether support may be asked for: on a call, heard of now or before the link went. */
  callable: boolean;
  lost: boolean;
  press: (step: Step) => void;
  support: (words: string) => void;
}) {
  const { t } = useWords();
  const [sure, setSure] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was pressed before the link came or went is asked anew
  useEffect(() => setSure(false), [lost, callable]);
  useEffect(() => {
    if (!sure) return;
    const timer = window.setTimeout(() => setSure(false), SURE_MS);
    return () => window.clearTimeout(timer);
  }, [sure]);
  const pressed = new Map(
    unsent.flatMap((one) =>
      one.kind === "step" && one.order === brief.unit.order ? [[one.step, one.at] as const] : [],
    ),
  );
  const asked = unsent.some((one) => one.kind === "support" && one.order === brief.unit.order);
  const steps = new Set(brief.steps.map((one) => one.step));
  const reached = BUTTONS.findIndex((one) => one.state === brief.unit.state);
  const back = steps.has("take_back");
  const next = BUTTONS.find((one) => steps.has(one.step) && !pressed.has(one.step));
  return (
    <footer className="field-buttons">
      <div className="field-steps">
        {BUTTONS.map(({ step, label, state }, index) => {
          const waits = pressed.get(step);
          const done = index <= reached && brief.unit.state !== "ordered";
          const doneAt = done ? times[state] : undefined;
          return (
            <button
              key={step}
              type="button"
              data-testid={`field-${step}`}
              className={next?.step === step ? "filled" : done || waits ? "field-done" : ""}
              disabled={!steps.has(step) || waits !== undefined}
              onClick={() => press(step)}
            >
              <strong>{t(label)}</strong>
              <small>
                {waits
                  ? t("field.waits", { time: clockTime(waits) })
                  : doneAt
                    ? clockTime(doneAt)
                    : next?.step === step
                      ? t("field.once")
                      : "\u00a0"}
              </small>
            </button>
          );
        })}
      </div>
      <div className="field-more">
        {back ? (
          <button
            type="button"
            className="field-back"
            data-testid="field-back"
            disabled={pressed.has("take_back")}
            onClick={() => press("take_back")}
          >
            {t("field.takeBack")}
          </button>
        ) : null}
        <button
          type="button"
          className="field-support"
          data-testid="field-support"
          disabled={asked || !callable}
          onBlur={() => setSure(false)}
          onClick={() => {
            if (sure) support("");
            setSure(!sure);
          }}
        >
          <strong>{t(asked ? "field.supportWaits" : sure ? "field.supportSure" : "field.support")}</strong>
          {!asked && !sure && brief.unit.support_at ? (
            <small data-testid="field-support-said">
              {brief.unit.support_heard_at
                ? t("field.supportHeard", { time: clockTime(brief.unit.support_heard_at) })
                : t("field.supportSent", { time: clockTime(brief.unit.support_at) })}
            </small>
          ) : null}
        </button>
      </div>
    </footer>
  );
}
