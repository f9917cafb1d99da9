/** The living map behind the screen: what moves it (only a person), what is drawn on it, what a click means. */
import type { FeatureCollection } from "geojson";
import { addProtocol, Map as MapLibre, Marker, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import type { LngLat } from "../wire/types";
import { bearingTo, metresBetween, type Pixel, pushApart, sector, towards, withWords } from "./geo";
import { addOverlays, collection, type OverlaySource, polygon, setData } from "./layers";
import { styleFor, type Theme } from "./style";
import { addUnits, drawMissing, onUnit, showUnits } from "./units";

setWorkerUrl(workerUrl);
addProtocol("pmtiles", new Protocol().tile);

export type Aim = { at: LngLat; bearing: number; field: number; reach: number };
export type MapActs = {
  site?: (id: string, at: LngLat) => void;
  unit?: (id: string) => void;
  context?: (at: LngLat, screen: { x: number; y: number }) => void;
  aimed?: (bearing: number) => void;
  ready?: () => void;
};
const LONG_PRESS_MS = 600;
const LABEL_FROM = 22; // pixels from the middle of an incident's mark to its words, as map.css has it
const PADDING = 16;
export const NEAR_METRES = 620;

/** West, south, east, north of a circle. */
export function around(at: LngLat, metres: number): [number, number, number, number] {
  const edge = (bearing: number) => towards(at, bearing, metres);
  return [edge(270)[0], edge(180)[1], edge(90)[0], edge(0)[1]];
}

export class CityView {
  readonly map: MapLibre;
  acts: MapActs = {};
  private readonly data = new Map<OverlaySource, FeatureCollection>();
  private readonly markers = new Map<string, Marker>();
  private units: FeatureCollection = collection([]);
  private near = new Set<string>();
  private spread = new Set<string>();
  private aimHandle: Marker | null = null;

  constructor(
    container: HTMLElement,
    private theme: Theme,
    private readonly baseMap: boolean,
    bounds: [number, number, number, number],
  ) {
    this.map = new MapLibre({
      container,
      style: styleFor(theme, baseMap),
      bounds,
      fitBoundsOptions: { padding: PADDING },
      attributionControl: false,
      locale: { "Map.Title": container.getAttribute("aria-label") ?? "" }, // the canvas is in the order of Tab too
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 19,
      minZoom: 8,
      fadeDuration: 0, // each frame of a fade is a whole map drawn anew
      pixelRatio: Math.min(window.devicePixelRatio, 2),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disable(); // the keys belong to the console
    this.map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-right");

    this.map.on("style.load", () => {
      addOverlays(this.map, this.theme, this.data);
      addUnits(this.map, this.theme, this.units);
      this.applyNear();
    });
    this.map.setMissingStyleImageResolver((id) => drawMissing(this.map, id, this.theme));
    this.map.once("idle", () => {
      container.dataset.ready = "true";
      this.acts.ready?.();
    });
    this.map.on("zoomend", () => this.keepApart());
    onUnit(this.map, (id) => this.acts.unit?.(id));
    this.map.on("click", "sites-hit", (event) => {
      const feature = event.features?.[0];
      if (feature?.geometry.type !== "Point") return;
      if (this.acts.unit && this.map.queryRenderedFeatures(event.point, { layers: ["units"] }).length > 0) return;
      this.acts.site?.(String(feature.properties.id), feature.geometry.coordinates as LngLat);
    });
    for (const layer of ["sites-hit", "units"]) {
      this.map.on("mouseenter", layer, () => this.cursor("pointer"));
      this.map.on("mouseleave", layer, () => this.cursor(""));
    }
    this.map.on("contextmenu", (event) => this.acts.context?.(event.lngLat.toArray() as LngLat, event.point));
    this.longPress();
  }

  show(id: OverlaySource, data: FeatureCollection): void {
    this.data.set(id, data);
    setData(this.map, id, data);
    if (id === "sites") this.applyNear();
  }

  /** Units in place of those drawn before. */
  showUnits(data: FeatureCollection): void {
    this.units = data;
    showUnits(this.map, data);
  }

  setTheme(theme: Theme): void {
    if (theme === this.theme) return;
    this.theme = theme;
    this.map.setStyle(styleFor(theme, this.baseMap), { diff: false });
  }

  /** Brightens the sites inside the ring; returns how many there are. */
  setNear(centre: LngLat | null, metres: number): number {
    this.near = new Set();
    if (centre)
      for (const feature of this.data.get("sites")?.features ?? [])
        if (
          feature.geometry.type === "Point" &&
          metresBetween(centre, feature.geometry.coordinates as LngLat) <= metres
        )
          this.near.add(String(feature.properties?.id));
    this.applyNear();
    return this.near.size;
  }

  /** Markers by id; those not named any more are taken away. */
  setMarkers(
    wanted: ReadonlyMap<
      string,
      { at: LngLat; element: () => HTMLElement; key: string; spread?: boolean; drag?: (at: LngLat) => void }
    >,
  ): void {
    for (const [id, marker] of this.markers) {
      const spec = wanted.get(id);
      if (spec && marker.getElement().dataset.key === spec.key) marker.setLngLat(spec.at);
      else {
        marker.remove();
        this.markers.delete(id);
      }
    }
    for (const [id, spec] of wanted) {
      if (this.markers.has(id)) continue;
      const element = spec.element();
      element.dataset.key = spec.key;
      const marker = new Marker({ element, draggable: spec.drag !== undefined }).setLngLat(spec.at).addTo(this.map);
      if (spec.drag) marker.on("dragend", () => spec.drag?.(marker.getLngLat().toArray() as LngLat));
      this.markers.set(id, marker);
    }
    this.spread = new Set([...wanted].flatMap(([id, spec]) => (spec.spread ? [id] : [])));
    this.keepApart();
  }

  /** Numbers of cameras on one pole stand beside each other, whatever the zoom. */
  private keepApart(): void {
    const at = (marker: Marker): Pixel => {
      const { x, y } = this.map.project(marker.getLngLat());
      return [x, y];
    };
    const moved = [...this.markers].filter(([id]) => this.spread.has(id)).map(([, marker]) => marker);
    const fixed = [...this.markers].flatMap(([id, marker]) => {
      if (this.spread.has(id)) return [];
      const words = marker.getElement().querySelector<HTMLElement>(".marker-label");
      return withWords(at(marker), LABEL_FROM, words?.offsetWidth ?? 0);
    });
    for (const [index, offset] of pushApart(moved.map(at), fixed).entries()) moved[index]?.setOffset(offset);
  }

  /** Moves only when a person asked; at once, since the picture is waited for. */
  go(at: LngLat, metres = NEAR_METRES): void {
    this.map.fitBounds(around(at, metres), { padding: PADDING, duration: 0 });
  }

  /** Shows the handle that turns a camera's sector; null takes it away. */
  setAim(aim: Aim | null): void {
    if (!aim) {
      this.aimHandle?.remove();
      this.aimHandle = null;
      this.show("aim", collection([]));
      return;
    }
    this.drawAim(aim);
    const tip = towards(aim.at, aim.bearing, aim.reach);
    if (this.aimHandle) {
      this.aimHandle.setLngLat(tip);
      return;
    }
    const element = document.createElement("div");
    element.className = "aim-handle";
    element.dataset.testid = "aim-handle";
    this.aimHandle = new Marker({ element, draggable: true }).setLngLat(tip).addTo(this.map);
    this.aimHandle.on("drag", () => {
      const handle = this.aimHandle?.getLngLat().toArray() as LngLat;
      this.drawAim({ ...aim, bearing: bearingTo(aim.at, handle) });
    });
    this.aimHandle.on("dragend", () => {
      const handle = this.aimHandle?.getLngLat().toArray() as LngLat;
      this.acts.aimed?.(Math.round(bearingTo(aim.at, handle)) % 360);
    });
  }

  remove(): void {
    this.map.remove();
  }

  private drawAim(aim: Aim): void {
    this.show("aim", collection([polygon(sector(aim.at, aim.bearing, aim.field, aim.reach))]));
  }

  private applyNear(): void {
    if (!this.map.getSource("sites")) return;
    this.map.removeFeatureState({ source: "sites" });
    for (const id of this.near) this.map.setFeatureState({ source: "sites", id }, { near: true });
  }

  private cursor(kind: string): void {
    this.map.getCanvas().style.cursor = kind;
  }

  private longPress(): void {
    let timer: number | undefined;
    const forget = () => window.clearTimeout(timer);
    this.map.on("touchstart", (event) => {
      forget();
      if (event.points.length === 1)
        timer = window.setTimeout(
          () => this.acts.context?.(event.lngLat.toArray() as LngLat, event.point),
          LONG_PRESS_MS,
        );
    });
    for (const name of ["touchend", "touchmove", "touchcancel"] as const) this.map.on(name, forget);
  }
}
