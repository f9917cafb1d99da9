/** The map as part of the page: turns what the screen knows into what the map draws. */
import type { FeatureCollection } from "geojson";
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useRef, useState } from "react";
import { request } from "../wire/http";
import type { IncidentSummary, LngLat, Pick, Session } from "../wire/types";
import { useWords } from "../words/words";
import { type Aim, around, CityView, type MapActs, NEAR_METRES } from "./city_view";
import { sector } from "./geo";
import { collection, polygon, ringOf, sectorsOf } from "./layers";
import { incidentMarker, numberMarker, pinMarker } from "./markers";
import type { Theme } from "./style";
import { UnitPanel } from "./UnitPanel";
import { useUnits } from "./useUnits";
import { useWays } from "./useWays";

export type Scene = { id: string; at: LngLat; radius: number; picks: readonly Pick[] };
export type CityMapProps = {
  city: Session["city"];
  theme: Theme;
  scene: Scene | null;
  incidents: readonly IncidentSummary[];
  /** A change of `stamp` moves the map there; nothing else does. */
  goTo: { at: LngLat; stamp: number; metres?: number } | null;
  pin: LngLat | null;
  placing?: ((at: LngLat) => void) | null;
  aim: Aim | null;
  sitesVersion: number;
  /** How traffic is, and what is closed; drawn where it is given. */
  traffic?: FeatureCollection | null;
  /** Signals asked to let units through; drawn where they are given. */
  signals?: FeatureCollection | null;
  acts: MapActs;
  onNear?: (sites: number) => void;
  onIncident?: (id: string) => void;
};

async function hasBaseMap(): Promise<boolean> {
  try {
    await request("/map/city.pmtiles", { headers: { Range: "bytes=0-15" } });
    return true;
  } catch {
    return false; // said on the map
  }
}

async function load(path: string): Promise<FeatureCollection> {
  return (await (await request(path)).json()) as FeatureCollection;
}

function cameraFields(cameras: FeatureCollection): FeatureCollection {
  return collection(
    cameras.features.flatMap(({ geometry, properties }) =>
      geometry.type === "Point" && properties && properties.bearing !== null
        ? [
            polygon(
              sector(
                geometry.coordinates as LngLat,
                properties.bearing,
                properties.field || 60,
                Math.min(properties.reach || 40, 40),
              ),
              { id: properties.id },
            ),
          ]
        : [],
    ),
  );
}

function useSites(view: CityView | null, version: number): boolean {
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version loads anew
  useEffect(() => {
    if (!view) return;
    let over = false;
    Promise.all([load("/api/sites.geojson"), load("/api/cameras.geojson")])
      .then(([sites, cameras]) => {
        if (over) return;
        view.show("sites", sites);
        view.show("fields", cameraFields(cameras));
        setFailed(false);
      })
      .catch(() => !over && setFailed(true));
    return () => {
      over = true;
    };
  }, [view, version]);
  return failed;
}

export function CityMap(props: CityMapProps) {
  const container = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<CityView | null>(null);
  const [baseMap, setBaseMap] = useState(true);
  const [drawn, setDrawn] = useState(true);
  const [unit, setUnit] = useState<string | null>(null);
  const { t, say } = useWords();
  const { theme, scene, incidents, goTo, pin, aim, city, onNear, onIncident, placing } = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: one map for the life of the screen
  useEffect(() => {
    let made: CityView | null = null;
    let over = false;
    void hasBaseMap().then((found) => {
      if (over || !container.current) return;
      setBaseMap(found);
      try {
        const first = goTo ? around(goTo.at, goTo.metres ?? NEAR_METRES) : city.bounds; // what is asked for, not all of it first
        made = new CityView(container.current, theme, found, first);
      } catch {
        setDrawn(false); // no WebGL on this machine: the rest of the screen works without the map
        return;
      }
      setView(made);
    });
    return () => {
      over = true;
      made?.remove();
    };
  }, []);

  const sitesFailed = useSites(view, props.sitesVersion);
  useEffect(() => {
    if (view) view.acts = { ...props.acts, unit: setUnit };
  }, [view, props.acts]);
  useEffect(() => view?.setTheme(theme), [view, theme]);
  useEffect(() => view?.setAim(aim), [view, aim]);
  const { traffic, signals } = props;
  useEffect(() => view?.show("traffic", traffic ?? collection([])), [view, traffic]);
  useEffect(() => view?.show("signals", signals ?? collection([])), [view, signals]);
  const ways = useWays(scene?.id ?? null);
  useEffect(() => view?.show("ways", ways), [view, ways]);
  useEffect(() => {
    if (view && goTo) view.go(goTo.at, goTo.metres);
  }, [view, goTo]);
  useUnits(view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: sites that changed are counted anew
  useEffect(() => {
    if (!view) return;
    view.show("ring", scene ? ringOf(scene.at, scene.radius) : collection([]));
    view.show("picked", sectorsOf(scene?.picks ?? []));
    const count = () => onNear?.(view.setNear(scene?.at ?? null, scene?.radius ?? 0));
    count();
    view.map.once("idle", count);
  }, [view, scene, onNear, props.sitesVersion]);
  useEffect(() => {
    if (!view) return;
    const markers = new Map<
      string,
      Parameters<CityView["setMarkers"]>[0] extends ReadonlyMap<string, infer V> ? V : never
    >();
    for (const item of incidents) {
      if (!item.place) continue;
      const chosen = item.id === scene?.id;
      const drag = chosen && placing ? placing : undefined;
      markers.set(item.id, {
        at: [item.place.lon, item.place.lat],
        key: `${item.severity}${chosen}${drag !== undefined}${item.place_estimated}${item.drill}`,
        element: () =>
          incidentMarker(item, `${item.drill ? `${t("drill.word")} · ` : ""}${say(item.title)}`, chosen, () =>
            onIncident?.(item.id),
          ),
        ...(drag ? { drag } : {}),
      });
    }
    for (const pick of scene?.picks ?? [])
      markers.set(`pick-${pick.camera_id}`, {
        at: [pick.lon, pick.lat],
        key: `${pick.rank}`,
        spread: true,
        element: () => numberMarker(pick.rank, pick.site_name),
      });
    if (pin) markers.set("pin", { at: pin, key: "pin", element: () => pinMarker() });
    view.setMarkers(markers);
  }, [view, incidents, scene, pin, say, t, onIncident, placing]);

  return (
    <div className="map-frame">
      <div
        ref={container}
        className="map"
        data-testid="map"
        data-ways={ways.features.length}
        role="application"
        aria-label={t("map.label", { city: say(city.name) })}
      />
      {unit ? (
        <UnitPanel unitId={unit} close={() => setUnit(null)} {...(onIncident ? { open: onIncident } : {})} />
      ) : null}
      <div className="map-words">
        {drawn ? null : <span className="map-word wrong">{t("map.cannotDraw")}</span>}
        {baseMap ? null : <span className="map-word">{t("map.noBase")}</span>}
        {sitesFailed ? <span className="map-word wrong">{t("map.noSites")}</span> : null}
      </div>
    </div>
  );
}
