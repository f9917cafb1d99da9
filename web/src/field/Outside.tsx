/** What services outside say of the scene, each with its age: the wind, and beds free; too old is said, not shown. */
import { Icon } from "../shell/icons";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import type { FieldScene, Hospital, Wind } from "./brief";

const FELT_MS = 1; // below it the wind carries smoke nowhere in particular

/** Seconds since then and whether that is too long; the page may itself have heard nothing for a while. */
function useAge(at: string | null, oldAfter: number): { seconds: number | null; old: boolean } {
  const now = useNow();
  if (at === null) return { seconds: null, old: true };
  const seconds = (now - Date.parse(at)) / 1000;
  return { seconds, old: seconds > oldAfter };
}

function WindArrow({ from }: { from: number }) {
  return (
    <svg className="field-windarrow" viewBox="0 0 24 24" aria-hidden="true" style={{ rotate: `${from + 180}deg` }}>
      <path d="M12 21V4M6 10l6-6 6 6" />
    </svg>
  );
}

/** From which side it blows, and how fast; with a danger that it carries also from which side to come. */
function WindChip({ wind, airborne }: { wind: Wind; airborne: boolean }) {
  const { t, say, language } = useWords();
  const { seconds, old } = useAge(wind.at, wind.old_after_s);
  const ago = seconds === null ? null : <small>{age(seconds, language)}</small>;
  if (old || wind.speed_ms === null)
    return (
      <span className="field-chip field-stale" data-testid="field-wind">
        {t("field.windOld")} {ago}
      </span>
    );
  const speed = wind.speed_ms.toFixed(1);
  if (wind.side === null || wind.from_degrees === null)
    return (
      <span className="field-chip" data-testid="field-wind">
        {t("field.windCalm", { speed })} {ago}
      </span>
    );
  const side = say(wind.side);
  return (
    <>
      <span className="field-chip" data-testid="field-wind">
        <WindArrow from={wind.from_degrees} /> {t("field.wind", { side })} <b>{speed} m/s</b> {ago}
      </span>
      {airborne && wind.speed_ms >= FELT_MS ? (
        <span className="field-chip" data-testid="field-upwind">
          {t("field.upwind", { side })}
        </span>
      ) : null}
    </>
  );
}

export function Outside({ scene }: { scene: FieldScene }) {
  return scene.wind ? <WindChip wind={scene.wind} airborne={scene.hazards.some((one) => one.airborne)} /> : null;
}

/** What is free now; without a live word, how many beds there are in all, and that it is no more than that. */
export function Beds({ room }: { room: Hospital }) {
  const { t, language } = useWords();
  const { seconds, old } = useAge(room.beds?.at ?? null, room.beds?.old_after_s ?? 0);
  const total = room.capacity ? t("field.capacity", { beds: room.capacity }) : "";
  if (!room.beds) return total ? <small className="field-stale">{total}</small> : null;
  const ago = seconds === null ? t("field.noTime") : age(seconds, language);
  if (old || room.beds.free === null)
    return (
      <small className="field-stale" data-testid="field-beds" data-old>
        {[t("field.bedsOld", { ago }), total].filter((one) => one !== "").join(" · ")}
      </small>
    );
  const { free } = room.beds;
  return (
    <small className={free > 0 ? "" : "warn-words"} data-testid="field-beds">
      {free > 0 ? <b>{t("field.bedsFree", { beds: free })}</b> : null}
      {free > 0 ? null : (
        <>
          <Icon name="triangle" /> <b>{free < 0 ? t("field.bedsOver", { over: -free }) : t("field.bedsNone")}</b>
        </>
      )}{" "}
      {ago}
    </small>
  );
}
