/** An incident's units: what its run card wants, who is on the way, who should go and why; the dispatcher decides. */
import { useEffect, useState } from "react";
import { Icon } from "../shell/icons";
import { ApiError } from "../wire/http";
import type { IncidentDetail, Text } from "../wire/types";
import { serverNow, useNow } from "../words/time";
import { useWords } from "../words/words";
import * as ask from "./actions";
import { isBehind, orderedAt, sharedSigns, signOf, sorted, undoNow } from "./advice";
import { Signals } from "./Signals";
import type { Advice, Sent, Suggested } from "./types";
import { CandidateRow, OnCallRow, type RowActs } from "./UnitRow";
import { useAdvice, useUnits } from "./useUnits";
import "./units.css";

type Undo = {
  units: readonly { id: string; name: string }[];
  orders: readonly string[];
  at: number;
  radio: readonly Sent[];
};

export function Dispatch({ detail }: { detail: IncidentDetail }) {
  const { t, say } = useWords();
  const open = detail.state === "open";
  const recorded = detail.timeline[0]?.position ?? 0;
  const found = useAdvice(detail.id, recorded, open);
  const over = useUnits(!open);
  const [undo, setUndo] = useState<Undo | null>(null);
  const [words, setWords] = useState(""); // the dispatcher's own, with every order until they are changed
  const [working, setWorking] = useState(false);
  const [taking, setTaking] = useState(false); // an order is being taken back
  const [refused, setRefused] = useState<Text | null>(null); // stays until something else is done
  // biome-ignore lint/correctness/useExhaustiveDependencies: another incident's order is not taken back here
  useEffect(() => {
    setUndo(null);
    setRefused(null);
    setWords("");
  }, [detail.id]);
  const shared = sharedSigns(found.value?.suggested.map((row) => row.unit) ?? over.value ?? []);
  const attempt = async (work: () => Promise<unknown>) => {
    if (working) return; // a key pressed twice is meant once
    setWorking(true);
    try {
      await work();
      setRefused(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setRefused(error.text);
    } finally {
      setWorking(false);
    }
    found.again();
    over.again();
  };
  const acts: RowActs = {
    order: (units) =>
      void attempt(async () => {
        const sent = await ask.order(detail.id, units, words.trim());
        const names = units.map((each) => ({ id: each.unit.id, name: signOf(each.unit, shared) }));
        setUndo({
          units: names,
          orders: sent.map((each) => each.order.id),
          at: orderedAt(sent, serverNow()),
          radio: sent.filter((each) => !each.on_wire),
        });
      }),
    step: (unit, step) => void attempt(() => ask.change(unit.id, step)),
    callBack: (unit) => void attempt(() => ask.callBack(unit.id)),
    stays: (unit) => void attempt(() => ask.stays(unit.id)),
  };
  const takeBack = () =>
    void attempt(async () => {
      if (!undo) return;
      setTaking(true);
      try {
        await ask.takeBack(detail.id, undo.orders);
        setUndo(null); // the offer stays until it is done
      } finally {
        setTaking(false);
      }
    });
  const problem = refused ?? found.problem;
  const theirs = open ? [] : (over.value ?? []).filter((unit) => unit.incident?.id === detail.id);
  if (open ? found.value === null && found.problem === null : theirs.length === 0) return null;
  return (
    <section className="part units" aria-label={t("units.title")} data-testid="units">
      <h2>
        {t("units.title")}{" "}
        {found.value?.card ? (
          <span className="meta" title={found.value.card.source}>
            {t("units.card", { name: say(found.value.card.name) })}
          </span>
        ) : null}
      </h2>
      {undo ? <UndoBar undo={undo} taking={taking} takeBack={takeBack} close={() => setUndo(null)} /> : null}
      {problem ? (
        <p className="problem" role="alert">
          <Icon name="triangle" /> {say(problem)}
        </p>
      ) : null}
      {open && found.value ? (
        <Open
          advice={found.value}
          acts={acts}
          working={working}
          words={words}
          setWords={setWords}
          shared={shared}
          stale={isBehind(found.value, undo)}
        />
      ) : null}
      {theirs.length > 0 ? (
        <ul className="unit-list">
          {theirs.map((unit) => (
            <OnCallRow key={unit.id} unit={unit} sign={signOf(unit, shared)} seconds={null} acts={acts} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

type OpenProps = {
  advice: Advice;
  acts: RowActs;
  working: boolean;
  words: string;
  setWords: (words: string) => void;
  shared: ReadonlySet<string>;
  /** Made before the order just given. */
  stale: boolean;
};

function Open({ advice, acts, working, words, setWords, shared, stale }: OpenProps) {
  const { t, say } = useWords();
  const { onCall, suggested, others, away } = sorted(advice);
  const list = (rows: readonly Suggested[]) => (
    <ul className="unit-list">
      {rows.map((row) => (
        <CandidateRow
          key={row.unit.id}
          row={row}
          sign={signOf(row.unit, shared)}
          acts={acts}
          mayOrder={advice.may_order}
        />
      ))}
    </ul>
  );
  return (
    <>
      <Wants advice={advice} />
      {advice.notes.map((note) => (
        <p key={note.en} className="meta">
          {say(note)}
        </p>
      ))}
      {onCall.length > 0 ? (
        <ul className="unit-list" data-testid="on-call-list">
          {onCall.map((row) => (
            <OnCallRow
              key={row.unit.id}
              unit={row.unit}
              sign={signOf(row.unit, shared)}
              joined={
                row.unit.incident && row.unit.incident.id !== advice.incident_id ? row.unit.incident.number : null
              }
              seconds={row.seconds}
              acts={acts}
            />
          ))}
        </ul>
      ) : null}
      <Signals incident={advice.incident_id} units={onCall.map((row) => row.unit)} />
      {advice.may_order && suggested.length + others.length > 0 ? (
        <input
          className="order-words"
          data-testid="order-words-field"
          value={words}
          maxLength={1000}
          placeholder={t("units.words")}
          aria-label={t("units.words")}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => event.code === "Escape" && event.currentTarget.blur()}
        />
      ) : null}
      {suggested.length > 0 ? (
        <>
          <p className="unit-head">
            <strong>{t("units.suggested")}</strong>
            {advice.may_order ? (
              <button
                type="button"
                id="order-suggested"
                className="filled small"
                data-testid="order-suggested"
                disabled={working || stale}
                onClick={() => acts.order(suggested)}
              >
                {working || stale
                  ? t("units.sending")
                  : t(suggested.some((row) => row.needs_sharing) ? "units.shareAndOrderAll" : "units.orderAll", {
                      count: suggested.length,
                    })}{" "}
                <kbd>D</kbd>
              </button>
            ) : null}
          </p>
          {list(suggested)}
        </>
      ) : null}
      {others.length + away.length > 0 ? (
        <details className="unit-more" open={advice.card === null && onCall.length === 0}>
          <summary data-testid="other-units">{t("units.others", { free: others.length, busy: away.length })}</summary>
          {list([...others, ...away])}
        </details>
      ) : null}
      {advice.suggested.length === 0 ? <p className="meta">{t("units.none")}</p> : null}
    </>
  );
}

function Wants({ advice }: { advice: Advice }) {
  const { t, say } = useWords();
  if (advice.wants.length === 0) return null;
  return (
    <p className="unit-wants" data-testid="wants">
      {advice.wants.map((want) => (
        <span
          key={want.capability.id}
          className={`pill ${want.missing > 0 ? "want-missing" : want.committed === want.wanted ? "want-met" : ""}`}
          data-missing={want.missing}
        >
          {want.missing > 0 ? <Icon name="triangle" /> : want.committed === want.wanted ? <Icon name="check" /> : null}
          {say(want.capability.name)} {want.committed}/{want.wanted}
          {want.missing > 0 ? ` · ${t("units.missing", { count: want.missing })}` : ""}
        </span>
      ))}
    </p>
  );
}

type UndoProps = { undo: Undo; taking: boolean; takeBack: () => void; close: () => void };

export function UndoBar({ undo, taking, takeBack, close }: UndoProps) {
  const { t, say } = useWords();
  const left = undoNow(undo.at, useNow());
  const names = undo.units.map((unit) => unit.name).join(", ");
  if (left === null && undo.radio.length === 0 && !taking) return null;
  return (
    <div className="unit-undo" role="status" data-testid="undo-order">
      <span>{t("units.sent", { names })}</span>
      {taking ? (
        <button type="button" className="small" disabled data-testid="undo-working">
          {t("units.takingBack")}
        </button>
      ) : left?.state === "open" ? (
        <button type="button" id="undo-order" className="small" onClick={takeBack}>
          {t("units.undo", { seconds: left.seconds })} <kbd>U</kbd>
        </button>
      ) : (
        <button type="button" className="small" onClick={close}>
          {t("word.close")}
        </button>
      )}
      {left?.state === "over" && !taking ? (
        <p className="meta" data-testid="undo-over">
          {t("units.undoOver")}
        </p>
      ) : null}
      {undo.radio.map((each) => (
        <p key={each.order.id} className="warn-words" data-testid="by-radio">
          <Icon name="triangle" /> {t("units.byRadio", { agency: say(each.order.agency.name) })}
        </p>
      ))}
    </div>
  );
}
