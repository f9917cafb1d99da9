/** A crew's call on one page: the way first, the call and its picture, then what waits at the scene. */
import { useCallback, useEffect, useState } from "react";
import { placeWords } from "../incidents/place";
import { Icon, Shape } from "../shell/icons";
import type { LngLat, Session } from "../wire/types";
import { age, clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { placeAge } from "./asOf";
import type { Brief, FieldScene, Heard } from "./brief";
import { Chips } from "./Chips";
import { LastSeen } from "./LastSeen";
import { Beds } from "./Outside";
import { Building, metresWords, NextTurn, WayNotes } from "./parts";
import { SceneTile } from "./SceneTile";
import { useFieldMap } from "./useFieldMap";
import type { Gps } from "./useGps";

const RECENT_FIX_MS = 15_000;
const MAP_ANYHOW_MS = 2500; // the map waits for the picture, not for one that does not come

type SceneProps = {
  session: Session;
  brief: Brief;
  scene: FieldScene;
  first: Heard | null;
  gps: Gps;
  lost: boolean;
  heardAt: number | null;
};

export function SceneView({ session, brief, scene, first, gps, lost, heardAt }: SceneProps) {
  const { t, say, language } = useWords();
  const now = useNow();
  const [shown, setShown] = useState(0);
  const [sparing, setSparing] = useState(false);
  const [pictured, setPictured] = useState(false);
  const onPicture = useCallback(() => setPictured(true), []);
  const working = scene.cameras.filter((one) => one.status === "working");
  const camera = working[shown % Math.max(1, working.length)];
  const FieldMap = useFieldMap(pictured || working.length === 0);
  useEffect(() => {
    const timer = window.setTimeout(onPicture, MAP_ANYHOW_MS);
    return () => window.clearTimeout(timer);
  }, [onPicture]);
  const fix = gps.fix && Date.now() - gps.fix.time < RECENT_FIX_MS ? gps.fix : null;
  const here: LngLat = fix ? fix.at : [brief.here.lon, brief.here.lat];
  const seconds = fix ? (Date.now() - fix.time) / 1000 : placeAge(brief, heardAt, Date.now());
  const label = seconds === null ? t("field.atStation") : t("field.myPlace", { age: age(seconds, language) });
  const elapsed = span((now - Date.parse(scene.occurred_at)) / 1000);
  return (
    <>
      {scene.drill ? <p className="field-drill">{t("field.drill")}</p> : null}
      <section className={`field-card ${lost ? "field-old" : ""}`}>
        {lost && heardAt !== null ? (
          <p className="field-oldwords warn-words" data-testid="field-old">
            <Icon name="clock" /> {t("field.old", { age: age((Date.now() - heardAt) / 1000, language) })}
          </p>
        ) : null}
        {scene.way ? <NextTurn way={scene.way} beyond={scene.access?.metres ?? 0} /> : null}
        {scene.no_way ? <p className="field-noway warn-words">{say(scene.no_way)}</p> : null}
        {FieldMap ? (
          <FieldMap
            city={session.city}
            scene={scene}
            here={here}
            heading={fix ? fix.heading : brief.here.heading}
            label={label}
          />
        ) : (
          <div className="field-map" />
        )}
        {scene.way ? <WayNotes way={scene.way} /> : null}
      </section>
      <section className="field-call" data-testid="field-call" data-incident={scene.incident_id}>
        <Shape severity={scene.severity} label={t(`severity.${scene.severity}`)} />
        <div>
          <h1>{say(scene.title)}</h1>
          <p>
            {placeWords(scene, t)} · {t("field.elapsed", { time: elapsed })}
          </p>
          {scene.place_estimated ? (
            <p className="warn-words" data-testid="field-estimated">
              <Icon name="triangle" /> {t("field.estimated")}
            </p>
          ) : null}
        </div>
      </section>
      {scene.order_words ? (
        <p className="field-content" data-testid="order-words">
          <strong>{t("field.orderWords")}</strong> {scene.order_words}
        </p>
      ) : null}
      {scene.content ? <p className="field-content">{scene.content}</p> : null}
      {camera ? (
        <>
          <SceneTile
            key={camera.camera_id}
            camera={camera}
            incidentId={scene.incident_id}
            first={first}
            sparing={sparing}
            onSparing={setSparing}
            onPicture={onPicture}
          />
          {working.length > 1 ? (
            <nav className="field-dots" aria-label={t("field.cameras")}>
              {working.map((one, index) => (
                <button
                  key={one.camera_id}
                  type="button"
                  aria-current={one === camera}
                  aria-label={`${one.rank} ${one.name}`}
                  onClick={() => setShown(index)}
                >
                  {one.rank}
                </button>
              ))}
            </nav>
          ) : null}
        </>
      ) : (
        <p className="empty">{t("field.noCamera")}</p>
      )}
      {scene.sighting ? <LastSeen sighting={scene.sighting} wanted={pictured || working.length === 0} /> : null}
      <Chips scene={scene} />
      {scene.building ? <Building building={scene.building} /> : null}
      {scene.hospitals.length > 1 ? (
        <ul className="field-list">
          {scene.hospitals.slice(1).map((room) => (
            <li key={room.name}>
              <span>
                {room.name} <Beds room={room} />
              </span>
              <span className="right">{room.seconds === null ? metresWords(room.metres) : span(room.seconds)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {scene.way && scene.way.cameras.length > 0 ? (
        <p className="meta field-until">{t("field.wayCameras", { count: scene.way.cameras.length })}</p>
      ) : null}
      <p className="meta field-until" data-testid="field-until">
        {t("field.until", { time: clockTime(scene.expires_at) })} · {t("field.recorded")}
      </p>
      {gps.problem ? <p className="meta field-until">{t(`field.gps.${gps.problem}`)}</p> : null}
    </>
  );
}
