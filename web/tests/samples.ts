/** Small incidents and grants for tests; all invented. */
import type { Grant, IncidentDetail, IncidentSummary } from "../src/wire/types";

const text = (words: string) => ({ ko: words, en: words });

export function incident(part: Partial<IncidentSummary>): IncidentSummary {
  return {
    id: "inc",
    number: "GO-1122-0001",
    kind: "112UC001",
    service: "112_video",
    service_name: text("112"),
    title: text("title"),
    severity: "critical",
    state: "open",
    place: { lon: 127, lat: 37 },
    place_words: "가온동",
    place_estimated: false,
    estimate_note: null,
    agency: null,
    owner: null,
    acknowledged_at: null,
    acknowledged_by: null,
    opened_at: "2026-11-22T12:00:00+09:00",
    occurred_at: "2026-11-22T12:00:00+09:00",
    closed_at: null,
    disposition: null,
    updated_at: "2026-11-22T12:00:00+09:00",
    version: 1,
    sender_state: "occurred",
    drill: false,
    reports: 1,
    sandbox: false,
    ...part,
  };
}

export function grant(part: Partial<Grant>): Grant {
  return {
    id: "g",
    agency: { id: "police", name: text("police") },
    person: null,
    purpose: text("purpose"),
    legal_basis: text("law"),
    expires_at: "2026-11-22T13:00:00+09:00",
    state: "active",
    ended_at: null,
    ended_text: null,
    ...part,
  };
}

export function detail(part: Partial<IncidentDetail>): IncidentDetail {
  return {
    ...incident({}),
    content: "",
    reporter: "",
    cameras: [],
    choice: null,
    timeline: [],
    grants: [],
    views: [],
    may: {},
    ...part,
  };
}
