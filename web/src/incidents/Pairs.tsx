/** What this incident may be one with, what it is joined with, and what was told apart: each undone as easily. */
import { Icon } from "../shell/icons";
import { useKnown } from "../wire/store";
import type { IncidentDetail, Paired } from "../wire/types";
import { clockTime, span } from "../words/time";
import { useWords } from "../words/words";
import type { IncidentActs } from "./Incident";
import { stillAlike, wayBack } from "./next";

type Props = { detail: IncidentDetail; acts: Pick<IncidentActs, "pair" | "open"> };

/** How far, how long apart and told as what: "120 m, 2:10, 교통사고↔구급". */
function useBecause(): (one: Paired) => string {
  const { t, say } = useWords();
  return (one) => {
    const parts = [
      ...(one.cause === "caller" ? [t("pair.sameCaller")] : []),
      one.metres === null ? t("pair.noPlace") : t("pair.metres", { metres: Math.round(one.metres) }),
      t("pair.apart", { time: span(one.seconds) }),
      say(one.nature) === say(one.other_nature) ? say(one.nature) : `${say(one.nature)}↔${say(one.other_nature)}`,
    ];
    return parts.join(", ");
  };
}

export function Alike({ one, acts, first }: { one: Paired; acts: Props["acts"]; first: boolean }) {
  const { t, say } = useWords();
  const because = useBecause();
  return (
    <div className="pair pair-alike" role="status" data-testid="pair-alike" data-other={one.id}>
      <p>
        <Icon name="person" />{" "}
        <strong>{t("pair.mayBe", { service: say(one.agency?.name) || say(one.service_name) })}</strong>{" "}
        <span className="meta">
          ({because(one)}) · {one.number}
        </span>
      </p>
      <div className="pair-acts">
        <button type="button" className="small" data-testid="pair-join" onClick={() => acts.pair(one.id, "join")}>
          {t("pair.join")} {first ? <kbd>M</kbd> : null}
        </button>
        <button type="button" className="small" data-testid="pair-apart" onClick={() => acts.pair(one.id, "separate")}>
          {t("pair.notSame")}
        </button>
        <button type="button" className="small plain" onClick={() => acts.open(one.id)}>
          {t("pair.look")}
        </button>
      </div>
    </div>
  );
}

function Joined({ one, acts, first }: { one: Paired; acts: Props["acts"]; first: boolean }) {
  const { t, say } = useWords();
  const because = useBecause();
  return (
    <div className="pair pair-joined" data-testid="pair-joined" data-other={one.id}>
      <p>
        <span className="pill pill-source">{say(one.agency?.name) || say(one.service_name)}</span>{" "}
        <strong>{one.number}</strong> {one.state === "closed" ? <span className="tag">{t("pair.ended")}</span> : null}{" "}
        <span className="meta">
          {one.cause === "caller" ? t("pair.sameCaller") : because(one)} ·{" "}
          {t("pair.since", { time: clockTime(one.at) })}
        </span>
      </p>
      <div className="pair-acts">
        <button type="button" className="small" data-testid="pair-open" onClick={() => acts.open(one.id)}>
          {t("pair.open")} {first ? <kbd>.</kbd> : null}
        </button>
        <button
          type="button"
          className="small"
          data-testid="pair-separate"
          onClick={() => acts.pair(one.id, "separate")}
        >
          {t("pair.separate")}
        </button>
      </div>
    </div>
  );
}

export function Pairs({ detail, acts }: Props) {
  const { t } = useWords();
  const { incidents } = useKnown();
  const { joined = [], apart = [] } = detail;
  const alike = stillAlike(detail, incidents);
  if (alike.length + joined.length + apart.length === 0) return null;
  return (
    <section className="pairs" aria-label={t("pair.title")} data-testid="pairs">
      {alike.map((one, index) => (
        <Alike key={one.id} one={one} acts={acts} first={index === 0} />
      ))}
      {joined.length > 0 ? <p className="pairs-head">{t("pair.joinedWith")}</p> : null}
      {joined.map((one, index) => (
        <Joined key={one.id} one={one} acts={acts} first={index === 0} />
      ))}
      {apart.map((one) => (
        <p key={one.id} className="pair meta" data-testid="pair-told-apart">
          {t("pair.toldApart", { number: one.number })}{" "}
          {detail.state === "open" ? (
            <button type="button" className="small plain" onClick={() => acts.pair(one.id, wayBack(one))}>
              {t("pair.undo")}
            </button>
          ) : null}
        </p>
      ))}
    </section>
  );
}
