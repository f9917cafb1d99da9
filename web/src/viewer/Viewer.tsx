/** The agency's screen: the incident, its ring, four live tiles and the time that is left; and words when it is over. */
import { useMemo, useState } from "react";
import * as step from "../incidents/actions";
import { useDetail } from "../incidents/useDetail";
import { Icon } from "../shell/icons";
import { useShortcuts } from "../shell/keyboard";
import { asideWords, FACING_WORDS, mayWiden, widenWords } from "../tiles/Strip";
import { Tile, Watermark } from "../tiles/Tile";
import { ApiError, api } from "../wire/http";
import { useKnown } from "../wire/store";
import type { Pick, Session, Text } from "../wire/types";
import { useNow } from "../words/time";
import { useWords } from "../words/words";
import { findOver, findOwnGrant } from "./findOver";
import { Ended, Head } from "./Head";
import { NextCameras } from "./NextCameras";
import { pageOfNew, rankTiles, TILES } from "./tile_order";
import { useTurn, ViewerMap } from "./ViewerMap";
import { ViewerUnits } from "./ViewerUnits";

export function Viewer({
  session,
  incidentId,
  cut = null,
  back,
}: {
  session: Session;
  incidentId: string;
  /** Why the server does not know this viewer any more. */
  cut?: Text | null;
  back: (() => void) | null;
}) {
  const { t, say } = useWords();
  const known = useKnown();
  const now = useNow();
  const summary = known.incidents.get(incidentId);
  const { detail, problem, put, reload } = useDetail(
    incidentId,
    summary ? summary.version + (summary.recorded ?? 0) : -1,
  );
  const [swapped, setSwapped] = useState<Record<number, string>>({});
  const [page, setPage] = useState(0);
  const [big, setBig] = useState<number | null>(null);
  const [near, setNear] = useState<number | null>(null);
  const grant = detail ? findOwnGrant(detail, session.account.agency?.id ?? null) : null;
  const over = findOver(detail, grant, cut ? null : problem, now) ?? (cut ? { text: cut, at: null } : null);

  const cameras = useMemo(() => rankTiles(detail?.cameras ?? []), [detail]);
  const last = Math.max(0, Math.ceil(cameras.length / TILES) - 1);
  const at = Math.min(page, last);
  const picks = useMemo(() => {
    const byId = new Map(cameras.map((pick) => [pick.camera_id, pick]));
    return cameras.slice(at * TILES, (at + 1) * TILES).map((pick, index) => byId.get(swapped[index] ?? "") ?? pick);
  }, [cameras, at, swapped]);
  const others = (detail?.cameras ?? []).filter((pick) => !picks.includes(pick));
  const radius = detail?.choice?.radius ?? 500;
  const map = useTurn(incidentId, detail ? picks.some((pick) => pick.status === "working") : null);
  const turn = (to: number) => {
    setPage(to);
    setSwapped({});
  };
  const widen = async () => {
    const outcome = await step.attempt(step.widen(incidentId));
    put(outcome.detail ? outcome : { problem: outcome.problem });
    if (outcome.detail) turn(pageOfNew(cameras, rankTiles(outcome.detail.cameras)));
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
  const wider = detail !== null && detail.may.widen !== false && mayWiden(detail);
  useShortcuts(
    [
      { code: "BracketRight", shown: "]", word: "key.widen", run: () => wider && void widen() },
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
        known={known}
        back={back}
        extend={detail.may.share === false ? null : () => void extend()}
      />
      <section className="viewer-map" aria-label={t("shell.map")}>
        <ViewerMap
          session={session}
          detail={detail}
          picks={picks}
          sitesVersion={known.sitesVersion}
          turn={map}
          onNear={setNear}
        />
        <Watermark words={`${say(session.account.agency?.name)} ${session.account.name}`} />
        <div className="over-map">
          <span className="floating ring-pill" data-testid="radius">
            {t("viewer.range", { metres: radius, count: near || (detail.choice?.sites_in_ring ?? 0) })}
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
              slot={index + 1}
              pick={pick}
              incidentId={incidentId}
              big={big === index}
              choose={() => setBig(big === index ? null : index)}
              pictured={map.pictured}
            />
          ))}
          {picks.length === 0 ? <p className="empty">{say(detail.choice?.text) || t("strip.noPlace")}</p> : null}
        </div>
        {problem ? (
          <p className="problem" role="alert">
            <Icon name="triangle" /> {say(problem)}
          </p>
        ) : null}
        <ViewerUnits detail={detail}>
          <button type="button" className="filled" data-testid="widen" disabled={!wider} onClick={() => void widen()}>
            <Icon name="ring" />
            {widenWords(detail, t)} <kbd>]</kbd>
          </button>
          {last > 0 ? (
            <button type="button" onClick={() => turn(at === last ? 0 : at + 1)}>
              {t(at === last ? "viewer.back" : "viewer.nextFour")}
            </button>
          ) : null}
          <button type="button" data-testid="enlarge" onClick={() => setBig(big === null ? 0 : null)}>
            <Icon name="expand" /> {t("viewer.big")} <kbd>F</kbd>
          </button>
        </ViewerUnits>
        {others.length > 0 ? (
          <NextCameras
            incidentId={incidentId}
            picks={others}
            stills={map.mine}
            choose={(pick) => setSwapped((before) => ({ ...before, [big ?? 3]: pick.camera_id }))}
          />
        ) : null}
      </main>
    </div>
  );
}

function ViewerTile({
  slot,
  pick,
  incidentId,
  big,
  choose,
  pictured,
}: {
  slot: number;
  pick: Pick;
  incidentId: string;
  big: boolean;
  choose: () => void;
  pictured: () => void;
}) {
  const { t, say } = useWords();
  return (
    <Tile
      slot={slot}
      number={pick.rank}
      name={pick.site_name}
      cameraId={pick.camera_id}
      incidentId={incidentId}
      bottom={t("tile.distance", { metres: Math.round(pick.distance_m), facing: t(FACING_WORDS[pick.facing]) })}
      aside={asideWords(pick, t, say)}
      without={pick.status === "working" ? null : t(pick.status === "failed" ? "status.failed" : "status.unregistered")}
      chosen={big}
      onChoose={choose}
      onPicture={pictured}
    />
  );
}
