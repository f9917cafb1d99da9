/** The cameras that are near but not playing: a still where there is one, and words where a camera is dead. */
import { useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { ApiError, request } from "../wire/http";
import type { Pick } from "../wire/types";
import { useWords } from "../words/words";

const EVERY_MS = 10_000;

function useStill(incidentId: string, cameraId: string, wanted: boolean): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    let last: string | null = null;
    let timer: number | undefined;
    const load = async () => {
      try {
        const path = `/api/incidents/${incidentId}/cameras/${encodeURIComponent(cameraId)}/still.jpg`;
        const picture = await (await request(path)).blob();
        if (over) return;
        if (last) URL.revokeObjectURL(last);
        last = URL.createObjectURL(picture);
        setUrl(last);
        timer = window.setTimeout(() => void load(), EVERY_MS);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error; // no still: the card stays without a picture
      }
    };
    void load();
    return () => {
      over = true;
      window.clearTimeout(timer);
      if (last) URL.revokeObjectURL(last);
    };
  }, [incidentId, cameraId, wanted]);
  return url;
}

function Card({
  incidentId,
  pick,
  stills,
  choose,
}: {
  incidentId: string;
  pick: Pick;
  stills: boolean;
  choose: () => void;
}) {
  const { t, say } = useWords();
  const dead = pick.status !== "working";
  const still = useStill(incidentId, pick.camera_id, stills && !dead);
  return (
    <button
      type="button"
      className={`next-card ${dead ? "next-dead" : ""}`}
      disabled={dead}
      onClick={choose}
      data-testid="next-camera"
    >
      {still ? <img src={still} alt="" /> : null}
      <span className="next-top">
        <b className="number">{pick.rank}</b> <strong>{pick.site_name}</strong>
      </span>
      {dead ? (
        <span className="warn-words">
          <Icon name="triangle" /> {t(pick.status === "failed" ? "status.failed" : "status.unregistered")}
        </span>
      ) : null}
      <span className="next-bottom">
        {say(pick.direction)} {t("ring.metres", { metres: Math.round(pick.distance_m) })}
      </span>
    </button>
  );
}

export function NextCameras({
  incidentId,
  picks,
  stills,
  choose,
}: {
  incidentId: string;
  picks: readonly Pick[];
  /** False while the live pictures are still waited for. */
  stills: boolean;
  choose: (pick: Pick) => void;
}) {
  const { t } = useWords();
  return (
    <section aria-label={t("viewer.others")}>
      <h2 className="next-title">
        {t("viewer.others")} <span className="meta">{t("viewer.othersHelp")}</span>
      </h2>
      <div className="next-cards">
        {picks.slice(0, 4).map((pick) => (
          <Card key={pick.camera_id} incidentId={incidentId} pick={pick} stills={stills} choose={() => choose(pick)} />
        ))}
      </div>
    </section>
  );
}
