/** The one large camera: whichever picture the link carries, with who is looking written over it, and its end in words. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Icon } from "../shell/icons";
import { Watermark } from "../tiles/Tile";
import { useView } from "../tiles/useView";
import { age } from "../words/time";
import { useWords, type Word } from "../words/words";
import type { FieldCamera, Heard } from "./brief";
import { after, bottom, type Ladder, overran, type Rung, stalled } from "./ladder";
import { useProbe } from "./useProbe";
import { useStills } from "./useStills";

type Props = {
  camera: FieldCamera;
  incidentId: string;
  first: Heard | null;
  sparing: boolean;
  onSparing: (sparing: boolean) => void;
  onPicture: () => void;
};

const LATE_MS = 1500;
const unsaid = () => {};

type Tells = {
  rung: Rung;
  tell: (ms: number | null) => void;
  stands: (ms: number, begun: boolean) => void;
  leftOut: () => void;
};

function useLadder(sparing: boolean): Tells {
  const [ladder, setLadder] = useState<Ladder>(bottom);
  const tell = useCallback((ms: number | null) => setLadder((before) => after(before, ms, Date.now())), []);
  const stands = useCallback(
    (ms: number, begun: boolean) => setLadder((before) => stalled(before, ms, begun, Date.now())),
    [],
  );
  const leftOut = useCallback(() => setLadder((before) => overran(before, Date.now())), []);
  return { rung: sparing ? "still" : ladder.rung, tell, stands, leftOut };
}

/** What the badge says: on a camera without a small stream the middle rung is quick stills, and is called so. */
function rungWord(rung: Rung, moves: boolean): Word {
  if (rung === "low") return moves ? "field.lowVideo" : "field.low";
  return moves ? "field.full" : "field.still";
}

export function SceneTile({ camera, incidentId, first, sparing, onSparing, onPicture }: Props) {
  const { t, say, language } = useWords();
  const { rung, tell, stands, leftOut } = useLadder(sparing);
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const cameraId = camera.camera_id;
  const [hasLow, setHasLow] = useState(first?.camera_id === cameraId && first.view.has_low === true);
  const plays = rung === "full" || (rung === "low" && hasLow);
  const quality = rung === "low" ? "low" : "full";
  const { look } = useView({ cameraId, incidentId, wanted: plays, quality, stills: false }, frame, video);
  const moves = plays && (look.state === "live" || look.state === "late") && look.frames > 0;
  const stops = look.state === "ended" || look.state === "refused";
  // while a moving picture is on its way, stills leave it the link, and how long they take says nothing of it
  const stills = plays ? ({ rung: "still", tell: unsaid } as const) : { rung, tell };
  const still = useStills({ cameraId, incidentId, first, ...stills, wanted: !moves && !(plays && stops) });
  useProbe(look.viewId, moves && rung === "low", tell);
  useEffect(() => {
    if (still.hasLow !== null) setHasLow(still.hasLow);
  }, [still.hasLow]);
  const waits = plays && !moves && !stops;
  const { behindMs, overruns } = look;
  const begun = look.frames > 0;
  const late = moves && behindMs > LATE_MS;
  useEffect(() => {
    if (moves) stands(behindMs, true); // it moves, but shows what was
  }, [moves, behindMs, stands]);
  useEffect(() => {
    if (overruns > 0) leftOut();
  }, [overruns, leftOut]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each rung is waited for anew
  useEffect(() => {
    if (!waits) return;
    const since = Date.now();
    const timer = window.setInterval(() => stands(Date.now() - since, begun), 1000);
    return () => window.clearInterval(timer);
  }, [waits, begun, rung, stands]);
  const pictured = moves || still.url !== null;
  useEffect(() => {
    if (pictured) onPicture();
  }, [pictured, onPicture]);
  const ended = plays && stops ? look.text : still.ended;
  const over = ended !== null || (plays && look.state === "ended");
  const seconds = still.at === null ? null : (Date.now() - still.at) / 1000;
  const watermark = moves ? look.watermark : still.watermark;
  return (
    <figure
      ref={frame}
      className="tile field-tile"
      data-testid="field-tile"
      data-state={over ? "ended" : moves ? look.state : still.url ? "still" : "asking"}
      data-rung={rung}
      data-moves={moves}
      data-frames={look.frames}
      data-behind={Math.round(behindMs)}
    >
      <video ref={video} muted playsInline autoPlay className={moves && !over ? "" : "gone"} tabIndex={-1} />
      {!moves && still.url && !over ? <img className="still" src={still.url} alt="" onLoad={still.loaded} /> : null}
      {over ? (
        <div className="tile-over" role="status">
          <Icon name="lock" />
          <strong>{t("tile.ended")}</strong>
          <span>{say(ended)}</span>
        </div>
      ) : null}
      {!over && !moves && !still.url ? (
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
              {t(late ? "tile.late" : rungWord(rung, moves))}
              {!moves && seconds !== null ? ` ${age(seconds, language)}` : ""}
              {late ? ` ${t("tile.delay", { seconds: (behindMs / 1000).toFixed(0) })}` : ""}
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
