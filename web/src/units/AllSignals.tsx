/** That signal priority is off for everyone, since when and by whom; and for the control room the switch, asked about first. */
import { useState } from "react";
import { Confirm, Dialog, DialogFoot } from "../shell/Dialog";
import { Icon } from "../shell/icons";
import { clockTime } from "../words/time";
import { useWords } from "../words/words";
import type { SignalsNow } from "./signals_ahead";
import { turnAll, useSignals } from "./signals_now";

/** `offers` where the way to turn it off stands beside; the way back stands wherever it is told that it is off. */
export function AllSignals({ now, offers = false }: { now: SignalsNow; offers?: boolean }) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const { all_off: off, may_switch_all: may } = now;
  const turn = off ? "signals.allOn" : "signals.allTurnOff";
  return (
    <>
      {off ? (
        <span className="signals-all-off" role="status" data-testid="signals-all-off">
          <Icon name="triangle" /> {t("signals.allOff")}
          {off.since ? <span className="meta"> {t("signals.allOffSince", { time: clockTime(off.since) })}</span> : null}
          {off.by ? <span className="meta"> · {off.by}</span> : null}
        </span>
      ) : null}
      {may && (off || offers) ? (
        <button type="button" className="small" data-testid="signals-all-switch" onClick={() => setAsking(true)}>
          {t(turn)}
        </button>
      ) : null}
      {asking ? (
        <Dialog title={t(turn)} cancel={() => setAsking(false)} testid="signals-all-ask">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              setAsking(false);
              void turnAll(off !== null);
            }}
          >
            <p>{t(off ? "signals.allOnAsk" : "signals.allTurnOffAsk")}</p>
            <DialogFoot cancel={() => setAsking(false)} first>
              <Confirm testid="signals-all-confirm" enter={false}>
                {t(turn)}
              </Confirm>
            </DialogFoot>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}

/** The same where the map's layers are explained, while signals are drawn. */
export function AllSignalsOfLayer({ on }: { on: boolean }) {
  const { say } = useWords();
  const { now, problem } = useSignals(on);
  if (!now?.configured) return null;
  return (
    <>
      <AllSignals now={now} offers />
      {problem ? <span className="problem">{say(problem)}</span> : null}
    </>
  );
}
