/** Looks an agency asked for over its wire, to approve or refuse, and cameras locked for privacy, to unlock. */
import { useState } from "react";
import { Icon } from "../shell/icons";
import { ApiError, api } from "../wire/http";
import type { IncidentDetail, Text } from "../wire/types";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";

/** As the tiles and the map name it: its number there and its site; its id where it is not among them. */
function nameOf(detail: IncidentDetail, camera: string): string {
  const pick = detail.cameras.find((one) => one.camera_id === camera);
  return pick ? `${pick.rank} ${pick.site_name}` : camera;
}

type Props = { detail: IncidentDetail; acts: { again: () => void } };

export function VideoControl({ detail, acts }: Props) {
  const { t, say } = useWords();
  const [problem, setProblem] = useState<Text | null>(null);
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const requests = detail.state === "open" ? (detail.video_requests ?? []) : [];
  const locks = detail.camera_locks ?? [];
  if (requests.length === 0 && locks.length === 0) return null;
  const ask = async (path: string, body?: object) => {
    setProblem(null);
    try {
      await api.post(path, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
    acts.again();
  };
  const answer = (id: string, what: "approve" | "refuse") =>
    void ask(`/api/incidents/${detail.id}/video-requests/${encodeURIComponent(id)}/${what}`);
  return (
    <div className="pairs" role="status" data-testid="video-control">
      {requests.map((one) => (
        <div key={one.id} className="pair pair-alike" data-testid="video-asked" data-request={one.id}>
          <p>
            <Icon name="triangle" />{" "}
            <strong>{t("video.asked", { agency: say(one.agency.name), count: one.cameras })}</strong>{" "}
            <span className="meta">{clockTime(one.at)}</span>
          </p>
          <div className="pair-acts">
            <button
              type="button"
              className="small filled"
              data-testid="video-approve"
              onClick={() => answer(one.id, "approve")}
            >
              {t("video.approve")}
            </button>
            <button type="button" className="small" data-testid="video-refuse" onClick={() => answer(one.id, "refuse")}>
              {t("video.refuse")}
            </button>
          </div>
        </div>
      ))}
      {locks.map((lock) => {
        const reason = reasons[lock.camera_id] ?? "";
        return (
          <form
            key={lock.camera_id}
            className="pair"
            data-testid="camera-lock"
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim()) void ask(`/api/cameras/${encodeURIComponent(lock.camera_id)}/unlock`, { reason });
            }}
          >
            <p>
              <strong>{t("video.locked", { camera: nameOf(detail, lock.camera_id) })}</strong>{" "}
              <span className="meta">
                {say(lock.agency.name)} · {clockTime(lock.at)}
              </span>
            </p>
            <div className="pair-acts">
              <input
                value={reason}
                maxLength={400}
                placeholder={t("video.unlockReason")}
                aria-label={t("video.unlockReason")}
                data-testid="unlock-reason"
                onChange={(event) => setReasons({ ...reasons, [lock.camera_id]: event.target.value })}
              />
              <button type="submit" className="small" data-testid="unlock" disabled={!reason.trim()}>
                {t("video.unlock")}
              </button>
            </div>
          </form>
        );
      })}
      {problem ? (
        <p className="problem" role="alert">
          <Icon name="triangle" /> {say(problem)}
        </p>
      ) : null}
    </div>
  );
}
