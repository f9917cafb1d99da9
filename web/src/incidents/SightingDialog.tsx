/** What an operator sees on a docked camera: told to agencies with place and still, shown to the crews on their way. */
import { useEffect, useState } from "react";
import { Confirm, Dialog, DialogFoot } from "../shell/Dialog";
import { ApiError, api, request } from "../wire/http";
import type { IncidentDetail, LngLat, Text } from "../wire/types";
import { useWords } from "../words/words";
import type { Agency } from "./dialogs";
import { placeWords } from "./place";

export type Seen = { cameraId: string; viewId: string; name: string };

const active = (detail: IncidentDetail) => detail.grants.filter((grant) => grant.state === "active");

/** Who is told unless the operator says otherwise: the agency that reported it, while it looks on or has units there. */
export function toldFirst(detail: IncidentDetail, agencies: readonly Agency[]): string[] {
  const theirs = new Set(active(detail).map((grant) => grant.agency?.id ?? grant.unit?.agency));
  return agencies
    .filter((one) => one.id === detail.agency?.id && one.hears !== false && theirs.has(one.id))
    .map((one) => one.id);
}

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
  spot,
  done,
  cancel,
}: {
  detail: IncidentDetail;
  seen: readonly Seen[];
  agencies: readonly Agency[];
  /** The point chosen on the map, when there is one. */
  spot: LngLat | null;
  done: () => void;
  cancel: () => void;
}) {
  const { t, say } = useWords();
  const [camera, setCamera] = useState(seen[0]?.viewId ?? "");
  const [to, setTo] = useState<readonly string[]>(() => toldFirst(detail, agencies));
  const [crews, setCrews] = useState(true);
  const [there, setThere] = useState(spot !== null);
  const [address, setAddress] = useState("");
  const [words, setWords] = useState("");
  const [plate, setPlate] = useState("");
  const [direction, setDirection] = useState("");
  const [problem, setProblem] = useState<Text | null>(null);
  const [busy, setBusy] = useState(false);
  const [bare, setBare] = useState(false); // sent, but without a picture's address
  const still = useStill(camera || undefined);
  const looking = new Set(active(detail).map((grant) => grant.agency?.id));
  const fresh = agencies.filter((one) => to.includes(one.id) && !looking.has(one.id));
  const send = async () => {
    setBusy(true);
    try {
      const place = there && spot ? { lon: spot[0], lat: spot[1], words: address.trim() } : null;
      const told = { incident_id: detail.id, view_id: camera, words: words.trim(), plate, direction };
      const body = { ...told, agency_ids: to, crews, ...(place ? { place } : {}) };
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
          <div className="sighting-pair">
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
          </div>
          {spot ? (
            <Place detail={detail} spot={spot} there={there} setThere={setThere} address={address} say={setAddress} />
          ) : null}
          <fieldset className="sighting-to">
            <legend>{t("sighting.to")}</legend>
            <label className="choice">
              <input type="checkbox" name="crews" checked={crews} onChange={() => setCrews(!crews)} />
              {t("sighting.crews")}
            </label>
            {agencies.map((one) => (
              <label key={one.id} className="choice">
                <input
                  type="checkbox"
                  name="agency"
                  value={one.id}
                  checked={to.includes(one.id)}
                  disabled={one.hears === false}
                  onChange={() => setTo(to.includes(one.id) ? to.filter((each) => each !== one.id) : [...to, one.id])}
                />
                {say(one.name)} {one.hears === false ? <span className="meta">{t("sighting.noWire")}</span> : null}
              </label>
            ))}
          </fieldset>
          <p className="meta">{t("sighting.help")}</p>
          {fresh.length > 0 ? (
            <p className="warn-words" data-testid="sighting-grants">
              {t("sighting.grants", { names: fresh.map((one) => say(one.name)).join(", ") })}
            </p>
          ) : null}
          {problem ? (
            <p className="problem" role="alert">
              {say(problem)}
            </p>
          ) : null}
          <DialogFoot cancel={cancel}>
            <Confirm testid="sighting-send" disabled={busy || words.trim() === ""}>
              {t(to.length > 0 ? "sighting.send" : "sighting.note")}
            </Confirm>
          </DialogFoot>
        </form>
      )}
      {seen.length === 0 ? <DialogFoot cancel={cancel} first /> : null}
    </Dialog>
  );
}

/** Where it was seen: where the incident is, or at the point chosen on the map, with its address if one is known. */
function Place({
  detail,
  spot,
  there,
  setThere,
  address,
  say,
}: {
  detail: IncidentDetail;
  spot: LngLat;
  there: boolean;
  setThere: (there: boolean) => void;
  address: string;
  say: (address: string) => void;
}) {
  const { t } = useWords();
  const at = { lat: spot[1].toFixed(5), lon: spot[0].toFixed(5) };
  return (
    <fieldset className="sighting-to">
      <legend>{t("sighting.where")}</legend>
      <label className="choice">
        <input type="radio" name="where" checked={there} onChange={() => setThere(true)} />
        {t("incident.pointOnMap", at)}
      </label>
      <label className="choice">
        <input type="radio" name="where" checked={!there} onChange={() => setThere(false)} />
        {t("sighting.atIncident", { words: placeWords(detail, t) })}
      </label>
      {there ? (
        <label>
          {t("sighting.address")}
          <input name="address" maxLength={200} value={address} onChange={(event) => say(event.target.value)} />
        </label>
      ) : null}
    </fieldset>
  );
}
