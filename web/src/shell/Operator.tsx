/** The operator's screen: what is chosen, what is docked, and which part shows it. */
import { useCallback, useMemo, useRef, useState } from "react";
import * as step from "../incidents/actions";
import type { OpenAt } from "../incidents/dialogs";
import { Incident } from "../incidents/Incident";
import { stillAlike } from "../incidents/next";
import { arrange, flatten, placeOf } from "../incidents/order";
import { Queue } from "../incidents/Queue";
import { useAgencies } from "../incidents/useAgencies";
import { useDetail } from "../incidents/useDetail";
import { Strip } from "../tiles/Strip";
import { useKnown } from "../wire/store";
import type { IncidentDetail, LngLat, SearchItem, Session } from "../wire/types";
import { useWords } from "../words/words";
import { Asked, type Asking } from "./Asked";
import { Centre, useChosenPlace } from "./Centre";
import { useKeysAfterClicks, useShortcuts } from "./keyboard";
import { operatorKeys } from "./keys";
import { PurposeStrip } from "./PurposeStrip";
import { TopBar } from "./TopBar";
import { useActs } from "./useActs";
import { useAim } from "./useAim";
import { useAlarm } from "./useAlarm";
import { keptDocked, useDocked } from "./useDocked";
import { useDuty } from "./useDuty";
import { useScene } from "./useScene";

export function Operator({ session, leave }: { session: Session; leave: () => void }) {
  const { t, say } = useWords();
  const known = useKnown();
  const [chosen, setChosen] = useState(() => keptDocked(session.account.id));
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking>(null);
  const [openAt, setOpenAt] = useState<OpenAt | null>(null);
  const [goTo, setGoTo] = useState<{ at: LngLat; stamp: number } | null>(null);
  const place = useChosenPlace();
  const [placing, setPlacing] = useState<LngLat | null>(null);
  const [big, setBig] = useState<number | null>(null);
  const [turned, setTurned] = useState(0);
  const onDuty = useDuty();
  const { duty, stop } = onDuty;
  const aim = useAim();
  const agencies = useAgencies();
  const summary = chosen ? (known.incidents.get(chosen) ?? null) : null;
  const { detail, problem, put, reload } = useDetail(chosen, summary ? summary.version + (summary.recorded ?? 0) : 0);
  const sections = useMemo(() => arrange(known.incidents.values()), [known.incidents]);
  const order = useMemo(() => flatten(sections, opened), [sections, opened]);
  const alarm = useAlarm(known, chosen);

  const go = useCallback((at: LngLat) => setGoTo((before) => ({ at, stamp: (before?.stamp ?? 0) + 1 })), []);
  const { docked, setDocked } = useDocked(session.account.id, detail, go);
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
      const at = known.incidents.get(id)?.place;
      if (at) go([at.lon, at.lat]);
    },
    [choose, setDocked, stop, go, known.incidents],
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
  const found = (item: SearchItem) => {
    if (item.type === "incident") dock(item.id);
    else if (item.lon !== null && item.lat !== null) {
      go([item.lon, item.lat]);
      if (item.type === "site") place.setSite(item.id);
    }
  };
  const stepBack = () => {
    place.clear();
    setBig(null);
    setPlacing(null);
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
      const other = detail ? stillAlike(detail, known.incidents)[0] : undefined;
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
      <Centre
        session={session}
        known={known}
        detail={detail}
        chosen={chosen}
        scene={scene}
        incidents={incidents}
        goTo={goTo}
        go={go}
        place={place}
        placing={placing}
        setPlacing={setPlacing}
        confirmPlace={(at) => detail && void run(step.confirmPlace(detail.id, at[0], at[1]))}
        openAt={openAt}
        setOpenAt={setOpenAt}
        acts={acts}
        aim={aim}
        alarm={alarm}
        duty={onDuty}
        dock={dock}
      />
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
      <Asked
        asking={asking}
        detail={detail}
        agencies={agencies}
        keys={keys}
        openAt={openAt}
        spot={place.spot?.at ?? null}
        seen={() => {
          const shown = big === null ? picks : [...picks.slice(big), ...picks.slice(0, big)];
          return shown.flatMap((pick) => {
            const viewId = views.current.get(pick.camera_id);
            return viewId ? [{ cameraId: pick.camera_id, viewId, name: `${pick.rank} ${pick.site_name}` }] : [];
          });
        }}
        done={() => {
          if (asking === "sighting") place.setSpot(null); // told or not, it is that one question's point
          setAsking(null);
        }}
        run={(work) => void run(work)}
        choose={choose}
        opened={(fresh) => {
          setOpenAt(null);
          if (!fresh) return;
          place.setSite(null);
          stop();
          choose(fresh.id);
          setDocked(fresh.id);
        }}
      />
    </div>
  );
}
