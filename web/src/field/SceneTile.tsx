/** The one large camera: whichever picture the link carries, with who is looking written over it, and its end in words. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Icon } from "../shell/icons";
import { Watermark } from "../tiles/Tile";
import { useView } from "../tiles/useView";
import { age } from "../words/time";
import { useWords, type Word } from "../words/words";
import type { FieldCamera } from "./brief";
import { after, bottom, type Ladder, type Rung } from "./ladder";
import { useStills } from "./useStills";

const RUNG_WORDS: Record<Rung, Word> = { still: "field.still", low: "field.low", full: "field.full" };
type Props = {
  camera: FieldCamera;
  incidentId: string;
  sparing: boolean;
  onSparing: (sparing: boolean) => void;
};

function useLadder(sparing: boolean): [Rung, (ms: number | null) => void] {
  const [ladder, setLadder] = useState<Ladder>(bottom);
  const tell = useCallback((ms: number | null) => setLadder((before) => after(before, ms, Date.now())), []);
  return [sparing ? "still" : ladder.rung, tell];
}

export function SceneTile({ camera, incidentId, sparing, onSparing }: Props) {
  const { t, say, language } = useWords();
  const [rung, tell] = useLadder(sparing);
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const cameraId = camera.camera_id;
  const still = useStills({ cameraId, incidentId, rung, tell });
  const { look } = useView({ cameraId, incidentId, wanted: rung === "full" }, frame, video);
  const stalled = rung === "full" && look.state !== "live" && look.state !== "late";
  useEffect(() => {
    if (!stalled || look.state === "ended" || look.state === "refused") return;
    const since = Date.now();
    const timer = window.setInterval(() => tell(Date.now() - since), 1000);
    return () => window.clearInterval(timer);
  }, [stalled, look.state, tell]);
  const ended = rung === "full" ? (look.state === "ended" || look.state === "refused" ? look.text : null) : still.ended;
  const over = ended !== null || look.state === "ended";
  const seconds = still.at === null ? null : (Date.now() - still.at) / 1000;
  const watermark = rung === "full" ? look.watermark : still.watermark;
  return (
    <figure
      ref={frame}
      className="tile field-tile"
      data-testid="field-tile"
      data-state={over ? "ended" : rung === "full" ? look.state : still.url ? "still" : "asking"}
      data-rung={rung}
      data-frames={look.frames}
    >
      <video ref={video} muted playsInline autoPlay className={rung === "full" && !over ? "" : "gone"} tabIndex={-1} />
      {rung !== "full" && still.url && !over ? <img className="still" src={still.url} alt="" /> : null}
      {rung === "full" && look.still && !over && look.frames === 0 ? (
        <img className="still" src={look.still} alt="" />
      ) : null}
      {over ? (
        <div className="tile-over" role="status">
          <Icon name="lock" />
          <strong>{t("tile.ended")}</strong>
          <span>{say(ended)}</span>
        </div>
      ) : null}
      {!over && rung !== "full" && !still.url ? (
        <div className="tile-wait">{say(still.problem) || t("tile.connecting")}</div>
      ) : null}
      {over || watermark === "" ? null : <Watermark words={watermark} />}
      <figcaption>
        <span className="tile-top">
          <b className="number">{camera.rank}</b>
          <strong className="tile-name">{camera.name}</strong>
          {over ? null : (
            <button
              type="button"
              className="badge field-rung"
              aria-pressed={sparing}
              onClick={() => onSparing(!sparing)}
            >
              {t(RUNG_WORDS[rung])}
              {rung !== "full" && seconds !== null ? ` ${age(seconds, language)}` : ""}
            </button>
          )}
        </span>
        <span className="tile-bottom">
          <strong>{t("field.distance", { metres: camera.distance_m })}</strong>
          <span>{say(camera.reasons.at(-1)) || say(camera.direction)}</span>
        </span>
      </figcaption>
    </figure>
  );
}
