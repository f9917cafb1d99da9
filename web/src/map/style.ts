/** How the city is drawn, dark and light; overlays come above in layers.ts. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { fontFaces } from "./fonts";

export type Theme = "dark" | "light";
type Palette = {
  page: string;
  block: string;
  area: string;
  water: string;
  roads: [string, string, string, string];
  casing: string;
  label: string;
  halo: string;
  district: string;
  boundary: string;
};

export const PALETTES: Record<Theme, Palette> = {
  dark: {
    page: "#0c131a",
    block: "#111921",
    area: "#122019",
    water: "#0e1c2a",
    roads: ["#4a637d", "#38506a", "#28394b", "#1d2935"],
    casing: "#0c131a",
    label: "#8fa3b8",
    halo: "#0c131a",
    district: "#7f93a8",
    boundary: "#3a4c5e",
  },
  light: {
    page: "#dfe4e9",
    block: "#edf0f2",
    area: "#e0eade",
    water: "#d3dfea",
    roads: ["#ffffff", "#ffffff", "#ffffff", "#fbfcfd"],
    casing: "#c3cbd4",
    label: "#46566a",
    halo: "#ffffff",
    district: "#5a6a7c",
    boundary: "#9aa7b4",
  },
};

// 101 motorway, 102 urban motorway, 103 national, 104 metropolitan, 105 state-supported, 106 provincial, 107 city, 108 lanes
const width = (scale: number): unknown => [
  "interpolate",
  ["exponential", 1.6],
  ["zoom"],
  10,
  ["*", scale * 0.5, ["get", "w"]],
  14,
  ["*", scale * 1.1, ["get", "w"]],
  18,
  ["*", scale * 7, ["get", "w"]],
];

function baseLayers(theme: Theme): LayerSpecification[] {
  const p = PALETTES[theme];
  const roadColor = ["match", ["get", "class"], 1, p.roads[0], 2, p.roads[1], 3, p.roads[2], p.roads[3]];
  const layers: unknown[] = [
    { id: "block", type: "fill", "source-layer": "boundary", paint: { "fill-color": p.block } },
    {
      id: "areas",
      type: "fill",
      "source-layer": "areas",
      paint: { "fill-color": ["match", ["get", "kind"], "water", p.water, p.area] },
    },
    {
      id: "districts",
      type: "line",
      "source-layer": "districts",
      minzoom: 11,
      paint: { "line-color": p.boundary, "line-opacity": 0.6, "line-width": 1, "line-dasharray": [3, 3] },
    },
    {
      id: "boundary",
      type: "line",
      "source-layer": "boundary",
      paint: { "line-color": p.boundary, "line-width": 1.5, "line-dasharray": [6, 3, 1, 3] },
    },
    {
      id: "road-casing",
      type: "line",
      "source-layer": "roads",
      minzoom: 12,
      layout: { "line-cap": "round", "line-join": "round", "line-sort-key": ["-", 9, ["get", "class"]] },
      paint: { "line-color": p.casing, "line-width": width(1.35) },
    },
    {
      id: "roads",
      type: "line",
      "source-layer": "roads",
      layout: { "line-cap": "round", "line-join": "round", "line-sort-key": ["-", 9, ["get", "class"]] },
      paint: { "line-color": roadColor, "line-width": width(1) },
    },
    {
      id: "road-names",
      type: "symbol",
      "source-layer": "roads",
      minzoom: 13,
      filter: ["has", "name"],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 420,
        "text-field": ["get", "name"],
        "text-font": ["Pretendard"],
        "text-size": 12,
        "text-max-angle": 30,
        "symbol-sort-key": ["get", "class"],
      },
      paint: { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 1.6 },
    },
    {
      id: "district-names",
      type: "symbol",
      "source-layer": "district_names",
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["Pretendard"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 10, 11, 15, 15],
        "text-letter-spacing": 0.04,
        "text-padding": 8,
      },
      paint: { "text-color": p.district, "text-halo-color": p.halo, "text-halo-width": 1.6 },
    },
  ];
  return layers.map((layer) => ({ source: "city", ...(layer as object) })) as LayerSpecification[];
}

/** The whole style; without a base map only the ground colour is drawn, and overlays still work. */
export function styleFor(theme: Theme, baseMap: boolean, pack?: string): StyleSpecification {
  const origin = window.location.href;
  const url = pack ?? new URL("/map/city.pmtiles", origin).href;
  const p = PALETTES[theme];
  return {
    version: 8,
    "font-faces": fontFaces(origin),
    sources: baseMap ? { city: { type: "vector", url: `pmtiles://${url}` } } : {},
    layers: [
      { id: "ground", type: "background", paint: { "background-color": baseMap ? p.page : p.block } },
      ...(baseMap ? baseLayers(theme) : []),
    ],
  } as StyleSpecification;
}
