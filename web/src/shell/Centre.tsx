/** The middle of the operator's screen: the map, what floats over it, and what a click on it opens. */
import { useCallback, useMemo, useState } from "react";
import type { OpenAt } from "../incidents/dialogs";
import type { IncidentActs } from "../incidents/Incident";
import { CityMap, type Scene } from "../map/CityMap";
import { LayersBar } from "../map/LayersBar";
import { SitePanel } from "../map/SitePanel";
import { useSignalLayer } from "../map/useSignalLayer";
import { CloseRoad } from "../roads/CloseRoad";
import { RoadBar } from "../roads/RoadBar";
import { useRoads } from "../roads/useRoads";
import { UnitsAsking } from "../units/UnitsAsking";
import type { Known } from "../wire/store";
import type { IncidentDetail, IncidentSummary, LngLat, Session } from "../wire/types";
import { useWords } from "../words/words";
import { AimBar, NewPill, RingPill, type Spot, SpotMenu } from "./Floating";
import { Groups } from "./Groups";
import { useTheme } from "./theme";
import type { useAim } from "./useAim";
import type { useAlarm } from "./useAlarm";
import type { useDuty } from "./useDuty";

export type Centring = { at: LngLat; stamp: number; metres?: number } | null;
/** Which site, which point of the map is chosen; `clear` steps back from both. */
export function useChosenPlace() {
  const [site, setSite] = useState<string | null>(null);
  const [spot, setSpot] = useState<Spot | null>(null);
  const clear = useCallback(() => {
    setSite(null);
    setSpot(null);
  }, []);
  return useMemo(() => ({ site, setSite, spot, setSpot, clear }), [site, spot, clear]);
}

type Props = {
  session: Session;
  known: Known;
  detail: IncidentDetail | null;
  chosen: string | null;
  scene: Scene | null;
  incidents: readonly IncidentSummary[];
  goTo: Centring;
  go: (at: LngLat) => void;
  place: ReturnType<typeof useChosenPlace>;
  placing: LngLat | null;
  setPlacing: (at: LngLat | null) => void;
  confirmPlace: (at: LngLat) => void;
  openAt: OpenAt | null;
  setOpenAt: (at: OpenAt) => void;
  acts: Pick<IncidentActs, "widen" | "sighting">;
  aim: ReturnType<typeof useAim>;
  alarm: ReturnType<typeof useAlarm>;
  duty: ReturnType<typeof useDuty>;
  dock: (incident: string) => void;
};

export function Centre(props: Props) {
  const { session, known, detail, place, placing, aim, alarm, duty, dock, go } = props;
  const { t } = useWords();
  const theme = useTheme();
  const [near, setNear] = useState<number | null>(null);
  const [flow, setFlow] = useState(true);
  const roads = useRoads(known.roadsVersion, flow);
  const signals = useSignalLayer(props.chosen);
  const { setSite, spot, setSpot } = place;
  const mapActs = useMemo(
    () => ({
      site: (id: string) => {
        setSite(id);
        setSpot(null);
      },
      context: (at: LngLat, screen: { x: number; y: number }) => setSpot({ at, screen }),
      aimed: (bearing: number) => aim.turn(bearing),
    }),
    [aim.turn, setSite, setSpot],
  );
  return (
    <main className="centre" aria-label={t("shell.map")}>
      <CityMap
        city={session.city}
        theme={theme}
        scene={props.scene}
        incidents={props.incidents}
        goTo={props.goTo}
        pin={spot?.at ?? roads.at ?? props.openAt?.at ?? null}
        placing={placing ? props.setPlacing : null}
        aim={aim.aiming?.aim ?? null}
        sitesVersion={known.sitesVersion + aim.version}
        traffic={roads.drawn}
        signals={signals.drawn}
        acts={mapActs}
        onNear={setNear}
        onIncident={dock}
      />
      <div className="over-map">
        {detail ? <RingPill detail={detail} sites={near} widen={props.acts.widen} /> : <span />}
        {alarm.fresh ? (
          <NewPill item={alarm.fresh} go={() => alarm.fresh && dock(alarm.fresh.id)} dismiss={alarm.dismiss} />
        ) : null}
        <AimBar control={aim} />
        <RoadBar control={roads} />
      </div>
      <UnitsAsking go={dock} />
      <Groups current={duty.duty.cameras} play={duty.play} />
      <LayersBar
        flow={flow}
        setFlow={setFlow}
        measuredAt={roads.measuredAt}
        signals={signals.on}
        setSignals={signals.set}
        asked={signals.asked}
        centreUp={signals.centreUp}
      />
      {place.site ? (
        <SitePanel
          siteId={place.site}
          version={aim.version}
          watch={duty.watch}
          aim={aim.begin}
          open={(site) => props.setOpenAt({ at: [site.lon, site.lat], words: site.address, viewId: null })}
          close={() => setSite(null)}
        />
      ) : null}
      {spot ? (
        <SpotMenu
          spot={spot}
          open={() => {
            props.setOpenAt({ at: spot.at, words: "", viewId: null });
            setSpot(null);
          }}
          near={() => {
            go(spot.at);
            setSpot(null);
          }}
          place={
            detail?.may.confirm_place && (detail.place === null || detail.place_estimated)
              ? () => {
                  props.confirmPlace(spot.at);
                  setSpot(null);
                }
              : null
          }
          sighting={detail?.state === "open" ? props.acts.sighting : null}
          closeRoad={() => {
            roads.ask(spot.at);
            setSpot(null);
          }}
          close={() => setSpot(null)}
        />
      ) : null}
      <CloseRoad control={roads} />
    </main>
  );
}
