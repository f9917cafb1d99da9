/** The agency's screen: the incident, its ring, four live tiles and the time that is left; and words when it is over. */
import { useEffect, useMemo, useState } from "react";
import * as step from "../incidents/actions";
import { useDetail } from "../incidents/useDetail";
import { CityMap, type Scene } from "../map/CityMap";
import { LanguageSwitch, ThemeSwitch } from "../shell/controls";
import { Icon, Shape } from "../shell/icons";
import { useShortcuts } from "../shell/keyboard";
import { useTheme } from "../shell/theme";
import { FACING_WORDS } from "../tiles/Strip";
import { Tile, Watermark } from "../tiles/Tile";
import { ApiError, api } from "../wire/http";
import { useKnown } from "../wire/store";
import type { Grant, IncidentDetail, LngLat, Pick, Session } from "../wire/types";
import { clockTime, span, useNow } from "../words/time";
import { useWords } from "../words/words";
import { findOver, findOwnGrant, type Over } from "./findOver";
import { NextCameras } from "./NextCameras";

function Countdown({ grant, extend }: { grant: Grant; extend: (() => void) | null }) {
  const { t } = useWords();
  const now = useNow();
  const [first] = useState(() => Math.max(1, Date.parse(grant.expires_at) - now));
  const left = Date.parse(grant.expires_at) - now;
  const soon = left < 60_000;
  return (
    <div className={`countdown ${soon ? "warn-words" : ""}`} data-testid="countdown" role="timer">
      <span>{t("viewer.left")}</span>
      <strong>
        {soon ? <Icon name="triangle" /> : null} {span(left / 1000)}
      </strong>
      <i className="countdown-bar" aria-hidden="true">
        <i style={{ width: `${Math.min(100, Math.max(0, (left / first) * 100))}%` }} />
      </i>
      {soon && extend ? (
        <button type="button" className="small" data-testid="extend" onClick={extend}>
          {t("viewer.extend")}
        </button>
      ) : null}
    </div>
  );
}

function Head({
  detail,
  grant,
  back,
  extend,
}: {
  detail: IncidentDetail;
  grant: Grant | null;
  back: (() => void) | null;
  extend: (() => void) | null;
}) {
  const { t, say } = useWords();
  const now = useNow();
  const elapsed = span((now - Date.parse(detail.opened_at)) / 1000);
  return (
    <header className={`viewer-head ${detail.drill ? "row-drill" : ""}`}>
      <Shape severity={detail.severity} label={t(`severity.${detail.severity}`)} />
      <div className="viewer-title">
        <h1>
          {say(detail.title)} <span className="pill pill-source">{say(detail.service_name)}</span>
          {detail.drill ? <span className="pill pill-drill">{t("drill.word")}</span> : null}
          <span className="meta">{detail.number}</span>
        </h1>
        <p>
          {detail.place_words || t("incident.noPlace")}
          {detail.place_estimated ? <strong className="warn-words"> · {t("incident.estimated")}</strong> : null}
          <span className="meta"> · {t("viewer.reported", { time: clockTime(detail.occurred_at), elapsed })}</span>
        </p>
      </div>
      <div className="viewer-law">
        <strong>{grant ? t("purpose.under", { basis: say(grant.legal_basis) }) : ""}</strong>
        <span>
          <i className="light" /> {t("viewer.recorded")}
        </span>
      </div>
      {grant ? <Countdown key={grant.id} grant={grant} extend={extend} /> : null}
      <div className="viewer-tools">
        {back ? (
          <button type="button" className="small" onClick={back}>
            {t("viewer.list")}
          </button>
        ) : null}
        <LanguageSwitch /> <ThemeSwitch />
      </div>
    </header>
  );
}

function Ended({ over, back }: { over: Over; back: (() => void) | null }) {
  const { t, say } = useWords();
  return (
    <main className="viewer-over" data-testid="viewer-ended" role="alert">
      <Icon name="lock" />
      <h1>{t("viewer.ended")}</h1>
      <p>
        {say(over.text)}
        {over.at ? ` · ${t("viewer.endedAt", { time: clockTime(over.at) })}` : ""}
      </p>
      <p className="meta">{t("viewer.endedHelp")}</p>
      {back ? (
        <button type="button" onClick={back}>
          {t("viewer.list")}
        </button>
      ) : null}
    </main>
  );
}

export function Viewer({
  session,
  incidentId,
  back,
}: {
  session: Session;
  incidentId: string;
  back: (() => void) | null;
}) {
  const { t, say } = useWords();
  const theme = useTheme();
  const known = useKnown();
  const now = useNow();
  const summary = known.incidents.get(incidentId);
  const { detail, problem, put, reload } = useDetail(incidentId, summary?.version ?? -1);
  const [swapped, setSwapped] = useState<Record<number, string>>({});
  const [page, setPage] = useState<number | null>(null);
  const [big, setBig] = useState<number | null>(null);
  const [near, setNear] = useState<number | null>(null);
  const [goTo, setGoTo] = useState<{ at: LngLat; stamp: number; metres: number } | null>(null);
  const grant = detail ? findOwnGrant(detail, session.account.agency?.id ?? null) : null;
  const over = findOver(detail, grant, problem, now);

  const cameras = useMemo(() => detail?.cameras ?? [], [detail]);
  const last = Math.max(0, Math.ceil(cameras.length / 4) - 1);
  const at = page ?? last;
  const picks = useMemo(() => {
    const byId = new Map(cameras.map((pick) => [pick.camera_id, pick]));
    return cameras.slice(at * 4, at * 4 + 4).map((pick, index) => byId.get(swapped[index] ?? "") ?? pick);
  }, [cameras, at, swapped]);
  const others = cameras.filter((pick) => !picks.includes(pick));
  const lon = detail?.place?.lon;
  const lat = detail?.place?.lat;
  const radius = detail?.choice?.radius ?? 500;
  // the first sight of the scene, and a wider ring that the person asked for; never by itself
  useEffect(() => {
    if (lon !== undefined && lat !== undefined)
      setGoTo((before) => ({ at: [lon, lat], stamp: (before?.stamp ?? 0) + 1, metres: radius * 1.15 }));
  }, [lon, lat, radius]);
  const picked = picks.map((pick) => pick.camera_id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: redrawn only when what it shows changes
  const scene = useMemo<Scene | null>(
    () => (lon !== undefined && lat !== undefined ? { id: incidentId, at: [lon, lat], radius, picks } : null),
    [lon, lat, radius, picked, incidentId],
  );
  const shown = useMemo(() => (detail ? [detail] : []), [detail]);
  const acts = useMemo(() => ({}), []);
  const widen = async () => {
    const outcome = await step.attempt(step.widen(incidentId));
    put(outcome.detail ? outcome : { problem: outcome.problem });
    setPage(null);
    setSwapped({});
  };
  const extend = async () => {
    try {
      if (grant) await api.post(`/api/grants/${grant.id}/extend`, { minutes: 10 });
      reload();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      put({ problem: error.text });
    }
  };
  const mayWiden = detail?.may.widen !== false && (detail?.choice?.next_radius ?? null) !== null;
  useShortcuts(
    [
      { code: "BracketRight", shown: "]", word: "key.widen", run: () => mayWiden && void widen() },
      { code: "KeyF", shown: "F", word: "key.enlarge", run: () => setBig(big === null ? 0 : null) },
      ...[0, 1, 2, 3].map((index) => ({
        code: `Digit${index + 1}`,
        shown: String(index + 1),
        word: "key.enlarge" as const,
        run: () => setBig(big === index ? null : index),
      })),
      { code: "Escape", shown: "Esc", word: "key.escape", run: () => setBig(null) },
    ],
    over === null,
  );

  if (over) return <Ended over={over} back={back} />;
  if (!detail) return <main className="viewer-list">{t("viewer.opening")}</main>;
  return (
    <div className="viewer" data-testid="viewer" data-incident={incidentId}>
      <Head
        detail={detail}
        grant={grant}
        back={back}
        extend={detail.may.share === false ? null : () => void extend()}
      />
      <section className="viewer-map" aria-label={t("shell.map")}>
        <CityMap
          city={session.city}
          theme={theme}
          scene={scene}
          incidents={shown}
          goTo={goTo}
          pin={null}
          aim={null}
          sitesVersion={known.sitesVersion}
          acts={acts}
          onNear={setNear}
        />
        <Watermark words={`${say(session.account.agency?.name)} ${session.account.name}`} />
        <div className="over-map">
          <span className="floating ring-pill" data-testid="radius">
            {t("viewer.range", { metres: radius, count: near ?? detail.choice?.sites_in_ring ?? 0 })}
          </span>
        </div>
        {detail.content ? (
          <div className="floating viewer-facts">
            <strong>{t("incident.content")}</strong>
            <p>{detail.content}</p>
          </div>
        ) : null}
      </section>
      <main className="viewer-main">
        <div className={`viewer-tiles ${big === null ? "" : "viewer-tiles-one"}`}>
          {picks.map((pick, index) => (
            <ViewerTile
              key={`${incidentId}-${pick.camera_id}`}
              pick={pick}
              incidentId={incidentId}
              big={big === index}
              choose={() => setBig(big === index ? null : index)}
            />
          ))}
          {picks.length === 0 ? <p className="empty">{say(detail.choice?.text) || t("strip.noPlace")}</p> : null}
        </div>
        {problem ? (
          <p className="problem" role="alert">
            <Icon name="triangle" /> {say(problem)}
          </p>
        ) : null}
        <div className="viewer-actions">
          <button
            type="button"
            className="filled"
            data-testid="widen"
            disabled={!mayWiden}
            onClick={() => void widen()}
          >
            <Icon name="ring" />
            {detail.choice?.next_radius
              ? t("viewer.next", { metres: detail.choice.next_radius })
              : t("viewer.nextFour")}{" "}
            <kbd>]</kbd>
          </button>
          {last > 0 ? (
            <button type="button" onClick={() => setPage(at === last ? 0 : null)}>
              {t(at === last ? "viewer.back" : "viewer.nextFour")}
            </button>
          ) : null}
          <button type="button" data-testid="enlarge" onClick={() => setBig(big === null ? 0 : null)}>
            <Icon name="expand" /> {t("viewer.big")} <kbd>F</kbd>
          </button>
        </div>
        {others.length > 0 ? (
          <NextCameras
            incidentId={incidentId}
            picks={others}
            choose={(pick) => setSwapped((before) => ({ ...before, [big ?? 3]: pick.camera_id }))}
          />
        ) : null}
      </main>
    </div>
  );
}

function ViewerTile({
  pick,
  incidentId,
  big,
  choose,
}: {
  pick: Pick;
  incidentId: string;
  big: boolean;
  choose: () => void;
}) {
  const { t, say } = useWords();
  return (
    <Tile
      number={pick.rank}
      name={pick.site_name}
      cameraId={pick.camera_id}
      incidentId={incidentId}
      bottom={t("tile.distance", { metres: Math.round(pick.distance_m), facing: t(FACING_WORDS[pick.facing]) })}
      aside={say(pick.reasons.at(-1)) || say(pick.direction)}
      chosen={big}
      onChoose={choose}
    />
  );
}
