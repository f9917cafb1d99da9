/** What lies over the city: sites, sectors, the ring and incidents; decides their sources, order and look. */
import type { Feature, FeatureCollection } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from "maplibre-gl";
import type { LngLat, Pick } from "../wire/types";
import { ring, sector } from "./geo";
import { signalLayer } from "./signals";
import type { Theme } from "./style";

const none: FeatureCollection = { type: "FeatureCollection", features: [] };
export const SOURCES = ["traffic", "ways", "sites", "fields", "ring", "picked", "aim", "signals"] as const;
const UNDER_NAMES = new Set(["traffic", "closed-roads", "fields", "ring-fill", "ways-edge", "ways-ordered", "ways"]);
export type OverlaySource = (typeof SOURCES)[number];

const COLOURS = {
  dark: {
    flowing: "#4f6f8e", // colour is for what is wrong: a road that flows is only a little brighter than one nobody measures
    slow: "#a58a45",
    standing: "#e0524a",
    closed: "#ff5c8a",
    dot: "#5d7287",
    near: "#cfe2f2",
    accent: "#8cc8f0",
    wrong: "#FF9D00",
    field: "#8cc8f0",
    way: "#eaf0f6",
    halo: "#0a0f14",
  },
  light: {
    flowing: "#9db0c2",
    slow: "#b3975a",
    standing: "#c23a32",
    closed: "#b3004b",
    dot: "#7d8b99",
    near: "#1d4468",
    accent: "#134f86",
    wrong: "#B85C00",
    field: "#134f86",
    way: "#131c26",
    halo: "#ffffff",
  },
} as const;

function overlayLayers(theme: Theme): LayerSpecification[] {
  const c = COLOURS[theme];
  const near = ["boolean", ["feature-state", "near"], false];
  const size = (a: number, b: number, d: number) => ["interpolate", ["linear"], ["zoom"], 11, a, 14, b, 17, d];
  const level = (of: string) => ["==", ["get", "level"], of];
  // beside the middle of the street, on the side one drives on, so that both directions are seen
  const beside = size(0.6, 1.6, 5);
  return [
    {
      id: "traffic",
      type: "line",
      source: "traffic",
      filter: ["!=", ["get", "level"], null],
      layout: { "line-cap": "round" },
      paint: {
        "line-color": ["case", level("standing"), c.standing, level("slow"), c.slow, c.flowing],
        "line-width": size(0.8, 1.8, 4),
        "line-offset": beside,
        "line-opacity": 0.85,
      },
    },
    {
      id: "closed-roads",
      type: "line",
      source: "traffic",
      filter: ["!=", ["get", "closed"], null],
      paint: {
        "line-color": c.closed,
        "line-width": size(2, 4, 9),
        "line-offset": beside,
        "line-dasharray": [1.2, 0.8],
      },
    },
    {
      id: "fields",
      type: "fill",
      source: "fields",
      minzoom: 14.5,
      paint: { "fill-color": c.field, "fill-opacity": 0.1 },
    },
    { id: "ring-fill", type: "fill", source: "ring", paint: { "fill-color": c.accent, "fill-opacity": 0.06 } },
    // whole where a unit drives, dashed until it has left
    {
      id: "ways-edge",
      type: "line",
      source: "ways",
      layout: { "line-join": "round" },
      paint: { "line-color": c.halo, "line-width": size(4, 6, 10) },
    },
    {
      id: "ways-ordered",
      type: "line",
      source: "ways",
      filter: ["!", ["get", "driving"]],
      paint: { "line-color": c.way, "line-width": size(2, 3, 6), "line-dasharray": [2, 1] },
    },
    {
      id: "ways",
      type: "line",
      source: "ways",
      filter: ["get", "driving"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": c.way, "line-width": size(2, 3, 6) },
    },
    { id: "ring-line", type: "line", source: "ring", paint: { "line-color": c.accent, "line-width": 1.3 } },
    { id: "picked-fill", type: "fill", source: "picked", paint: { "fill-color": c.accent, "fill-opacity": 0.2 } },
    { id: "picked-line", type: "line", source: "picked", paint: { "line-color": c.accent, "line-width": 1 } },
    { id: "aim-fill", type: "fill", source: "aim", paint: { "fill-color": c.accent, "fill-opacity": 0.35 } },
    { id: "aim-line", type: "line", source: "aim", paint: { "line-color": c.accent, "line-width": 2 } },
    {
      id: "sites",
      type: "circle",
      source: "sites",
      paint: {
        "circle-radius": size(1.1, 2.4, 5),
        "circle-color": ["case", near, c.near, ["==", ["get", "status"], "failed"], c.wrong, c.dot],
        "circle-opacity": ["case", near, 1, 0.85],
        "circle-stroke-color": c.halo,
        "circle-stroke-width": ["case", near, 1, 0],
      },
    },
    {
      id: "sites-hit",
      type: "circle",
      source: "sites",
      minzoom: 12.5,
      paint: { "circle-radius": 11, "circle-color": "#000", "circle-opacity": 0 },
    },
    signalLayer(theme),
  ] as unknown as LayerSpecification[];
}

/** Adds sources and layers when the style is new; keeps the data it is given. */
export function addOverlays(map: MapLibre, theme: Theme, data: ReadonlyMap<OverlaySource, FeatureCollection>): void {
  for (const id of SOURCES) {
    if (map.getSource(id)) continue;
    const more = id === "sites" ? { promoteId: "id" } : {};
    map.addSource(id, { type: "geojson", data: data.get(id) ?? none, ...more });
  }
  const names = map.getLayer("road-names") ? "road-names" : undefined; // a street's name is read over its traffic
  for (const layer of overlayLayers(theme))
    if (!map.getLayer(layer.id)) map.addLayer(layer, UNDER_NAMES.has(layer.id) ? names : undefined);
}

export function setData(map: MapLibre, id: OverlaySource, data: FeatureCollection): void {
  (map.getSource(id) as GeoJSONSource | undefined)?.setData(data);
}

export const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

export function polygon(corners: LngLat[], properties: Record<string, unknown> = {}): Feature {
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [corners] } };
}

export const ringOf = (centre: LngLat, metres: number): FeatureCollection =>
  collection([polygon(ring(centre, metres))]);

/** Outlined sectors of the docked cameras; an unknown direction has none. */
export function sectorsOf(picks: readonly Pick[]): FeatureCollection {
  return collection(
    picks
      .filter((pick) => pick.bearing !== null)
      .map((pick) =>
        polygon(sector([pick.lon, pick.lat], pick.bearing ?? 0, pick.field || 60, Math.min(pick.reach || 60, 120)), {
          id: pick.camera_id,
        }),
      ),
  );
}
