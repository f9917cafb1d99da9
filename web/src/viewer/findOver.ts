/** Whether an agency may still look, and in whose words it may not. */
import type { Grant, IncidentDetail, Text } from "../wire/types";

/** The agency's own grant: one in force if there is one, else the last that ended. */
export function findOwnGrant(detail: IncidentDetail, agencyId: string | null): Grant | null {
  const own = detail.grants.filter((grant) => agencyId === null || grant.agency?.id === agencyId);
  const latest = (grants: Grant[]) =>
    [...grants].sort((a, b) => Date.parse(b.expires_at) - Date.parse(a.expires_at))[0] ?? null;
  return latest(own.filter((grant) => grant.state === "active")) ?? latest(own);
}

export type Over = { text: Text | null; at: string | null };

/** Is access over, and in whose words. */
export function findOver(
  detail: IncidentDetail | null,
  grant: Grant | null,
  problem: Text | null,
  now: number,
): Over | null {
  if (detail?.access === "ended") return { text: detail.access_ended_text ?? null, at: detail.access_ended_at ?? null };
  if (detail && grant && grant.state !== "active") return { text: grant.ended_text, at: grant.ended_at };
  if (detail?.state === "closed") return { text: grant?.ended_text ?? null, at: detail.closed_at };
  if (grant && Date.parse(grant.expires_at) <= now) return { text: null, at: grant.expires_at };
  return problem && !detail ? { text: problem, at: null } : null;
}
