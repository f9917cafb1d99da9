/** Setting a stamp right by hand: the question with its reason, and the taking back of what was just done. */
import { useState } from "react";
import { Confirm, Dialog, DialogFoot } from "../shell/Dialog";
import { Icon } from "../shell/icons";
import { ApiError } from "../wire/http";
import type { Text } from "../wire/types";
import { clockTime, serverNow, span } from "../words/time";
import { both, useWords } from "../words/words";
import { correct, momentOf, takeBack, typed, type Wrong } from "./correct";

/** `at` is the moment that now stands by hand, when one was just set. */
type Done = { wrong: Wrong; act: "corrected" | "takenBack"; at: string | null };

/** `again` reads anew what shows the stamps; `undo` stands where what was done is told. */
export function useCorrecting(again: () => void) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const ask = (next: Wrong) => {
    setProblem(null);
    setWrong(next);
  };
  const attempt = async (work: Promise<unknown>, after: Done) => {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
      return;
    }
    setProblem(null);
    setWrong(null);
    setDone(after);
    again();
  };
  const back = (which: Wrong, at: string | null) =>
    void attempt(takeBack(which, at), { wrong: which, act: "takenBack", at: null });
  return {
    ask,
    undo: done ? (
      <Told
        done={done}
        problem={wrong ? null : problem}
        back={() => back(done.wrong, done.at)}
        close={() => setDone(null)}
      />
    ) : null,
    dialog: wrong ? (
      <CorrectDialog
        key={`${wrong.incident} ${wrong.stamp.stamp}`}
        wrong={wrong}
        problem={problem}
        cancel={() => setWrong(null)}
        tell={setProblem}
        correct={(at, reason) => void attempt(correct(wrong, at, reason), { wrong, act: "corrected", at })}
        takeBack={() => back(wrong, wrong.stamp.at)}
      />
    ) : null,
  };
}

function Told(props: { done: Done; problem: Text | null; back: () => void; close: () => void }) {
  const { t, say } = useWords();
  const { wrong, act } = props.done;
  return (
    <p className="golden-told" role="status" data-testid="corrected">
      <span>
        {t(act === "corrected" ? "golden.corrected" : "golden.takenBack", {
          stamp: say(wrong.stamp.name),
          number: wrong.number,
        })}
      </span>
      {act === "corrected" ? (
        <button type="button" className="small" data-testid="correct-undo" onClick={props.back}>
          {t("golden.undo")}
        </button>
      ) : null}
      <button type="button" className="plain" aria-label={t("word.close")} onClick={props.close}>
        <Icon name="close" />
      </button>
      {props.problem ? <span className="problem">{say(props.problem)}</span> : null}
    </p>
  );
}

type Asked = {
  wrong: Wrong;
  problem: Text | null;
  cancel: () => void;
  /** What is wrong with what was typed; null once it was changed. */
  tell: (why: Text | null) => void;
  correct: (at: string, reason: string) => void;
  takeBack: () => void;
};

function CorrectDialog({ wrong, problem, cancel, tell, correct, takeBack }: Asked) {
  const { t, say } = useWords();
  const { stamp, called } = wrong;
  const [value, setValue] = useState(() => typed(stamp.at ?? serverNow()));
  const [reason, setReason] = useState("");
  const at = momentOf(value);
  const after = at && called ? (Date.parse(at) - Date.parse(called)) / 1000 : null;
  return (
    <Dialog
      title={t("golden.correctTitle", { stamp: say(stamp.name), number: wrong.number })}
      cancel={cancel}
      testid="correct-dialog"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!at) tell(both("golden.noMoment"));
          else if (reason.trim() === "") tell(both("golden.noReason"));
          else correct(at, reason.trim());
        }}
      >
        <p className="meta">
          {stamp.at ? t("golden.now", { time: clockTime(stamp.at) }) : t("golden.nowNone")}
          {stamp.by_hand ? ` · ${t("golden.byHand")}` : ""}
        </p>
        <label className="correct-at">
          {t("golden.right")}
          <input
            type="datetime-local"
            step={1}
            max={typed(serverNow())}
            value={value}
            data-first=""
            data-testid="correct-at"
            onChange={(event) => {
              setValue(event.target.value);
              tell(null);
            }}
          />
        </label>
        {after !== null && stamp.stamp !== "called" ? (
          <p className={after < 0 ? "warn-words" : "meta"}>
            {after < 0 ? t("golden.beforeCall") : t("golden.afterCall", { time: span(after) })}
          </p>
        ) : null}
        <input
          type="text"
          value={reason}
          maxLength={400}
          placeholder={t("golden.reason")}
          aria-label={t("golden.reason")}
          data-testid="correct-reason"
          onChange={(event) => {
            setReason(event.target.value);
            tell(null);
          }}
        />
        <p className="meta">{t("golden.onRecord")}</p>
        {problem ? (
          <p className="problem" role="alert">
            {say(problem)}
          </p>
        ) : null}
        <DialogFoot
          cancel={cancel}
          besides={
            stamp.by_hand ? (
              <button type="button" className="correct-back" data-testid="correct-back" onClick={takeBack}>
                {t("golden.takeBack")}
              </button>
            ) : null
          }
        >
          <Confirm testid="correct-confirm">{t("golden.correct")}</Confirm>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
