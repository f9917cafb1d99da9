/** What is asked and done about units. */
import { api } from "../wire/http";
import { toShareWith } from "./advice";
import type { Advice, Sent, Step, Suggested, Unit } from "./types";

const of = (unit: string) => `/api/units/${encodeURIComponent(unit)}`;
export const advice = (incident: string) => api.get<Advice>(`/api/incidents/${incident}/units`);
export const units = () => api.get<{ items: Unit[] }>("/api/units").then((found) => found.items);
export const change = (unit: string, step: Step) => api.post<Unit>(`${of(unit)}/state`, { step });
export const callBack = (unit: string) => api.post<Unit>(`${of(unit)}/call-back`);
export const takeBack = (incident: string, orders: readonly string[]) =>
  api.post<{ items: Unit[] }>(`/api/incidents/${incident}/orders/take-back`, { orders });
export const supportHeard = (unit: string) => api.post<Unit>(`${of(unit)}/support-heard`);
export const stays = (unit: string) => api.post<Unit>(`${of(unit)}/still-on-scene`);

/** Shares the incident with whose units it must be shared with, then orders; raises what the server refuses. */
export async function order(incident: string, chosen: readonly Suggested[], words = ""): Promise<Sent[]> {
  for (const agency of toShareWith(chosen)) await api.post(`/api/incidents/${incident}/share`, { agency_id: agency });
  const ids = chosen.map((each) => each.unit.id);
  const sent = await api.post<{ items: Sent[] }>("/api/orders", { incident_id: incident, units: ids, words });
  return sent.items;
}
