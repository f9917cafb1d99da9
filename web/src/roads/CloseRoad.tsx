/** The question before a road is closed: which direction, for whom, why and until when. */
import { useEffect, useState } from "react";
import { Confirm, Dialog, DialogFoot } from "../shell/Dialog";
import { Icon } from "../shell/icons";
import { serverNow } from "../words/time";
import { useWords } from "../words/words";
import { type NearLink, type Scope, sidesOf } from "./traffic";
import type { RoadControl } from "./useRoads";

const SCOPES: Scope[] = ["except_emergency", "for_all"];
const MINUTES = [30, 60, 120, 0]; // 0: until someone opens it

export function CloseRoad({ control }: { control: RoadControl }) {
  const { t, say } = useWords();
  const [sides, setSides] = useState<NearLink[] | null>(null);
  const [both, setBoth] = useState(true);
  const [scope, setScope] = useState<Scope>("except_emergency");
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState(60);
  const { at, near, problem } = control;
  useEffect(() => {
    if (!at) return;
    let over = false;
    setSides(null);
    setReason("");
    setBoth(true);
    void near(at).then((found) => !over && setSides(sidesOf(found)));
    return () => {
      over = true;
    };
  }, [at, near]);
  if (!at) return null;
  const links = (both ? sides : sides?.slice(0, 1))?.map((each) => each.link) ?? [];
  const cancel = () => control.ask(null);
  if (sides?.length === 0 || (sides === null && problem))
    return (
      <Dialog title={t("roads.closePlain")} cancel={cancel} testid="close-road">
        <p className="problem" role="alert">
          <Icon name="triangle" /> {problem ? say(problem) : t("roads.noneHere")}
        </p>
        <DialogFoot cancel={cancel} closes first />
      </Dialog>
    );
  return (
    <Dialog
      title={sides?.[0] ? t("roads.closeTitle", { name: sides[0].road || t("roads.noName") }) : t("roads.closePlain")}
      cancel={cancel}
      testid="close-road"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const until = minutes ? new Date(serverNow() + minutes * 60_000).toISOString() : null;
          if (links.length) void control.close({ links, lon: at[0], lat: at[1], scope, reason, until });
        }}
      >
        {sides === null ? <p className="meta">{t("roads.looking")}</p> : null}
        {sides && sides.length > 1 ? (
          <label className="choice">
            <input type="checkbox" checked={both} onChange={(event) => setBoth(event.target.checked)} />{" "}
            {t("roads.bothWays")}
          </label>
        ) : null}
        <fieldset>
          <legend>{t("roads.forWhom")}</legend>
          {SCOPES.map((each) => (
            <label key={each} className="choice">
              <input
                type="radio"
                name="scope"
                checked={scope === each}
                onChange={() => setScope(each)}
                data-first={each === "except_emergency" ? "" : undefined}
              />{" "}
              {t(`roads.scope.${each}`)}
            </label>
          ))}
        </fieldset>
        <label>
          {t("roads.until.label")}{" "}
          <select value={minutes} data-testid="road-until" onChange={(event) => setMinutes(Number(event.target.value))}>
            {MINUTES.map((each) => (
              <option key={each} value={each}>
                {each ? t("roads.minutes", { minutes: each }) : t("roads.untilOpened")}
              </option>
            ))}
          </select>
        </label>
        <input
          type="text"
          value={reason}
          maxLength={200}
          placeholder={t("roads.reason")}
          aria-label={t("roads.reason")}
          data-testid="road-reason"
          onChange={(event) => setReason(event.target.value)}
        />
        {problem ? <p className="problem">{say(problem)}</p> : null}
        <DialogFoot cancel={cancel}>
          <Confirm testid="road-close" disabled={links.length === 0}>
            {t("roads.close")}
          </Confirm>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
