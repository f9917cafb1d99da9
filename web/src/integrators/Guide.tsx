/** What an integrator needs to join over one linkage: where to send, who is joined, a key to try with, the page itself. */
import { useWords } from "../words/words";
import { LightLine } from "./lights";
import { inLanguage, Markdown } from "./markdown";
import type { Linkage } from "./types";

function shown(value: unknown): string {
  if (value === "" || value === null) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function Agencies({ linkage }: { linkage: Linkage }) {
  const { t, say } = useWords();
  if (linkage.lights.length === 0) return <p className="empty">{t("linkage.nobody")}</p>;
  return (
    <div className="plain-scroll">
      <table className="plain-table" data-testid="linkage-lights">
        <thead>
          <tr>
            <th>{t("privacy.agency")}</th>
            <th>{t("linkage.health")}</th>
            <th>{t("linkage.said")}</th>
            <th>{t("linkage.passed")}</th>
            <th>{t("linkage.failed")}</th>
            <th>{t("linkage.repeats")}</th>
            <th>{t("linkage.logins")}</th>
          </tr>
        </thead>
        <tbody>
          {linkage.lights.map((light) => (
            <tr key={`${light.agency_id}${light.direction}`}>
              <td>{say(light.agency)}</td>
              <td>
                <LightLine light={light} />
              </td>
              <td>{say(light.detail)}</td>
              <td>{light.counts.passed.toLocaleString()}</td>
              <td>{light.counts.failed.toLocaleString()}</td>
              <td>{light.direction === "in" ? light.counts.repeats.toLocaleString() : ""}</td>
              <td>{light.direction === "in" ? light.counts.logins.toLocaleString() : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="meta">{t("linkage.sinceStart")}</p>
    </div>
  );
}

export function Guide({ linkage }: { linkage: Linkage }) {
  const { t, say, language } = useWords();
  const joined = linkage.lights[0]?.agency_id ?? "agency-119";
  return (
    <>
      <section className="plain-card" aria-label={t("linkage.agencies")}>
        <h2>{t("linkage.agencies")}</h2>
        <Agencies linkage={linkage} />
      </section>
      <div className="plain-columns">
        <section className="plain-card" aria-label={t("linkage.addresses")}>
          <h2>{t("linkage.addresses")}</h2>
          {linkage.addresses.length > 0 ? (
            <pre data-testid="linkage-addresses">{linkage.addresses.join("\n")}</pre>
          ) : (
            <p className="empty">{t("linkage.noDoor")}</p>
          )}
          {linkage.wires.length > 0 ? (
            <>
              <h3>{t("linkage.wires")}</h3>
              <pre>{linkage.wires.map((wire) => `${say(wire.agency)}  ${wire.address}`).join("\n")}</pre>
            </>
          ) : null}
        </section>
        <section className="plain-card" aria-label={t("linkage.tryTitle")}>
          <h2>{t("linkage.tryTitle")}</h2>
          <ol>
            <li>{t("linkage.try1")}</li>
            <li>{t("linkage.try2")}</li>
            <li>{t("linkage.try3")}</li>
          </ol>
          <pre data-testid="linkage-try">{`goldentime keys issue ${joined} --sandbox`}</pre>
          <p>
            <a href="/test-message">{t("test.title")}</a> · <a href="/admin">{t("admin.title")}</a>
          </p>
        </section>
      </div>
      <details className="plain-card">
        <summary>{t("linkage.settings")}</summary>
        <p className="meta">{t("linkage.noSecrets")}</p>
        <div className="plain-scroll">
          <table className="plain-table settings-table" data-testid="linkage-settings">
            <tbody>
              {Object.entries(linkage.settings).map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="mono">{shown(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      <section className="plain-card" aria-label={t("linkage.page")} data-testid="linkage-readme">
        {linkage.readme ? <Markdown page={inLanguage(linkage.readme, language)} /> : <p>{t("linkage.noPage")}</p>}
      </section>
    </>
  );
}
