/** A site that was clicked: its cameras, to watch on duty, to aim once and for all. */
import { useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { ApiError, api } from "../wire/http";
import type { Site, SiteCamera, Text } from "../wire/types";
import { useWords } from "../words/words";

type Props = {
  siteId: string;
  version: number;
  watch: (site: Site, cameras: SiteCamera[]) => void;
  aim: (site: Site, camera: SiteCamera) => void;
  open: (site: Site) => void;
  close: () => void;
};

export function SitePanel(props: Props) {
  const { t, say } = useWords();
  const [site, setSite] = useState<Site | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an aimed camera is read anew
  useEffect(() => {
    let over = false;
    api
      .get<Site>(`/api/sites/${encodeURIComponent(props.siteId)}`)
      .then((found) => {
        if (over) return;
        setSite(found);
        setProblem(null);
      })
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (!over) setProblem(error.text);
      });
    return () => {
      over = true;
    };
  }, [props.siteId, props.version]);
  const working = site?.cameras.filter((camera) => camera.status === "working") ?? [];
  return (
    <aside className="floating site-panel" aria-label={t("site.title")} data-testid="site-panel">
      <header>
        <strong>{site?.name ?? t("site.title")}</strong>
        <button type="button" className="plain right" aria-label={t("word.close")} onClick={props.close}>
          <Icon name="close" />
        </button>
      </header>
      {problem ? <p className="problem">{say(problem)}</p> : null}
      {site ? (
        <>
          <p className="meta">
            {site.address} · {site.purpose_words}
          </p>
          {site.operator ? (
            <p className="meta">
              {site.operator} {site.phone}
            </p>
          ) : null}
          <ul className="plain-list">
            {site.cameras.map((camera) => (
              <li key={camera.id} className="camera-line">
                <strong>{t("site.camera", { number: camera.number })}</strong>
                <span className="meta">
                  {camera.status === "working"
                    ? t("status.working")
                    : camera.status === "failed"
                      ? t("status.failed")
                      : t("status.unregistered")}
                  {" · "}
                  {camera.field >= 360
                    ? t("facing.all_round")
                    : camera.bearing === null
                      ? t("facing.unknown")
                      : `${Math.round(camera.bearing)}°`}
                  {camera.aimed_by_hand ? ` · ${t("site.aimed")}` : ""}
                </span>
                <span className="right">
                  <button type="button" className="small" data-testid="aim" onClick={() => props.aim(site, camera)}>
                    {t("site.aim")}
                  </button>
                  <button
                    type="button"
                    className="small"
                    data-testid="watch"
                    disabled={camera.status !== "working"}
                    onClick={() => props.watch(site, [camera])}
                  >
                    {t("site.watch")}
                  </button>
                </span>
              </li>
            ))}
          </ul>
          <div className="actions">
            <button
              type="button"
              className="filled"
              data-testid="watch-all"
              disabled={working.length === 0}
              onClick={() => props.watch(site, working.slice(0, 4))}
            >
              {t("site.watchAll")}
            </button>
            <button type="button" data-testid="open-here" onClick={() => props.open(site)}>
              {t("map.openHere")}
            </button>
          </div>
        </>
      ) : null}
    </aside>
  );
}
