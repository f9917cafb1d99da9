/** How one camera looks: picture, label, state in words, watermark; and nothing but words once it has ended. */
import { useEffect, useRef } from "react";
import { Icon } from "../shell/icons";
import { useKnown } from "../wire/store";
import { clockTime, shortDate, useNow } from "../words/time";
import { useWords, type Word } from "../words/words";
import { useView } from "./useView";
import type { Look } from "./watching";

export type TileProps = {
  /** Where it is docked, 1 to 4; its number is the camera's rank, as on the map. */
  slot: number;
  number: number;
  name: string;
  cameraId: string;
  incidentId: string | null;
  bottom: string;
  aside: string;
  wanted?: boolean;
  /** Why there can be no picture at all; nothing is asked of the server then. */
  without?: string | null;
  chosen?: boolean;
  onChoose?: () => void;
  /** Told when its first picture is on screen. */
  onPicture?: () => void;
  /** Told which view is open, to open an incident from it. */
  onView?: (cameraId: string, viewId: string | null) => void;
};

const STATE_WORDS: Record<Look["state"], Word> = {
  asking: "tile.connecting",
  connecting: "tile.connecting",
  waiting: "tile.waiting",
  live: "tile.live",
  late: "tile.late",
  frozen: "tile.frozen",
  dead: "tile.dead",
  ended: "tile.ended",
  refused: "tile.refused",
};

export function Watermark({ words }: { words: string }) {
  const now = useNow();
  const line = `${words} · ${shortDate(now)} ${clockTime(now)}`;
  return (
    <div className="watermark" aria-hidden="true">
      {Array.from({ length: 24 }, (_, index) => index).map((index) => (
        <span key={index}>{line}</span>
      ))}
    </div>
  );
}

function Badge({ look }: { look: Look }) {
  const { t } = useWords();
  const wrong = look.state === "late" || look.state === "frozen" || look.state === "dead";
  const seconds = Math.max(0, (look.delayMs ?? 0) / 1000).toFixed(1); // two clocks may differ by more than the delay
  const delay = look.delayMs === null ? "" : ` ${t("tile.delay", { seconds })}`;
  const since = look.since && wrong ? ` ${t("tile.since", { time: clockTime(look.since) })}` : "";
  return (
    <span className={`badge ${wrong ? "badge-wrong" : ""}`}>
      {wrong ? <Icon name="triangle" /> : <i className={`dot ${look.state === "live" ? "dot-live" : ""}`} />}
      {t(STATE_WORDS[look.state])}
      {look.state === "live" || look.state === "late" ? delay : since}
      {look.fallback ? " · HLS" : ""}
    </span>
  );
}

function Ended({ look, again }: { look: Look; again: (() => void) | null }) {
  const { t, say } = useWords();
  return (
    <div className="tile-over" role="status">
      <Icon name="lock" />
      <strong>{t(look.state === "ended" ? "tile.ended" : "tile.refused")}</strong>
      <span>
        {say(look.text)}
        {look.endedAt ? ` · ${clockTime(look.endedAt)}` : ""}
      </span>
      {again ? (
        <button type="button" className="small" onClick={again}>
          {t("tile.request")}
        </button>
      ) : null}
    </div>
  );
}

export function Tile({ wanted = true, chosen = false, without = null, ...props }: TileProps) {
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { t, say } = useWords();
  const { look, again, stillShown } = useView(
    { cameraId: props.cameraId, incidentId: props.incidentId, wanted: wanted && without === null },
    frame,
    video,
  );
  const drill = useKnown().incidents.get(props.incidentId ?? "")?.drill ?? false;
  const { onView, cameraId } = props;
  useEffect(() => onView?.(cameraId, look.viewId), [onView, cameraId, look.viewId]);
  const { onPicture } = props;
  const pictured = look.frames > 0;
  useEffect(() => {
    if (pictured) onPicture?.();
  }, [pictured, onPicture]);
  const over = look.state === "ended" || look.state === "refused";
  const waiting = look.state === "asking" || look.state === "connecting" || look.state === "waiting";
  return (
    <figure
      ref={frame}
      className={`tile ${chosen ? "tile-chosen" : ""}`}
      data-testid={`tile-${props.slot}`}
      data-state={look.state}
      data-camera={props.cameraId}
      data-frames={look.frames}
      aria-label={`${props.number} ${props.name} ${t(STATE_WORDS[look.state])}`}
    >
      <video ref={video} muted playsInline autoPlay className={over ? "gone" : ""} tabIndex={-1} />
      {look.still && waiting && !over ? <img className="still" src={look.still} alt="" onLoad={stillShown} /> : null}
      {over ? <Ended look={look} again={look.state === "ended" ? null : again} /> : null}
      {without ? (
        <div className="tile-wait warn-words">
          <Icon name="triangle" /> {without}
        </div>
      ) : null}
      {!over && waiting && !without ? (
        <div className="tile-wait">{wanted ? say(look.text) || t(STATE_WORDS[look.state]) : t("tile.idle")}</div>
      ) : null}
      {look.state === "dead" ? (
        <div className="tile-wait tile-dead">
          <Icon name="triangle" /> {say(look.text) || t("tile.dead")}
        </div>
      ) : null}
      {over || look.watermark === "" ? null : <Watermark words={look.watermark} />}
      <figcaption>
        <span className="tile-top">
          <b className="number">{props.number}</b>
          <strong className="tile-name">{props.name}</strong>
          {look.note && !over ? <span className="badge">{say(look.note)}</span> : null}
          {drill ? <span className="badge">{t("drill.word")}</span> : null}
          {over || without || !wanted ? null : <Badge look={look} />}
        </span>
        <span className="tile-bottom">
          <strong>{props.bottom}</strong>
          <span>{props.aside}</span>
        </span>
      </figcaption>
      {props.onChoose ? (
        <button
          type="button"
          className="tile-hit"
          aria-label={t("tile.enlarge", { name: props.name })}
          onClick={props.onChoose}
        />
      ) : null}
    </figure>
  );
}
