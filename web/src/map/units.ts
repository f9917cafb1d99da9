/** Units on the map: a badge by kind, its rim by state, a wedge where it heads, hollow when its word is old. */
import type { Feature, FeatureCollection, Point } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from "maplibre-gl";
import type { LngLat } from "../wire/types";
import type { MovingUnit, UnitKind, UnitState } from "../wire/units";
import { canvas } from "./canvas";
import { drawSignal } from "./signals";
import type { Theme } from "./style";

export const STALE_SECONDS = 30;
export const TOLD_SECONDS = 10; // from this age on it stands beside the name
const SIZE = 30; // pixels of a badge
const LETTER_FONT = '600 12px "Pretendard Variable", sans-serif';
const NONE: FeatureCollection = { type: "FeatureCollection", features: [] };
const COLOURS = {
  dark: { ink: "#EAF0F6", quiet: "#8DA2B6", face: "#161E27", on: "#0A0F14", halo: "#0c131a" },
  light: { ink: "#131C26", quiet: "#566577", face: "#FFFFFF", on: "#FFFFFF", halo: "#ffffff" },
} as const;
/** The server's time in seconds since 1970, and the words of one language. */
export type Spoken = {
  now: number;
  age: (seconds: number) => string;
  letter: (kind: UnitKind | "unknown") => string;
};

/** What the map draws of the units. */
export function unitFeatures(units: Iterable<MovingUnit>, spoken: Spoken): FeatureCollection<Point> {
  const features: Feature<Point>[] = [];
  for (const unit of units) {
    const age = Math.max(0, spoken.now - unit.seenAt);
    const stale = age > STALE_SECONDS;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: unit.at },
      properties: {
        id: unit.id,
        icon: `unit/${spoken.letter(unit.kind ?? "unknown")}/${unit.state ?? "unknown"}/${stale ? "stale" : "fresh"}`,
        label: age >= TOLD_SECONDS ? `${unit.call_sign}\n${spoken.age(age)}` : unit.call_sign,
        heading: unit.heading ?? 0,
        moving: unit.heading !== null && unit.kmh >= 5 && !stale,
        rank: rankOf(unit.state),
      },
    });
  }
  return { type: "FeatureCollection", features };
}

/** Those under way lie above those at rest. */
function rankOf(state: UnitState | null): number {
  return state === "en_route" || state === "ordered" ? 2 : state === "on_scene" ? 1 : 0;
}

function layers(theme: Theme): LayerSpecification[] {
  const c = COLOURS[theme];
  const grow = ["interpolate", ["linear"], ["zoom"], 11, 0.55, 14, 0.8, 17, 1];
  return [
    {
      id: "units-heading",
      type: "symbol",
      source: "units",
      filter: ["get", "moving"],
      layout: {
        "icon-image": "unit-wedge",
        "icon-size": grow,
        "icon-rotate": ["get", "heading"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
    {
      id: "units",
      type: "symbol",
      source: "units",
      layout: {
        "icon-image": ["get", "icon"],
        "icon-size": grow,
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "symbol-sort-key": ["get", "rank"],
        "text-field": ["step", ["zoom"], "", 13.5, ["get", "label"]],
        "text-font": ["Pretendard"],
        "text-size": 12,
        "text-anchor": "top",
        "text-offset": [0, 1.1],
        "text-optional": true,
        "text-line-height": 1.15,
      },
      paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 1.4 },
    },
  ] as unknown as LayerSpecification[];
}

/** Adds source and layers to a new style; badges are drawn when they are first asked for. */
export function addUnits(map: MapLibre, theme: Theme, data: FeatureCollection = NONE): void {
  if (!map.getSource("units")) map.addSource("units", { type: "geojson", data });
  for (const layer of layers(theme)) if (!map.getLayer(layer.id)) map.addLayer(layer);
}

export async function drawMissing(map: MapLibre, id: string, theme: Theme): Promise<void> {
  if (map.hasImage(id)) return;
  await document.fonts.load(LETTER_FONT, id.split("/")[1] ?? ""); // its subset may not have been needed on the page yet
  if (map.hasImage(id)) return;
  const [sort, state] = id.split("/");
  const image =
    id === "unit-wedge"
      ? wedge(theme)
      : sort === "unit"
        ? badge(id.split("/"), theme)
        : sort === "signal"
          ? drawSignal(state ?? "", theme)
          : null;
  if (image) map.addImage(id, image, { pixelRatio: 2 });
}

export function showUnits(map: MapLibre, data: FeatureCollection): void {
  (map.getSource("units") as GeoJSONSource | undefined)?.setData(data);
}

/** A click on a unit; the nearest one when several lie there. */
export function onUnit(map: MapLibre, act: (id: string, at: LngLat) => void): void {
  map.on("click", "units", (event) => {
    const feature = event.features?.[0];
    if (feature?.geometry.type !== "Point") return;
    act(String(feature.properties.id), feature.geometry.coordinates as LngLat);
  });
}

function wedge(theme: Theme): ImageData | null {
  const size = SIZE * 2;
  const pen = canvas(size);
  if (!pen) return null;
  const middle = size / 2;
  pen.fillStyle = COLOURS[theme].ink;
  pen.beginPath();
  pen.moveTo(middle, middle - 23);
  pen.lineTo(middle + 7, middle - 12);
  pen.lineTo(middle - 7, middle - 12);
  pen.closePath();
  pen.fill();
  return pen.getImageData(0, 0, size * 2, size * 2);
}

function badge([, letter, state, freshness]: string[], theme: Theme): ImageData | null {
  const pen = canvas(SIZE);
  if (!pen) return null;
  const c = COLOURS[theme];
  const stale = freshness === "stale";
  const busy = state === "ordered" || state === "en_route" || state === "on_scene";
  const filled = !stale && (state === "en_route" || state === "on_scene");
  const ink = busy ? c.ink : c.quiet;
  outline(pen, state ?? "", SIZE / 2);
  pen.fillStyle = filled ? ink : c.face;
  pen.globalAlpha = stale ? 0.55 : 1;
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = ink;
  pen.lineWidth = state === "ordered" ? 2.5 : 1.5;
  if (stale) pen.setLineDash([3, 2.5]);
  else if (state === "clear") pen.setLineDash([6, 3]);
  pen.stroke();
  pen.fillStyle = filled ? c.on : stale ? c.quiet : ink;
  pen.font = LETTER_FONT;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(letter ?? "", SIZE / 2, SIZE / 2 + 0.5);
  return pen.getImageData(0, 0, SIZE * 2, SIZE * 2);
}

/** On a scene it is a square, everywhere else round; one nobody registered is a diamond. */
function outline(pen: CanvasRenderingContext2D, state: string, middle: number): void {
  pen.beginPath();
  if (state === "on_scene") pen.roundRect(middle - 10, middle - 10, 20, 20, 3);
  else if (state === "unknown") {
    pen.moveTo(middle, middle - 13);
    pen.lineTo(middle + 13, middle);
    pen.lineTo(middle, middle + 13);
    pen.lineTo(middle - 13, middle);
    pen.closePath();
  } else pen.arc(middle, middle, 11, 0, 2 * Math.PI);
}
