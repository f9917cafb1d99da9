/** A crew's page on the road: the next action first, the way, one large camera, what waits at the scene; works through tunnels. */
import { useEffect, useState } from "react";
import { findCrew, keepCrew } from "../session/kept_crew";
import { Login, NewPassword } from "../session/Login";
import { useEntered } from "../session/useEntered";
import { LanguageSwitch, ThemeSwitch } from "../shell/controls";
import { Icon } from "../shell/icons";
import type { Alarm } from "../shell/sound";
import type { Session, Text } from "../wire/types";
import { age, clockTime, useNow } from "../words/time";
import { useWords } from "../words/words";
import { asOf, pressedOn, unheard } from "./asOf";
import { useAwake, useOrderBell, useVoice } from "./awake";
import type { Brief } from "./brief";
import { isOnCall } from "./keptOrder";
import { type Sharing, SharingSwitch, StillThereAsked, useSharing } from "./OnDuty";
import { keepPack } from "./pack";
import { Buttons } from "./parts";
import { SceneView } from "./SceneView";
import { useBrief } from "./useBrief";
import { fetchMap } from "./useFieldMap";
import { type Gps, useGps } from "./useGps";
import "./field.css";
import "./lying.css";

const KEEP_PAGE_AFTER_MS = 8000;

/** The page itself is kept on the device, so that it opens without a link. */
function useKeptPage(): void {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    const worker = navigator.serviceWorker;
    const tell = () => {
      const parts = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname);
      worker.controller?.postMessage({ keep: parts.filter((path) => path.startsWith("/assets/")) });
    };
    // what is kept serves the page at once; whether it is still the newest is asked when the link has done the first work
    const timer = window.setTimeout(tell, KEEP_PAGE_AFTER_MS);
    worker.addEventListener("controllerchange", tell);
    worker.register("/field-worker.js").catch(() => {}); // it works without
    return () => {
      window.clearTimeout(timer);
      worker.removeEventListener("controllerchange", tell);
    };
  }, []);
}

function Bar({
  callSign,
  lost,
  heardAt,
  unsent,
}: {
  callSign: string;
  lost: boolean;
  heardAt: number | null;
  unsent: number;
}) {
  const { t, language } = useWords();
  const now = useNow();
  const silent = heardAt === null ? null : (Date.now() - heardAt) / 1000;
  return (
    <header className="field-bar">
      <strong className="field-clock">{clockTime(now).slice(0, 5)}</strong>
      <b>{callSign}</b>
      <span className={lost ? "warn-words" : "field-link"} data-testid="field-link" data-lost={lost}>
        {lost ? <Icon name="triangle" /> : <i className="dot dot-live" />}
        {lost
          ? silent === null
            ? t("field.noLink")
            : t("field.lost", { age: age(silent, language) })
          : t("field.linked")}
      </span>
      <span className="right">
        {unsent > 0 ? (
          <span className="warn-words" data-testid="field-unsent">
            <Icon name="clock" /> {t("field.unsent", { count: unsent })}
          </span>
        ) : null}
        <ThemeSwitch />
        <LanguageSwitch remember />
      </span>
    </header>
  );
}

type NothingProps = { brief: Brief | null; ended: Text | null; lost: boolean; sharing: Sharing; gps: Gps };

function Nothing({ brief, ended, lost, sharing, gps }: NothingProps) {
  const { t, say } = useWords();
  if (!brief) return <p className="empty">{lost ? t("field.noLink") : t("field.asking")}</p>;
  return (
    <section className="field-nothing" data-testid={ended ? "field-ended" : "field-idle"} role="status">
      {ended ? (
        <>
          <Icon name="lock" />
          <h1>{t("field.over")}</h1>
          <p>{say(ended)}</p>
        </>
      ) : (
        <>
          <h1>{t("field.idle")}</h1>
          <p>
            {brief.unit.call_sign} · {say(brief.unit.state_name)} · {t("field.idleHelp")}
          </p>
        </>
      )}
      <SharingSwitch sharing={sharing} gps={gps} />
    </section>
  );
}

type FieldProps = { session: Session; leave: () => void; voice: Alarm };

function Field({ session, leave, voice }: FieldProps) {
  const { t, say } = useWords();
  const kept = useBrief(session.account.id);
  const { lost } = kept;
  const now = useNow(); // looks again each second whether the time to look is over
  const brief = asOf(kept.brief, kept.heardAt, Date.now());
  const callSign = brief?.unit.call_sign ?? findCrew()?.call_sign ?? "";
  const { id, name } = session.account;
  const told = brief?.unit.call_sign;
  const { bounds } = session.city;
  useEffect(() => {
    if (told !== undefined) keepCrew({ id, name, call_sign: told, bounds });
  }, [id, name, told, bounds]);
  const silent = brief ? pressedOn(brief, kept.unsent) : unheard(callSign, kept.unsent, kept.order);
  // a step that waits is gone on from, link or not: something on the way may refuse it for an hour
  const waits = brief !== null && kept.unsent.some((one) => one.kind === "step" && one.order === brief.unit.order);
  const pressable = lost || waits ? silent : brief;
  const looks = brief?.scene != null;
  const onCall = brief !== null && isOnCall(brief.unit.state); // also where the time to look is over
  const unit = kept.brief?.unit ?? kept.order;
  useAwake(unit !== null && isOnCall(unit.state));
  useOrderBell(id, kept.brief?.unit ?? null, voice);
  const waiting = brief !== null && !onCall && !lost;
  useEffect(() => {
    // at the station, not on the road: the map is the largest thing there is; what is not had now is asked for again
    if (waiting) void keepPack().then(() => fetchMap().catch(() => {}));
  }, [waiting]);
  const sharing = useSharing(id, now);
  const gps = useGps(onCall, sharing.until !== null);
  const [had, setHad] = useState(false);
  useEffect(() => {
    if (looks) setHad(true);
  }, [looks]);
  const over: Text | null = looks
    ? null
    : (brief?.ended ?? (had ? { ko: t("field.overPlain"), en: t("field.overPlain") } : null));
  return (
    <main className="field" data-testid="field" data-state={brief?.unit.state ?? ""}>
      <Bar callSign={callSign} lost={lost} heardAt={kept.heardAt} unsent={kept.unsent.length} />
      {kept.refused ? (
        <p className="field-noway problem" role="alert">
          {say(kept.refused)}
        </p>
      ) : null}
      <div className="field-main">
        {brief ? <StillThereAsked brief={brief} press={kept.press} /> : null}
        {brief?.scene ? (
          <SceneView
            session={session}
            brief={brief}
            scene={brief.scene}
            first={kept.first}
            gps={gps}
            lost={lost}
            heardAt={kept.heardAt}
          />
        ) : (
          <Nothing brief={brief} ended={over} lost={lost} sharing={sharing} gps={gps} />
        )}
        <button type="button" className="plain field-leave" onClick={leave}>
          {t("shell.leave")}
        </button>
      </div>
      {pressable ? (
        <Buttons
          brief={pressable}
          unsent={kept.unsent}
          reached={kept.order?.order === pressable.unit.order ? kept.order.reached : {}}
          callable={pressable.may_call}
          lost={lost}
          press={kept.press}
          support={kept.support}
        />
      ) : null}
    </main>
  );
}

export function FieldPage() {
  const { t } = useWords();
  const { session, asked, said, enter, leave } = useEntered();
  const voice = useVoice();
  useKeptPage();
  if (!asked) return null;
  if (!session) return <Login entered={enter} said={said} />;
  if (session.account.must_change_password)
    return (
      <NewPassword done={() => enter({ ...session, account: { ...session.account, must_change_password: false } })} />
    );
  if (session.account.role !== "crew")
    return (
      <main className="field">
        <p className="empty">{t("field.notCrew")}</p>
        <button type="button" className="plain field-leave" onClick={leave}>
          {t("shell.leave")}
        </button>
      </main>
    );
  return <Field session={session} leave={leave} voice={voice} />;
}
