/** Linkage keys: made, rotated with an overlap, revoked; the key itself is shown once. */
import { useEffect, useState } from "react";
import { api } from "../wire/http";
import { clockTime, shortDate } from "../words/time";
import { useWords } from "../words/words";
import { type AgencyName, type RoomProps, SureButton } from "./AdminPage";

type Key = {
  id: string;
  agency: AgencyName | null;
  agency_id?: string;
  sandbox: boolean;
  created_at: string | null;
  state: "active" | "ending" | "revoked";
  valid_until: string | null;
};

const when = (at: string | null | undefined) => (at ? `${shortDate(Date.parse(at))} ${clockTime(at)}` : "");

type Say = ReturnType<typeof useWords>["t"];

/** In use, replaced and valid until when, or gone since when. */
export function stateWords(key: Pick<Key, "state" | "valid_until">, t: Say): string {
  if (key.state === "ending") return t("admin.ending", { time: when(key.valid_until) });
  return key.state === "revoked" ? `${t("admin.revoked")} ${when(key.valid_until)}`.trim() : t("admin.active");
}

export function Keys({ read, attempt, version, agencies }: RoomProps) {
  const { t, say } = useWords();
  const [keys, setKeys] = useState<Key[]>([]);
  const [agency, setAgency] = useState("");
  const [sandbox, setSandbox] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change made anywhere reads the list anew
  useEffect(() => {
    void read(async () => {
      setKeys((await api.get<{ items: Key[] }>("/api/keys")).items);
      return null;
    });
  }, [version]);
  const create = () =>
    attempt(async () => {
      const chosen = agency || agencies[0]?.id || "";
      const made = await api.post<{ id: string; key: string }>("/api/keys", { agency_id: chosen, sandbox });
      return { for: say(agencies.find((each) => each.id === chosen)?.name), value: made.key };
    });
  return (
    <section className="plain-card" aria-label={t("admin.keys")}>
      <h2>{t("admin.keys")}</h2>
      <form
        className="plain-bar"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <label>
          {t("admin.agency")}
          <select value={agency} onChange={(event) => setAgency(event.target.value)}>
            {agencies.map((each) => (
              <option key={each.id} value={each.id}>
                {say(each.name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("admin.kind")}
          <select value={String(sandbox)} onChange={(event) => setSandbox(event.target.value === "true")}>
            <option value="true">{t("admin.sandbox")}</option>
            <option value="false">{t("admin.real")}</option>
          </select>
        </label>
        <button type="submit" className="filled" data-testid="key-create">
          {t("admin.create")}
        </button>
      </form>
      <div className="plain-scroll">
        <table className="plain-table" data-testid="keys">
          <thead>
            <tr>
              <th>{t("admin.key")}</th>
              <th>{t("admin.agency")}</th>
              <th>{t("admin.kind")}</th>
              <th>{t("admin.created")}</th>
              <th>{t("admin.state")}</th>
              <th>{t("privacy.action")}</th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => {
              const gone = key.state === "revoked";
              const name = say(key.agency?.name) || (key.agency_id ?? "");
              return (
                <tr key={key.id}>
                  <td className="mono">{key.id}</td>
                  <td>{name}</td>
                  <td>{t(key.sandbox ? "admin.sandbox" : "admin.real")}</td>
                  <td>{when(key.created_at)}</td>
                  <td data-testid="key-state">{stateWords(key, t)}</td>
                  <td>
                    {gone ? null : (
                      <>
                        {key.state === "ending" ? null : (
                          <SureButton
                            label={t("admin.rotate")}
                            question={t("admin.rotateSure")}
                            act={() =>
                              void attempt(async () => {
                                const made = await api.post<{ key: string }>(`/api/keys/${key.id}/rotate`, {
                                  overlap_hours: 24,
                                });
                                return { for: name, value: made.key };
                              })
                            }
                          />
                        )}{" "}
                        <SureButton
                          label={t("admin.revoke")}
                          act={() => void attempt(async () => api.remove(`/api/keys/${key.id}`).then(() => null))}
                        />
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
