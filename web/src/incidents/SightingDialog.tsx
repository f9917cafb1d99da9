/** What an operator sees on a docked camera, told to an agency with place and still, or noted for the crews on their way. */
import { useEffect, useState } from "react";
import { Confirm, Dialog, DialogFoot } from "../shell/Dialog";
import { ApiError, api, request } from "../wire/http";
import type { IncidentDetail, Text } from "../wire/types";
import { useWords } from "../words/words";
import type { Agency } from "./dialogs";

export type Seen = { cameraId: string; viewId: string; name: string };

function useStill(viewId: string | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!viewId) return;
    let made: string | null = null;
    let over = false;
    request(`/api/views/${viewId}/still.jpg?width=640`)
      .then((answer) => answer.blob())
      .then((picture) => {
        if (over) return;
        made = URL.createObjectURL(picture);
        setUrl(made);
      })
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error; // no picture yet: the words still say it
      });
    return () => {
      over = true;
      if (made) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [viewId]);
  return url;
}

export function SightingDialog({
  detail,
  seen,
  agencies,
  done,
  cancel,
}: {
  detail: IncidentDetail;
  seen: readonly Seen[];
  agencies: readonly Agency[];
  done: () => void;
  cancel: () => void;
}) {
  const { t, say } = useWords();
  const [camera, setCamera] = useState(seen[0]?.viewId ?? "");
  const [to, setTo] = useState(agencies.find((one) => one.id.includes("119"))?.id ?? "");
  const [words, setWords] = useState("");
  const [plate, setPlate] = useState("");
  const [direction, setDirection] = useState("");
  const [problem, setProblem] = useState<Text | null>(null);
  const [busy, setBusy] = useState(false);
  const [bare, setBare] = useState(false); // sent, but without a picture's address
  const still = useStill(camera || undefined);
  const send = async () => {
    setBusy(true);
    try {
      const told = { incident_id: detail.id, view_id: camera, words: words.trim(), plate, direction };
      const body = to ? { ...told, agency_id: to } : told;
      const sent = await api.post<{ told: boolean; picture: boolean }>("/api/sightings", body);
      if (sent.told && !sent.picture) setBare(true);
      else done();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
      setBusy(false);
    }
  };
  if (bare)
    return (
      <Dialog title={t("sighting.title")} cancel={done} testid="sighting-dialog">
        <p className="warn-words">{t("sighting.noPicture")}</p>
      </Dialog>
    );
  return (
    <Dialog title={t("sighting.title")} cancel={cancel} testid="sighting-dialog">
      {seen.length === 0 ? (
        <p>{t("sighting.noView")}</p>
      ) : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          {still ? <img className="sighting-still" src={still} alt={t("sighting.still")} /> : null}
          <label>
            {t("sighting.camera")}
            <select value={camera} onChange={(event) => setCamera(event.target.value)}>
              {seen.map((one) => (
                <option key={one.viewId} value={one.viewId}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t("sighting.words")}
            <input
              name="words"
              data-first=""
              required
              maxLength={1000}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          </label>
          <label>
            {t("sighting.plate")}
            <input name="plate" maxLength={20} value={plate} onChange={(event) => setPlate(event.target.value)} />
          </label>
          <label>
            {t("sighting.direction")}
            <input
              name="direction"
              maxLength={40}
              value={direction}
              onChange={(event) => setDirection(event.target.value)}
            />
          </label>
          <label>
            {t("sighting.to")}
            <select name="agency" value={to} onChange={(event) => setTo(event.target.value)}>
              <option value="">{t("sighting.crewsOnly")}</option>
              {agencies.map((one) => (
                <option key={one.id} value={one.id}>
                  {say(one.name)}
                </option>
              ))}
            </select>
          </label>
          <p className="meta">{t("sighting.help")}</p>
          {problem ? (
            <p className="problem" role="alert">
              {say(problem)}
            </p>
          ) : null}
          <DialogFoot cancel={cancel}>
            <Confirm testid="sighting-send" disabled={busy || words.trim() === ""}>
              {t(to ? "sighting.send" : "sighting.note")}
            </Confirm>
          </DialogFoot>
        </form>
      )}
      {seen.length === 0 ? <DialogFoot cancel={cancel} first /> : null}
    </Dialog>
  );
}
