/** The four tiles under the map, what each shows and why it was chosen. */

import type { IncidentDetail, Pick } from "../wire/types";
import { useWords, type Word } from "../words/words";
import { Tile } from "./Tile";

export type DutyCamera = { id: string; name: string; aside: string };
type Props = {
  detail: IncidentDetail | null;
  picks: readonly Pick[];
  playing: boolean;
  duty: readonly DutyCamera[];
  dutyWords: string;
  chosen: number | null;
  choose: (index: number | null) => void;
  page: number;
  pages: number;
  turn: (page: number) => void;
  closeDuty: () => void;
  sawSomething: (() => void) | null;
  onView: (cameraId: string, viewId: string | null) => void;
};

export const FACING_WORDS: Record<Pick["facing"], Word> = {
  facing: "facing.facing",
  side: "facing.side",
  away: "facing.away",
  unknown: "facing.unknown",
  all_round: "facing.all_round",
};

/** Why it was chosen, or where it looks; not again what stands beside it. */
export function asideWords(pick: Pick, t: ReturnType<typeof useWords>["t"], say: ReturnType<typeof useWords>["say"]) {
  const why = say(pick.reasons.at(-1));
  const known = t(FACING_WORDS[pick.facing]);
  const rest = why.startsWith(known) ? why.slice(known.length).match(/^(?: —|:) (.+)/)?.[1] : undefined;
  return why === "" || why === known ? say(pick.direction) : (rest ?? why);
}

/** Is there more to see: cameras of this ring that are not shown, or a wider ring. */
export const mayWiden = ({ choice, cameras }: IncidentDetail): boolean =>
  choice !== null && (choice.eligible > cameras.length || choice.next_radius !== null);

/** What widening does now: the next four while cameras of this ring are left, then the next ring. */
export function widenWords(detail: IncidentDetail | null, t: ReturnType<typeof useWords>["t"]): string {
  const choice = detail?.choice ?? null;
  if (!choice || choice.eligible > (detail?.cameras.length ?? 0)) return t("strip.widen");
  return choice.next_radius ? t("strip.widenTo", { metres: choice.next_radius }) : t("strip.noMore");
}

export function Strip(props: Props) {
  const { t, say } = useWords();
  const { detail, picks, duty } = props;
  const onDuty = duty.length > 0;
  const choice = detail?.choice ?? null;
  return (
    <section className="strip panel" aria-label={t("strip.title")} data-testid="strip">
      <header className="strip-head">
        <h2>{onDuty ? t("strip.duty") : t("strip.best", { count: picks.length })}</h2>
        <span className="meta strip-words">{onDuty ? props.dutyWords : say(choice?.text)}</span>
        <span className="keys">
          {onDuty ? (
            <>
              {props.sawSomething ? (
                <button type="button" className="small filled" data-testid="saw-something" onClick={props.sawSomething}>
                  {t("duty.saw")}
                </button>
              ) : null}
              <button type="button" className="small" data-testid="duty-stop" onClick={props.closeDuty}>
                {t("duty.stop")} <kbd>X</kbd>
              </button>
            </>
          ) : detail === null ? null : (
            <>
              {props.pages > 1 ? (
                <span className="pages">
                  {Array.from({ length: props.pages }, (_, index) => index).map((index) => (
                    <button
                      key={index}
                      type="button"
                      className="small"
                      aria-pressed={index === props.page}
                      aria-label={t("strip.page", { from: index * 4 + 1 })}
                      onClick={() => props.turn(index)}
                    >
                      {index * 4 + 1}
                    </button>
                  ))}
                </span>
              ) : null}
              <kbd>{t("strip.enlargeKeys")}</kbd>
              <kbd>]</kbd> <span className="meta">{widenWords(detail, t)}</span>
            </>
          )}
        </span>
      </header>
      <div className={`tiles ${props.chosen === null ? "" : "tiles-one"}`}>
        {onDuty
          ? duty.map((camera, index) => (
              <Tile
                key={`duty-${camera.id}`}
                slot={index + 1}
                number={index + 1}
                name={camera.name}
                cameraId={camera.id}
                incidentId={null}
                bottom={camera.aside}
                aside={t("duty.purpose")}
                onView={props.onView}
              />
            ))
          : picks.map((pick, index) => (
              <Tile
                key={`${detail?.id}-${pick.camera_id}`}
                slot={index + 1}
                number={pick.rank}
                name={pick.site_name}
                cameraId={pick.camera_id}
                incidentId={detail?.id ?? null}
                bottom={t("tile.distance", {
                  metres: Math.round(pick.distance_m),
                  facing: t(FACING_WORDS[pick.facing]),
                })}
                aside={asideWords(pick, t, say)}
                wanted={props.playing}
                onView={props.onView}
                without={
                  pick.status === "working"
                    ? null
                    : t(pick.status === "failed" ? "status.failed" : "status.unregistered")
                }
                chosen={props.chosen === index}
                onChoose={() => props.choose(props.chosen === index ? null : index)}
              />
            ))}
        {!onDuty && picks.length === 0 ? <NoCamera detail={detail} /> : null}
      </div>
    </section>
  );
}

function NoCamera({ detail }: { detail: IncidentDetail | null }) {
  const { t, say } = useWords();
  if (!detail) return <p className="empty">{t("strip.none")}</p>;
  const next = detail.choice?.next_nearest;
  return (
    <p className="empty" data-testid="no-camera">
      {say(detail.choice?.text) || t("strip.noPlace")}{" "}
      {next
        ? t("strip.nearest", {
            name: next.site_name,
            metres: Math.round(next.distance_m),
            direction: say(next.direction),
          })
        : ""}{" "}
      {detail.may.widen === false ? null : <kbd>]</kbd>}
    </p>
  );
}
