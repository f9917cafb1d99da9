/** The scene on the viewer's map; it waits for the first picture, since drawing a map takes the machine that shows it. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { Scene } from "../map/CityMap";
import { useTheme } from "../shell/theme";
import type { IncidentDetail, LngLat, Pick, Session } from "../wire/types";
import { useWords } from "../words/words";

/** How long a picture may keep the map waiting, and how long the other tiles may after the first one moves. */
const NO_PICTURE_MS = 2500;
const OTHERS_MS = 700;

const loadMap = () => import("../map/CityMap");
const CityMap = lazy(() => loadMap().then((room) => ({ default: room.CityMap })));

export type Turn = { mine: boolean; pictured: () => void };

/** Fetches the map's code while nothing is waited for. */
export function useMapAhead(): void {
  useEffect(() => {
    const timer = window.setTimeout(() => void loadMap(), 300);
    return () => window.clearTimeout(timer);
  }, []);
}

/** Whether it is the map's turn: after this incident's first picture, or when there is none to wait for. */
export function useTurn(incidentId: string, awaited: boolean | null): Turn {
  const [given, setGiven] = useState<string | null>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const mine = given === incidentId;
  const wait = seen === incidentId ? OTHERS_MS : awaited === false ? 0 : NO_PICTURE_MS;
  useEffect(() => {
    if (mine || awaited === null) return;
    const timer = window.setTimeout(() => setGiven(incidentId), wait);
    return () => window.clearTimeout(timer);
  }, [mine, awaited, wait, incidentId]);
  const pictured = useCallback(() => setSeen(incidentId), [incidentId]);
  return useMemo(() => ({ mine, pictured }), [mine, pictured]);
}

export function ViewerMap({
  session,
  detail,
  picks,
  sitesVersion,
  turn,
  onNear,
}: {
  session: Session;
  detail: IncidentDetail;
  picks: readonly Pick[];
  sitesVersion: number;
  turn: Turn;
  onNear: (sites: number) => void;
}) {
  const { t } = useWords();
  const theme = useTheme();
  const lon = detail.place?.lon;
  const lat = detail.place?.lat;
  const radius = detail.choice?.radius ?? 500;
  const picked = picks.map((pick) => pick.camera_id).join();
  const [drawn, setDrawn] = useState<{ scene: Scene | null; incidents: IncidentDetail[] } | null>(null);
  const [goTo, setGoTo] = useState<{ at: LngLat; stamp: number; metres: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: redrawn only when what it shows changes
  const scene = useMemo<Scene | null>(
    () => (lon !== undefined && lat !== undefined ? { id: detail.id, at: [lon, lat], radius, picks } : null),
    [detail.id, lon, lat, radius, picked],
  );
  useEffect(() => {
    if (turn.mine) setDrawn({ scene, incidents: [detail] });
  }, [turn.mine, scene, detail]);
  // the first sight of the scene, and a wider ring that the person asked for; never by itself
  useEffect(() => {
    if (turn.mine && lon !== undefined && lat !== undefined)
      setGoTo((before) => ({ at: [lon, lat], stamp: (before?.stamp ?? 0) + 1, metres: radius * 1.15 }));
  }, [turn.mine, lon, lat, radius]);
  const acts = useMemo(() => ({}), []);
  const waiting = (
    <div className="map-frame map-waiting" data-testid="map-waiting">
      <p className="empty">{t("map.waiting")}</p>
    </div>
  );
  if (!drawn) return waiting;
  return (
    <Suspense fallback={waiting}>
      <CityMap
        city={session.city}
        theme={theme}
        scene={drawn.scene}
        incidents={drawn.incidents}
        goTo={goTo}
        pin={null}
        aim={null}
        sitesVersion={sitesVersion}
        acts={acts}
        onNear={onNear}
      />
    </Suspense>
  );
}
