/** The administrator's page: accounts and linkage keys; secrets are shown once and then forgotten. */
import { useCallback, useEffect, useState } from "react";
import { Plain } from "../shell/Plain";
import { ApiError, api } from "../wire/http";
import type { CameraPurpose, Role, Text } from "../wire/types";
import { useWords } from "../words/words";
import { UnitChoice, useListedUnits } from "./CrewUnit";
import { DutyCameras } from "./DutyCameras";
import { Keys } from "./Keys";

export type AgencyName = { id: string; name: Text };
type Account = {
  id: string;
  name: string;
  role: Role;
  agency: AgencyName | null;
  disabled?: boolean;
  camera_purposes: CameraPurpose[] | null;
  unit_id: string | null;
};
export type Secret = { for: string; value: string };
export type Attempt = (work: () => Promise<Secret | null>) => Promise<void>;

const ROLES: Role[] = ["operator", "agency", "crew", "privacy_officer", "admin"];
const NO_FIELDS = { name: "", role: "operator" as Role, agency: "", unit: "" };
type NewProps = { agencies: readonly AgencyName[]; attempt: Attempt; read: Attempt };

function NewAccount({ agencies, attempt, read }: NewProps) {
  const { t, say } = useWords();
  const [fields, setFields] = useState(NO_FIELDS);
  const units = useListedUnits(read, fields.role === "crew");
  const create = () =>
    attempt(async () => {
      const agency = fields.role === "agency" ? fields.agency || agencies[0]?.id || null : null;
      const made = await api.post<{ one_time_password: string }>("/api/accounts", {
        name: fields.name,
        role: fields.role,
        agency_id: agency,
        ...(fields.role === "crew" ? { unit_id: fields.unit } : {}),
      });
      setFields(NO_FIELDS);
      return { for: fields.name, value: made.one_time_password };
    });
  return (
    <form
      className="plain-bar"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <label>
        {t("admin.name")}
        <input
          required
          value={fields.name}
          autoComplete="off"
          onChange={(event) => setFields({ ...fields, name: event.target.value })}
        />
      </label>
      <label>
        {t("admin.role")}
        <select value={fields.role} onChange={(event) => setFields({ ...fields, role: event.target.value as Role })}>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      </label>
      {fields.role === "agency" ? (
        <label>
          {t("admin.agency")}
          <select value={fields.agency} onChange={(event) => setFields({ ...fields, agency: event.target.value })}>
            {agencies.map((agency) => (
              <option key={agency.id} value={agency.id}>
                {say(agency.name)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {fields.role === "crew" ? (
        <label htmlFor="new-crew-unit">
          {t("admin.unit")}
          <UnitChoice
            id="new-crew-unit"
            units={units}
            value={fields.unit}
            choose={(unit) => setFields({ ...fields, unit })}
          />
        </label>
      ) : null}
      <button type="submit" className="filled" data-testid="account-create">
        {t("admin.create")}
      </button>
    </form>
  );
}

/** A button that asks once more before it does what cannot be undone. */
export function SureButton({ label, question, act }: { label: string; question?: string; act: () => void }) {
  const { t } = useWords();
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className={`small ${sure ? "filled" : ""}`}
      onBlur={() => setSure(false)}
      onClick={() => {
        if (sure) act();
        setSure(!sure);
      }}
    >
      {sure ? (question ?? t("admin.sure", { what: label })) : label}
    </button>
  );
}

export type RoomProps = { read: Attempt; attempt: Attempt; version: number; agencies: readonly AgencyName[] };

function Accounts({ read, attempt, version, agencies }: RoomProps) {
  const { t, say } = useWords();
  const [accounts, setAccounts] = useState<Account[]>([]);
  const units = useListedUnits(
    read,
    accounts.some((account) => account.role === "crew"),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change made anywhere reads the list anew
  useEffect(() => {
    void read(async () => {
      setAccounts((await api.get<{ items: Account[] }>("/api/accounts")).items);
      return null;
    });
  }, [version]);
  return (
    <section className="plain-card" aria-label={t("admin.accounts")}>
      <h2>{t("admin.accounts")}</h2>
      <NewAccount agencies={agencies} attempt={attempt} read={read} />
      <div className="plain-scroll">
        <table className="plain-table" data-testid="accounts">
          <thead>
            <tr>
              <th>{t("admin.name")}</th>
              <th>{t("admin.role")}</th>
              <th>{t("admin.agency")}</th>
              <th>{t("admin.cameras")}</th>
              <th>{t("admin.state")}</th>
              <th>{t("privacy.action")}</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.id}>
                <td>{account.name}</td>
                <td>{t(`role.${account.role}`)}</td>
                <td>{say(account.agency?.name)}</td>
                <td>
                  {account.role === "operator" ? (
                    <DutyCameras
                      accountId={account.id}
                      name={account.name}
                      purposes={account.camera_purposes}
                      attempt={attempt}
                    />
                  ) : account.role === "crew" && !account.disabled ? (
                    <UnitChoice
                      units={units}
                      name={account.name}
                      value={account.unit_id ?? ""}
                      choose={(unit) =>
                        void attempt(async () =>
                          api.post(`/api/accounts/${account.id}/unit`, { unit_id: unit }).then(() => null),
                        )
                      }
                    />
                  ) : null}
                </td>
                <td>{t(account.disabled ? "admin.disabled" : "admin.active")}</td>
                <td>
                  {account.disabled ? null : (
                    <>
                      <SureButton
                        label={t("admin.reset")}
                        act={() =>
                          void attempt(async () => {
                            const made = await api.post<{ one_time_password: string }>(
                              `/api/accounts/${account.id}/reset-password`,
                            );
                            return { for: account.name, value: made.one_time_password };
                          })
                        }
                      />{" "}
                      <SureButton
                        label={t("admin.disable")}
                        act={() =>
                          void attempt(async () => api.post(`/api/accounts/${account.id}/disable`).then(() => null))
                        }
                      />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Admin() {
  const { t, say } = useWords();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [problem, setProblem] = useState<Text | null>(null);
  const [version, setVersion] = useState(0);
  const [agencies, setAgencies] = useState<AgencyName[]>([]);
  const attempt = useCallback<Attempt>(async (work) => {
    try {
      const made = await work();
      if (made) setSecret(made);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  }, []);
  const change = useCallback<Attempt>(
    async (work) => {
      setSecret(null);
      setProblem(null); // what went wrong stays to be read until the next action, whatever is read meanwhile
      await attempt(work);
      setVersion((before) => before + 1);
    },
    [attempt],
  );
  useEffect(() => {
    void attempt(async () => {
      setAgencies((await api.get<{ items: AgencyName[] }>("/api/agencies")).items);
      return null;
    });
  }, [attempt]);
  return (
    <>
      {problem ? (
        <p className="problem" role="alert">
          {say(problem)}
        </p>
      ) : null}
      {secret ? (
        <div className="plain-card secret" role="status" data-testid="secret">
          <strong>{secret.for}</strong>
          <code>{secret.value}</code>
          <p className="meta">{t("admin.once")}</p>
        </div>
      ) : null}
      <p>
        <a href="/linkages">{t("linkage.title")}</a>
      </p>
      <Accounts read={attempt} attempt={change} version={version} agencies={agencies} />
      <Keys read={attempt} attempt={change} version={version} agencies={agencies} />
    </>
  );
}

export function AdminPage() {
  const { t } = useWords();
  return (
    <Plain title={t("admin.title")} roles={["admin"]}>
      {() => <Admin />}
    </Plain>
  );
}
