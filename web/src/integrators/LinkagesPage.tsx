/** The integrators' page: every linkage with its lights; one of them with its guide, its log and what waits to go out. */
import { useCallback, useEffect, useState } from "react";
import { Plain } from "../shell/Plain";
import { ApiError, api } from "../wire/http";
import type { Light, Text } from "../wire/types";
import { useWords, type Word } from "../words/words";
import { Guide } from "./Guide";
import { Log } from "./Log";
import { LightMark } from "./lights";
import type { Linkage } from "./types";
import "./integrators.css";

type Tab = "guide" | "log" | "out";
const TABS: Record<Tab, Word> = { guide: "linkage.guide", log: "linkage.log", out: "linkage.outbox" };
const GRAVITY: Light["state"][] = ["failed", "quiet", "healthy", "never"];
const READ_EVERY = 5000;

/** The gravest of a linkage's lights. */
export function stateOf(lights: readonly Pick<Light, "state">[]): Light["state"] {
  return GRAVITY.find((state) => lights.some((light) => light.state === state)) ?? "never";
}

/** What the light is called; one that fails is told apart by its direction. */
function stateWord(state: Light["state"], lights: readonly Light[]): Word {
  const outward = lights.some((light) => light.state === "failed" && light.direction === "out");
  return state === "failed" && outward ? "link.notSent" : `link.${state}`;
}

function One({ linkage, moves }: { linkage: Linkage; moves: boolean }) {
  const { t } = useWords();
  const [tab, setTab] = useState<Tab>("guide");
  const waiting = linkage.lights.reduce((sum, light) => sum + light.waiting, 0);
  return (
    <>
      <div className="tabs" role="tablist">
        {(Object.keys(TABS) as Tab[]).map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={tab === one}
            className={tab === one ? "filled" : ""}
            data-testid={`tab-${one}`}
            onClick={() => setTab(one)}
          >
            {t(TABS[one])}
            {one === "out" && waiting > 0 ? ` ${t("linkage.waiting", { count: waiting })}` : null}
          </button>
        ))}
      </div>
      {tab === "guide" ? <Guide linkage={linkage} /> : null}
      {tab === "log" ? <Log key="log" linkage={linkage} moves={moves} /> : null}
      {tab === "out" ? <Log key="out" linkage={linkage} moves={moves} outbox /> : null}
    </>
  );
}

function Linkages({ moves }: { moves: boolean }) {
  const { t, say } = useWords();
  const [linkages, setLinkages] = useState<readonly Linkage[] | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const [chosen, setChosen] = useState(() => window.location.hash.slice(1));
  const read = useCallback(async () => {
    try {
      setLinkages((await api.get<{ items: Linkage[] }>("/api/linkages")).items);
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  }, []);
  useEffect(() => {
    void read();
    const timer = window.setInterval(() => void read(), READ_EVERY);
    return () => window.clearInterval(timer);
  }, [read]);
  const linkage = linkages?.find((one) => one.name === chosen) ?? linkages?.[0];
  return (
    <>
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {linkages && linkages.length === 0 ? <p className="empty">{t("linkage.none")}</p> : null}
      <nav className="linkages" aria-label={t("linkage.title")}>
        {linkages?.map((one) => {
          const state = stateOf(one.lights);
          return (
            <button
              key={one.name}
              type="button"
              className={`linkage link-${state}`}
              aria-current={one.name === linkage?.name ? "page" : undefined}
              data-testid={`linkage-${one.name}`}
              onClick={() => {
                window.location.hash = one.name;
                setChosen(one.name);
              }}
            >
              <LightMark state={state} />
              <span>
                <strong>{say(one.title)}</strong>
                <span className="meta">{one.name}</span>
              </span>
              <span className="meta">{t(stateWord(state, one.lights))}</span>
            </button>
          );
        })}
      </nav>
      {linkage ? <One key={linkage.name} linkage={linkage} moves={moves} /> : null}
    </>
  );
}

export function LinkagesPage() {
  const { t } = useWords();
  return (
    <Plain title={t("linkage.title")} roles={["admin", "privacy_officer"]}>
      {(session) => <Linkages moves={session.account.role === "admin"} />}
    </Plain>
  );
}
