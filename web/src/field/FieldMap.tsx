/** The driver's map as part of the page: from the kept pack when there is one, else from the server. */
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useMemo, useRef, useState } from "react";
import { addStoredPack, type FieldDrawing, FieldView } from "../map/field_view";
import { Icon } from "../shell/icons";
import { useTheme } from "../shell/theme";
import type { LngLat, Session } from "../wire/types";
import { useWords } from "../words/words";
import type { FieldScene } from "./brief";
import { findPack, keepPack } from "./pack";

type Props = { city: Session["city"]; scene: FieldScene; here: LngLat; heading: number | null; label: string };

const KEEP_AFTER_MS = 30_000; // a map never kept before is fetched whole, but not while the first pictures are

function drawingOf(scene: FieldScene): FieldDrawing {
  const way = scene.way;
  const dots: FieldDrawing["dots"] = [
    ...(way?.cameras ?? []).map((one) => ({
      at: [one.lon, one.lat] as LngLat,
      kind: "camera" as const,
      label: one.name,
    })),
    ...(way?.schools ?? []).map((one) => ({
      at: [one.lon, one.lat] as LngLat,
      kind: "school" as const,
      label: one.name,
    })),
    ...(way?.closures ?? []).flatMap((one) =>
      one.lon === null || one.lat === null
        ? []
        : [{ at: [one.lon, one.lat] as LngLat, kind: "closure" as const, label: one.reason }],
    ),
    ...scene.water.map((one) => ({
      at: [one.lon, one.lat] as LngLat,
      kind: "water" as const,
      label: `${one.metres} m`,
    })),
  ];
  const sectors = scene.cameras.flatMap(({ lon, lat, bearing, field, reach }) =>
    lon === null || lat === null || bearing === null
      ? []
      : [{ at: [lon, lat] as LngLat, bearing, field: field ?? 60, reach: Math.min(reach ?? 40, 60) }],
  );
  return { pieces: way?.pieces ?? [], sectors, dots, scene: scene.place ? [scene.place.lon, scene.place.lat] : null };
}

export function FieldMap({ city, scene, here, heading, label }: Props) {
  const { t } = useWords();
  const theme = useTheme();
  const container = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<FieldView | null>(null);
  const [kept, setKept] = useState(false);
  const [free, setFree] = useState(false);
  const [none, setNone] = useState(false);
  const url = useRef<string | null>(null);
  const drawing = useMemo(() => drawingOf(scene), [scene]);
  const target = drawing.scene;

  // biome-ignore lint/correctness/useExhaustiveDependencies: one map for the life of the page
  useEffect(() => {
    let made: FieldView | null = null;
    let over = false;
    let timer: number | undefined;
    void findPack().then((file) => {
      if (over || !container.current) return;
      addStoredPack(file);
      url.current = file ? file.name : new URL("/map/city.pmtiles", window.location.href).href;
      setKept(file !== null);
      try {
        made = new FieldView(container.current, theme, { url: url.current, bounds: city.bounds }, () => setFree(true));
        setView(made);
      } catch {
        setNone(true); // no WebGL: the page works without the map
      }
      if (file === null)
        timer = window.setTimeout(() => void keepPack().then((done) => !over && setKept(done)), KEEP_AFTER_MS);
    });
    return () => {
      over = true;
      window.clearTimeout(timer);
      made?.remove();
    };
  }, []);
  useEffect(() => view?.setTheme(theme, url.current), [view, theme]);
  useEffect(() => view?.draw(drawing), [view, drawing]);
  const [lon, lat] = here;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the point, not the array that holds it
  useEffect(() => view?.move(here, heading, target), [view, lon, lat, heading, target?.[0], target?.[1]]);

  return (
    <div className="field-map" data-testid="field-map">
      <div ref={container} className="field-map-canvas" />
      <p className="field-pill">
        {label}
        {kept ? ` · ${t("field.mapKept")}` : ""}
      </p>
      {none ? <p className="empty">{t("map.cannotDraw")}</p> : null}
      {free ? (
        <button
          type="button"
          className="field-recentre"
          aria-label={t("field.recentre")}
          onClick={() => {
            setFree(false);
            view?.follow(here, target);
          }}
        >
          <Icon name="ring" />
        </button>
      ) : null}
    </div>
  );
}
