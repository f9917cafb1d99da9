/** The map a crew drives by: its way with congestion and narrow pieces, what lies beside it, itself; follows it until touched. */
import type { Feature, FeatureCollection } from "geojson";
import {
  addProtocol,
  type GeoJSONSource,
  type LayerSpecification,
  Map as MapLibre,
  Marker,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { FileSource, PMTiles, Protocol } from "pmtiles";
import type { LngLat } from "../wire/types";
import { sector } from "./geo";
import { collection, polygon } from "./layers";
import { styleFor, type Theme } from "./style";

setWorkerUrl(workerUrl);
const protocol = new Protocol();
addProtocol("pmtiles", protocol.tile);

export type WayPiece = { line: readonly LngLat[]; level: "free" | "slow" | "jammed"; narrow: boolean };
export type FieldDrawing = {
  pieces: readonly WayPiece[];
  sectors: readonly { at: LngLat; bearing: number; field: number; reach: number }[];
  dots: readonly { at: LngLat; kind: "camera" | "water" | "school" | "closure"; label: string }[];
  scene: LngLat | null;
};

const SOURCES = ["way", "sectors", "dots"] as const;
const COLOURS = {
  dark: {
    way: "#f4f7fa",
    slow: "#FF9D00",
    jammed: "#FF3B6B",
    casing: "#05080b",
    water: "#3D8BFF",
    school: "#FFE98A",
    camera: "#9fb4c8",
  },
  light: {
    way: "#131c26",
    slow: "#B85C00",
    jammed: "#D4144A",
    casing: "#ffffff",
    water: "#1A5FC4",
    school: "#7A6200",
    camera: "#526070",
  },
} as const;

function layers(theme: Theme): LayerSpecification[] {
  const c = COLOURS[theme];
  const level = ["match", ["get", "level"], "slow", c.slow, "jammed", c.jammed, c.way];
  const kind = ["match", ["get", "kind"], "water", c.water, "school", c.school, "closure", c.jammed, c.camera];
  return [
    { id: "sectors", type: "fill", source: "sectors", paint: { "fill-color": "#8cc8f0", "fill-opacity": 0.2 } },
    {
      id: "way-casing",
      type: "line",
      source: "way",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": c.casing, "line-width": 12 },
    },
    {
      id: "way",
      type: "line",
      source: "way",
      filter: ["!", ["get", "narrow"]],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": level, "line-width": 7 },
    },
    {
      id: "way-narrow",
      type: "line",
      source: "way",
      filter: ["get", "narrow"],
      paint: { "line-color": level, "line-width": 6, "line-dasharray": [1.2, 0.8] },
    },
    {
      id: "dots",
      type: "circle",
      source: "dots",
      paint: {
        "circle-color": kind,
        "circle-radius": ["match", ["get", "kind"], "camera", 4, 6],
        "circle-stroke-color": c.casing,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "dot-labels",
      type: "symbol",
      source: "dots",
      filter: ["!=", ["get", "kind"], "camera"],
      minzoom: 14,
      layout: {
        "text-field": ["get", "label"],
        "text-font": ["Pretendard"],
        "text-size": 13,
        "text-offset": [0, 1.1],
        "text-anchor": "top",
      },
      paint: { "text-color": kind, "text-halo-color": c.casing, "text-halo-width": 1.6 },
    },
  ] as unknown as LayerSpecification[];
}

/** Draws the base map from a file kept on the device, when there is one. */
export function addStoredPack(file: File | null): void {
  if (file) protocol.add(new PMTiles(new FileSource(file)));
}

export class FieldView {
  readonly map: MapLibre;
  private readonly data = new Map<string, FeatureCollection>();
  private here: Marker | null = null;
  private scene: Marker | null = null;
  private following = true;

  constructor(
    container: HTMLElement,
    private theme: Theme,
    base: { url: string | null; bounds: [number, number, number, number] },
    private readonly touched: () => void,
  ) {
    this.map = new MapLibre({
      container,
      style: styleFor(theme, base.url !== null, base.url ?? undefined),
      bounds: base.bounds,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 19,
      minZoom: 8,
      fadeDuration: 0,
      pixelRatio: Math.min(window.devicePixelRatio, 2),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.on("style.load", () => this.addAll());
    this.map.once("idle", () => {
      container.dataset.ready = "true";
    });
    for (const gesture of ["dragstart", "wheel", "touchmove"] as const)
      this.map.on(gesture, () => {
        if (!this.following) return;
        this.following = false;
        this.touched();
      });
  }

  draw({ pieces, sectors, dots, scene }: FieldDrawing): void {
    this.show("way", collection(pieces.map(({ line, level, narrow }) => lineOf(line, { level, narrow }))));
    this.show("sectors", collection(sectors.map((one) => polygon(sector(one.at, one.bearing, one.field, one.reach)))));
    this.show("dots", collection(dots.map(({ at, kind, label }) => pointOf(at, { kind, label }))));
    if (scene) this.scene ??= new Marker({ element: element("field-scene") }).setLngLat(scene).addTo(this.map);
    if (scene) this.scene?.setLngLat(scene);
    else {
      this.scene?.remove();
      this.scene = null;
    }
  }

  /** Puts the arrow there and, while it is followed, the map around it and the scene. */
  move(at: LngLat, heading: number | null, towards: LngLat | null): void {
    this.here ??= new Marker({ element: element("field-here"), rotationAlignment: "map" })
      .setLngLat(at)
      .addTo(this.map);
    this.here.setLngLat(at).setRotation(heading ?? 0);
    this.here.getElement().classList.toggle("field-here-still", heading === null);
    if (this.following) this.frame(at, towards);
  }

  follow(at: LngLat, towards: LngLat | null): void {
    this.following = true;
    this.frame(at, towards);
  }

  setTheme(theme: Theme, url: string | null): void {
    if (theme === this.theme) return;
    this.theme = theme;
    this.map.setStyle(styleFor(theme, url !== null, url ?? undefined), { diff: false });
  }

  remove(): void {
    this.map.remove();
  }

  private frame(at: LngLat, towards: LngLat | null): void {
    if (!towards) {
      this.map.jumpTo({ center: at, zoom: Math.max(15, this.map.getZoom()) });
      return;
    }
    const bounds: [number, number, number, number] = [
      Math.min(at[0], towards[0]),
      Math.min(at[1], towards[1]),
      Math.max(at[0], towards[0]),
      Math.max(at[1], towards[1]),
    ];
    this.map.fitBounds(bounds, { padding: 56, maxZoom: 16.5, duration: 0 });
  }

  private show(id: (typeof SOURCES)[number], data: FeatureCollection): void {
    this.data.set(id, data);
    (this.map.getSource(id) as GeoJSONSource | undefined)?.setData(data);
  }

  private addAll(): void {
    for (const id of SOURCES)
      if (!this.map.getSource(id))
        this.map.addSource(id, { type: "geojson", data: this.data.get(id) ?? collection([]) });
    for (const layer of layers(this.theme)) if (!this.map.getLayer(layer.id)) this.map.addLayer(layer);
  }
}

const lineOf = (line: readonly LngLat[], properties: Record<string, unknown>): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "LineString", coordinates: [...line] },
});
const pointOf = (at: LngLat, properties: Record<string, unknown>): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: at },
});
function element(name: string): HTMLElement {
  const made = document.createElement("div");
  made.className = name;
  return made;
}
