/** What of the moving city is drawn, switched on and off where it is explained, each with its age. */
import { AllSignalsOfLayer } from "../units/AllSignals";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import "./layers.css";

type Props = {
  flow: boolean;
  setFlow: (on: boolean) => void;
  /** When the newest speed was measured; null when none has come. */
  measuredAt: string | null;
  signals: boolean;
  setSignals: (on: boolean) => void;
  /** How many signals are asked now; null where there is no signal centre. */
  asked: number | null;
  centreUp: boolean;
};

export function LayersBar(props: Props) {
  const { t, language } = useWords();
  const now = useNow();
  const { flow, measuredAt, signals, asked } = props;
  return (
    <section className="floating layers-bar" aria-label={t("layers.title")} data-testid="layers">
      <LayerSwitch name="traffic" on={flow} set={props.setFlow} />
      {flow ? (
        measuredAt ? (
          <>
            <span className="key key-flowing">{t("layers.flowing")}</span>
            <span className="key key-slow">{t("layers.slow")}</span>
            <span className="key key-standing">{t("layers.standing")}</span>
            <span className="meta" data-testid="traffic-age">
              {age((now - Date.parse(measuredAt)) / 1000, language)}
            </span>
          </>
        ) : (
          <span className="meta">{t("layers.noSpeeds")}</span>
        )
      ) : null}
      <LayerSwitch name="signals" on={signals} set={props.setSignals} />
      {signals && asked !== null ? (
        <span className={props.centreUp ? "meta" : "warn-words"} data-testid="signals-asked">
          {props.centreUp ? t(asked ? "layers.asked" : "layers.noSignals", { count: asked }) : t("signals.down")}
        </span>
      ) : null}
      <AllSignalsOfLayer on={signals} />
    </section>
  );
}

function LayerSwitch({ name, on, set }: { name: "traffic" | "signals"; on: boolean; set: (on: boolean) => void }) {
  const { t } = useWords();
  return (
    <label>
      <input
        type="checkbox"
        checked={on}
        data-testid={`layer-${name}`}
        onChange={(event) => set(event.target.checked)}
      />
      {t(`layers.${name}`)}
    </label>
  );
}
