/** The operator's screen: what is chosen, what is docked, and which part shows it. */
import { useCallback, useMemo, useRef, useState } from "react";
import * as step from "../incidents/actions";
import type { OpenAt } from "../incidents/dialogs";
import { Incident } from "../incidents/Incident";
import { arrange, flatten, placeOf } from "../incidents/order";
import { Queue } from "../incidents/Queue";
import { useAgencies } from "../incidents/useAgencies";
import { useDetail } from "../incidents/useDetail";
import { CityMap } from "../map/CityMap";
import { SitePanel } from "../map/SitePanel";
import { CloseRoad } from "../roads/CloseRoad";
import { RoadBar } from "../roads/RoadBar";
import { useRoads } from "../roads/useRoads";
import { Strip } from "../tiles/Strip";
import { StillThere } from "../units/StillThere";
import { useKnown } from "../wire/store";
import type { IncidentDetail, LngLat, SearchItem, Session } from "../wire/types";
import { useWords } from "../words/words";
import { Asked, type Asking } from "./Asked";
import { AimBar, NewPill, RingPill, type Spot, SpotMenu } from "./Floating";
import { Groups } from "./Groups";
import { useKeysAfterClicks, useShortcuts } from "./keyboard";
import { operatorKeys } from "./keys";
import { PurposeStrip } from "./PurposeStrip";
import { TopBar } from "./TopBar";
import { useTheme } from "./theme";
import { useActs } from "./useActs";
import { useAim } from "./useAim";
import { useAlarm } from "./useAlarm";
import { useDuty } from "./useDuty";
import { useScene } from "./useScene";

export function Operator({ session, leave }: { session: Session; leave: () => void }) {
  const { t, say } = useWords();
  const theme = useTheme();
  const known = useKnown();
  const [chosen, setChosen] = useState<string | null>(null);
  const [docked, setDocked] = useState<string | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking>(null);
  const [openAt, setOpenAt] = useState<OpenAt | null>(null);
  const [goTo, setGoTo] = useState<{ at: LngLat; stamp: number } | null>(null);
  const [siteId, setSiteId] = useState<string | null>(null);
  const [spot, setSpot] = useState<Spot | null>(null);
  const [placing, setPlacing] = useState<LngLat | null>(null);
  const [big, setBig] = useState<number | null>(null);
  const [turned, setTurned] = useState(0);
  const [near, setNear] = useState<number | null>(null);
  const { duty, watch, play, stop } = useDuty();
  const aim = useAim();
  const roads = useRoads(known.roadsVersion);
  const agencies = useAgencies();
  const summary = chosen ? (known.incidents.get(chosen) ?? null) : null;
  const { detail, problem, put, reload } = useDetail(chosen, summary ? summary.version + (summary.recorded ?? 0) : 0);
  const sections = useMemo(() => arrange(known.incidents.values()), [known.incidents]);
  const order = useMemo(() => flatten(sections, opened), [sections, opened]);
  const alarm = useAlarm(known, chosen);

  const go = useCallback((at: LngLat) => setGoTo((before) => ({ at, stamp: (before?.stamp ?? 0) + 1 })), []);
  const choose = useCallback((id: string) => {
    setChosen(id);
    setPlacing(null);
    setTurned(0);
    setBig(null);
  }, []);
  const dock = useCallback(
    (id: string) => {
      choose(id);
      setDocked(id);
      stop();
      const place = known.incidents.get(id)?.place;
      if (place) go([place.lon, place.lat]);
    },
    [choose, stop, go, known.incidents],
  );
  const move = (by: number) => {
    const index = placeOf(order, chosen, known.incidents);
    const next =
      order[index === -1 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, index + by))];
    if (next) choose(next);
  };
  const run = useCallback(
    async (work: Promise<IncidentDetail>) => {
      const outcome = await step.attempt(work);
      put(outcome.detail ? outcome : { problem: outcome.problem });
      return outcome.detail !== null;
    },
    [put],
  );

  const { picks, page, pages, scene, incidents } = useScene({ detail, turned, placing, known });
  const playing = docked === chosen && duty.cameras.length === 0;

  const acts = useActs({
    detail,
    placing,
    setPlacing,
    run,
    put,
    reload,
    go,
    ask: setAsking,
    newest: () => setTurned(Number.POSITIVE_INFINITY),
    open: dock,
  });
  const mapActs = useMemo(
    () => ({
      site: (id: string) => {
        setSiteId(id);
        setSpot(null);
      },
      context: (place: LngLat, screen: { x: number; y: number }) => setSpot({ at: place, screen }),
      aimed: (bearing: number) => aim.turn(bearing),
    }),
    [aim.turn],
  );
  const found = (item: SearchItem) => {
    if (item.type === "incident") dock(item.id);
    else if (item.lon !== null && item.lat !== null) {
      go([item.lon, item.lat]);
      if (item.type === "site") setSiteId(item.id);
    }
  };
  const stepBack = () => {
    setSpot(null);
    setBig(null);
    setPlacing(null);
    setSiteId(null);
    aim.cancel();
  };
  const keys = operatorKeys({
    move,
    dock: () => {
      const id = chosen ?? order[0];
      if (id) dock(id);
    },
    acts,
    go: () => {
      const target = alarm.fresh?.id ?? chosen;
      if (target) dock(target);
    },
    ask: setAsking,
    join: () => {
      const other = detail?.alike?.[0];
      if (other) acts.pair(other.id, "join");
    },
    partner: () => {
      const other = detail?.joined?.[0];
      if (other) dock(other.id);
    },
    big: (index) => setBig(picks[index] && big !== index ? index : null),
    stopDuty: stop,
    escape: stepBack,
    owned: detail?.owner?.id === session.account.id,
  });
  useKeysAfterClicks();
  useShortcuts(keys, asking === null && openAt === null);

  const views = useRef(new Map<string, string>());
  const noteView = useCallback((cameraId: string, viewId: string | null) => {
    if (viewId === null) views.current.delete(cameraId);
    else views.current.set(cameraId, viewId);
  }, []);

  return (
    <div className="operator" data-testid="operator">
      <TopBar
        session={session}
        known={known}
        soundBlocked={alarm.blocked}
        unblock={alarm.unblock}
        found={found}
        help={() => setAsking("help")}
        leave={leave}
      />
      <PurposeStrip session={session} detail={playing ? detail : null} known={known} />
      <Queue
        known={known}
        sections={sections}
        chosen={chosen}
        opened={opened}
        toggle={(key) =>
          setOpened(
            (before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]),
          )
        }
        choose={dock}
        history={() => setAsking("history")}
      />
      <main className="centre" aria-label={t("shell.map")}>
        <CityMap
          city={session.city}
          theme={theme}
          scene={scene}
          incidents={incidents}
          goTo={goTo}
          pin={spot?.at ?? openAt?.at ?? null}
          placing={placing ? setPlacing : null}
          aim={aim.aiming?.aim ?? null}
          sitesVersion={known.sitesVersion + aim.version}
          traffic={roads.drawn}
          acts={mapActs}
          onNear={setNear}
          onIncident={dock}
        />
        <div className="over-map">
          {detail ? <RingPill detail={detail} sites={near} widen={acts.widen} /> : <span />}
          {alarm.fresh ? (
            <NewPill item={alarm.fresh} go={() => alarm.fresh && dock(alarm.fresh.id)} dismiss={alarm.dismiss} />
          ) : null}
          <AimBar control={aim} />
          <RoadBar control={roads} />
        </div>
        <StillThere />
        <Groups current={duty.cameras} play={play} />
        {siteId ? (
          <SitePanel
            siteId={siteId}
            version={aim.version}
            watch={watch}
            aim={aim.begin}
            open={(site) => setOpenAt({ at: [site.lon, site.lat], words: site.address, viewId: null })}
            close={() => setSiteId(null)}
          />
        ) : null}
        {spot ? (
          <SpotMenu
            spot={spot}
            open={() => {
              setOpenAt({ at: spot.at, words: "", viewId: null });
              setSpot(null);
            }}
            near={() => {
              go(spot.at);
              setSpot(null);
            }}
            place={
              detail?.may.confirm_place && (detail.place === null || detail.place_estimated)
                ? () => {
                    void run(step.confirmPlace(detail.id, spot.at[0], spot.at[1]));
                    setSpot(null);
                  }
                : null
            }
            closeRoad={() => {
              roads.ask(spot.at);
              setSpot(null);
            }}
            close={() => setSpot(null)}
          />
        ) : null}
      </main>
      {detail ? (
        <Incident
          detail={detail}
          me={session.account.id}
          problem={problem}
          placing={placing !== null}
          acts={acts}
          agencies={agencies}
        />
      ) : (
        <section className="incident panel" aria-label={t("incident.panel")}>
          <p className="empty">{problem ? say(problem) : t("incident.choose")}</p>
        </section>
      )}
      <Strip
        detail={detail}
        picks={picks}
        playing={playing}
        duty={duty.cameras}
        dutyWords={duty.group ? t("duty.tour", { name: duty.group.name }) : t("duty.words")}
        chosen={big}
        choose={setBig}
        page={page}
        pages={pages}
        turn={setTurned}
        closeDuty={stop}
        onView={noteView}
        sawSomething={
          duty.from
            ? () => {
                const site = duty.from?.site;
                const seen = [...views.current.values()].at(-1) ?? null;
                if (site) setOpenAt({ at: [site.lon, site.lat], words: site.address, viewId: seen });
              }
            : null
        }
      />
      <CloseRoad control={roads} />
      <Asked
        asking={asking}
        detail={detail}
        agencies={agencies}
        keys={keys}
        openAt={openAt}
        seen={() => {
          const shown = big === null ? picks : [...picks.slice(big), ...picks.slice(0, big)];
          return shown.flatMap((pick) => {
            const viewId = views.current.get(pick.camera_id);
            return viewId ? [{ cameraId: pick.camera_id, viewId, name: `${pick.rank} ${pick.site_name}` }] : [];
          });
        }}
        done={() => setAsking(null)}
        run={(work) => void run(work)}
        choose={choose}
        opened={(fresh) => {
          setOpenAt(null);
          if (!fresh) return;
          setSiteId(null);
          stop();
          choose(fresh.id);
          setDocked(fresh.id);
        }}
      />
    </div>
  );
}
