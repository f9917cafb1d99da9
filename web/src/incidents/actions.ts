/** What an operator does to an incident, and what is said when the server refuses. */
import { ApiError, api } from "../wire/http";
import { live } from "../wire/store";
import type { Disposition, IncidentDetail, Text } from "../wire/types";

export type Outcome = { detail: IncidentDetail | null; problem: Text | null };

/** Runs one step; the answer goes to the store at once, a refusal comes back as words. */
export async function attempt(step: Promise<IncidentDetail>): Promise<Outcome> {
  try {
    const detail = await step;
    live.put(detail);
    return { detail, problem: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { detail: null, problem: error.text };
  }
}

const at = (id: string, step: string) => `/api/incidents/${id}/${step}`;
export const acknowledge = (id: string) => api.post<IncidentDetail>(at(id, "acknowledge"));
export const take = (id: string) => api.post<IncidentDetail>(at(id, "take"));
export const release = (id: string) => api.post<IncidentDetail>(at(id, "release"));
export const widen = (id: string) => api.post<IncidentDetail>(at(id, "widen"));
export const addNote = (id: string, text: string, action: boolean) =>
  api.post<IncidentDetail>(at(id, "note"), { text, action });
export const share = (id: string, agency: string) => api.post<IncidentDetail>(at(id, "share"), { agency_id: agency });
export const confirmPlace = (id: string, lon: number, lat: number) =>
  api.post<IncidentDetail>(at(id, "confirm-place"), { lon, lat });
export const close = (id: string, disposition: Disposition, note: string) =>
  api.post<IncidentDetail>(at(id, "close"), { disposition, note });
