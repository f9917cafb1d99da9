import { expect, test } from "vitest";
import { stateWords } from "../src/admin/Keys";
import { placeWords } from "../src/incidents/place";
import { numbered } from "../src/incidents/useDetail";
import { mayWiden, widenWords } from "../src/tiles/Strip";
import { findOver } from "../src/viewer/findOver";
import { pageOfNew, rankTiles } from "../src/viewer/tile_order";
import { LiveStore } from "../src/wire/store";
import type { IncidentDetail, IncidentSummary, Pick } from "../src/wire/types";
import { type Word, word } from "../src/words/words";
import { detail, incident } from "./samples";

const say = (key: Word, parts?: Record<string, string | number>) => word("en", key, parts);
const text = { ko: "", en: "" };

function pick(rank: number, status: Pick["status"] = "working"): Pick {
  const where = { site_id: "s", site_name: "s", lon: 127, lat: 37, bearing: null, field: 60, reach: 80 };
  const why = { distance_m: 10, direction: text, facing: "unknown" as const, reasons: [], score: 1, ring: 500 };
  return { camera_id: `c${rank}`, rank, status, ...where, ...why };
}
const ranks = (picks: Pick[]) => picks.map((each) => each.rank);

test("the best working cameras are docked first, and one without a stream takes no tile beside them", () => {
  const picks = [pick(1, "unregistered"), pick(2, "failed"), pick(3), pick(4), pick(5), pick(6)];
  expect(ranks(rankTiles(picks))).toEqual([3, 4, 5, 6, 2]);
  expect(ranks(rankTiles([pick(2, "unregistered"), pick(1, "unregistered")]))).toEqual([1, 2]);
});

test("after widening, the page with the first new camera is turned to", () => {
  const before = [1, 2, 3, 4].map((rank) => pick(rank));
  expect(pageOfNew(before, [...before, pick(5), pick(6)])).toBe(1);
  expect(pageOfNew(before, before)).toBe(0);
});

test("a place set by hand is said by its point; only an unknown one is still being looked for", () => {
  expect(placeWords(incident({ place_words: "" }), say)).toBe("Point on the map (37.00000, 127.00000)");
  expect(placeWords(incident({ place_words: "", place: null }), say)).toBe(say("incident.noPlace"));
  expect(placeWords(incident({ place_words: "Gate 3" }), say)).toBe("Gate 3");
});

test("widening says whether it brings the next four of this ring or the next ring", () => {
  const choice = { radius: 500, next_radius: 800, text, eligible: 6, sites_in_ring: 3, next_nearest: null };
  const four = [1, 2, 3, 4].map((rank) => pick(rank));
  expect(widenWords(detail({ choice, cameras: four }), say)).toBe(say("strip.widen"));
  expect(widenWords(detail({ choice: { ...choice, eligible: 4 }, cameras: four }), say)).toContain("800");
  expect(mayWiden(detail({ choice: { ...choice, eligible: 4, next_radius: null }, cameras: four }))).toBe(false);
});

test("a replaced key says until when it opens", () => {
  expect(stateWords({ state: "ending", valid_until: "2026-11-23T12:00:00+09:00" }, say)).toContain("until 11-23 12:00");
  expect(stateWords({ state: "active", valid_until: null }, say)).toBe(say("admin.active"));
});

test("one camera is no cameras", () => {
  expect(word("en", "groups.cameras", { count: 1 })).toBe("1 camera");
  expect(word("en", "groups.cameras", { count: 4 })).toBe("4 cameras");
});

const revoked = {
  ...{ id: "inc-1", number: "GO-1122-0001", state: "open", version: 1, access: "ended" },
  ...{ access_ended_at: "2026-11-22T12:00:00+09:00", access_ended_text: { ko: "회수", en: "revoked" } },
};

test("what is left of a revoked incident is said in the server's words, and nothing of it is missing to draw", () => {
  const left = numbered(revoked as unknown as IncidentDetail);
  expect(findOver(left, null, null, 0)).toEqual({ text: revoked.access_ended_text, at: revoked.access_ended_at });
  expect([left.cameras, left.grants, left.timeline, left.may]).toEqual([[], [], [], {}]);
});

test("an incident whose grant was revoked leaves the agency's list at once", () => {
  const store = new LiveStore();
  store.put(incident({ id: "inc-1" }));
  expect(store.get().incidents.has("inc-1")).toBe(true);
  store.put(revoked as unknown as IncidentSummary);
  expect(store.get().incidents.has("inc-1")).toBe(false);
});
