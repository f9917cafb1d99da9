/** Which cameras an operator watches on duty, and the administrator's way to change that. */
import { useState } from "react";
import { api } from "../wire/http";
import { CAMERA_PURPOSES, type CameraPurpose } from "../wire/types";
import { useWords } from "../words/words";
import type { Attempt } from "./AdminPage";

type Props = { accountId: string; name: string; purposes: readonly CameraPurpose[] | null; attempt: Attempt };

export function DutyCameras({ accountId, name, purposes, attempt }: Props) {
  const { t } = useWords();
  const [wanted, setWanted] = useState<ReadonlySet<CameraPurpose> | null>(null);
  const now = purposes ? purposes.map((one) => t(`cameras.${one}`)).join(", ") : t("admin.camerasAll");
  if (wanted === null)
    return (
      <>
        {now}{" "}
        <button
          type="button"
          className="small"
          data-testid={`duty-cameras-${name}`}
          onClick={() => setWanted(new Set(purposes ?? CAMERA_PURPOSES))}
        >
          {t("admin.camerasSet")}
        </button>
      </>
    );
  const all = wanted.size === CAMERA_PURPOSES.length;
  const save = async () => {
    await api.post(`/api/accounts/${accountId}/duty-cameras`, { camera_purposes: all ? null : [...wanted] });
    setWanted(null);
    return null;
  };
  return (
    <fieldset className="duty-cameras">
      <legend>{t("admin.camerasWhy")}</legend>
      {CAMERA_PURPOSES.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={wanted.has(one)}
            onChange={() =>
              setWanted(new Set(wanted.has(one) ? [...wanted].filter((each) => each !== one) : [...wanted, one]))
            }
          />{" "}
          {t(`cameras.${one}`)}
        </label>
      ))}
      <button type="button" className="small filled" onClick={() => void attempt(save)}>
        {t("admin.camerasSave")}
      </button>{" "}
      <button type="button" className="small" onClick={() => setWanted(null)}>
        {t("word.cancel")}
      </button>
    </fieldset>
  );
}
