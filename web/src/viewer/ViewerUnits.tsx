/** An agency's own units below the pictures, their button after the others: folded away until asked for, so that nobody orders what they do not see. */
import { type ReactNode, useState } from "react";
import { pressed, useShortcuts } from "../shell/keyboard";
import { Dispatch } from "../units/Dispatch";
import type { IncidentDetail } from "../wire/types";
import { useWords } from "../words/words";

export function ViewerUnits({ detail, children }: { detail: IncidentDetail; children: ReactNode }) {
  const { t } = useWords();
  const [shown, setShown] = useState(false);
  useShortcuts([
    {
      code: "KeyD",
      shown: "D",
      word: "key.orderUnits",
      run: shown ? pressed("order-suggested") : () => setShown(true),
    },
    { code: "KeyU", shown: "U", word: "key.undoOrder", run: pressed("undo-order") },
  ]);
  return (
    <>
      <div className="viewer-actions">
        {children}
        <button type="button" data-testid="show-units" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t(shown ? "units.hide" : "units.show")} {shown ? null : <kbd>D</kbd>}
        </button>
      </div>
      {shown ? <Dispatch detail={detail} /> : null}
    </>
  );
}
