import { afterEach, expect, test } from "vitest";
import { bearingTo, metresBetween, pushApart, ring, sector, towards, withWords } from "../src/map/geo";
import { findShortcut, type Shortcut } from "../src/shell/keyboard";
import { operatorKeys } from "../src/shell/keys";
import { agenciesFirst, lightWidth, roomFor, shownNames, since } from "../src/shell/Links";
import { tourStep } from "../src/shell/useDuty";
import { findOver, findOwnGrant } from "../src/viewer/findOver";
import { age, clockTime, span } from "../src/words/time";
import { detail, grant } from "./samples";

afterEach(() => document.body.replaceChildren());

const acknowledge: Shortcut = { code: "KeyA", shown: "A", word: "key.acknowledge", run: () => {} };
const help: Shortcut = { code: "Slash", shift: true, shown: "?", word: "key.help", run: () => {} };

function press(init: KeyboardEventInit, target: HTMLElement = document.body): Shortcut | null {
  let found: Shortcut | null = null;
  const hear = (event: Event) => {
    found = findShortcut(event as KeyboardEvent, [acknowledge, help]);
  };
  document.body.append(target === document.body ? "" : target);
  window.addEventListener("keydown", hear, { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init }));
  return found;
}

test("a key is known by its place, so that it works under the Hangul layout", () => {
  expect(press({ code: "KeyA", key: "ㅁ" })).toBe(acknowledge);
});

test("keys are off while a person types or composes", () => {
  expect(press({ code: "KeyA" }, document.createElement("input"))).toBeNull();
  expect(press({ code: "KeyA" }, document.createElement("textarea"))).toBeNull();
  expect(press({ code: "KeyA", isComposing: true })).toBeNull();
});

test("the browser's own shortcuts are left alone, and a held key acts once", () => {
  expect(press({ code: "KeyA", ctrlKey: true })).toBeNull();
  expect(press({ code: "KeyA", repeat: true })).toBeNull();
});

test("Enter on a focused button presses the button", () => {
  expect(press({ code: "Enter" }, document.createElement("button"))).toBeNull();
});

test("no two of the operator's keys are the same", () => {
  const nothing = () => {};
  const acts = {
    acknowledge: nothing,
    take: nothing,
    release: nothing,
    widen: nothing,
    share: nothing,
    close: nothing,
  };
  const keys = operatorKeys({
    move: nothing,
    dock: nothing,
    go: nothing,
    acts,
    ask: nothing,
    big: nothing,
    join: nothing,
    partner: nothing,
    stopDuty: nothing,
    escape: nothing,
    owned: false,
  });
  const names = keys.map((key) => `${key.shift ? "shift+" : ""}${key.code}`);
  expect(new Set(names).size).toBe(names.length);
});

test("a point 500 m away is 500 m away, in the direction asked for", () => {
  const away = towards([127.03, 37.26], 60, 500);
  expect(metresBetween([127.03, 37.26], away)).toBeCloseTo(500, 0);
  expect(bearingTo([127.03, 37.26], away)).toBeCloseTo(60, 0);
});

test("a sector begins and ends at its camera; all round is a ring", () => {
  const pie = sector([127, 37], 90, 60, 80);
  expect(pie[0]).toEqual([127, 37]);
  expect(pie.at(-1)).toEqual([127, 37]);
  expect(sector([127, 37], 0, 360, 80)).toHaveLength(ring([127, 37], 80, 48).length);
});

test("a tour goes round, four cameras at a time", () => {
  const cameras = ["a", "b", "c", "d", "e", "f"];
  expect([0, 1, 2].map((step) => tourStep(cameras, step))).toEqual([
    ["a", "b", "c", "d"],
    ["e", "f"],
    ["a", "b", "c", "d"],
  ]);
});

test("an agency sees its own grant, the one in force before one that ended", () => {
  const own = grant({ id: "now" });
  const found = findOwnGrant(
    detail({
      grants: [
        grant({ id: "old", state: "ended", expires_at: "2027-01-01T00:00:00Z" }),
        own,
        grant({ id: "fire", agency: { id: "fire", name: { ko: "119", en: "119" } } }),
      ],
    }),
    "police",
  );
  expect(found).toBe(own);
});

test("access is over when it is revoked, when the incident closes and when its time has run out", () => {
  const now = Date.parse("2026-11-22T12:30:00+09:00");
  const why = { ko: "회수", en: "revoked" };
  const open = detail({});
  expect(findOver(open, grant({}), null, now)).toBeNull();
  expect(findOver(open, grant({ state: "revoked", ended_text: why }), null, now)?.text).toBe(why);
  expect(findOver(detail({ state: "closed", closed_at: "x" }), grant({}), null, now)?.at).toBe("x");
  expect(findOver(open, grant({}), null, now + 3_600_000)).not.toBeNull();
  expect(findOver(null, null, why, now)?.text).toBe(why);
});

test("times are Seoul's and spans are read at a glance", () => {
  expect(clockTime("2026-11-22T12:00:05Z")).toBe("21:00:05");
  expect([38, 761, 11_045].map(span)).toEqual(["0:38", "12:41", "3:04:05"]);
  expect([age(2, "ko"), age(360, "ko"), age(7200, "en")]).toEqual(["2초 전", "6분 전", "2 h ago"]);
});

test("numbers of cameras on one pole stand beside each other and off the incident; one with room stays", () => {
  const marks: [number, number][] = [
    [100, 100],
    [100, 100],
    [101, 100],
    [300, 300],
  ];
  const offsets = pushApart(marks, [[102, 100]], 26);
  const placed = marks.map(
    ([x, y], index) => [x + (offsets[index]?.[0] ?? 0), y + (offsets[index]?.[1] ?? 0)] as const,
  );
  const spots = [...placed, [102, 100] as const];
  for (const [index, a] of spots.entries())
    for (const b of spots.slice(index + 1)) expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(20);
  expect(offsets[3]).toEqual([0, 0]);
});

test("numbers keep off the words beside an incident's mark", () => {
  const title: [number, number] = [100, 100];
  const spots = withWords(title, 22, 80);
  const numbers: [number, number][] = [
    [140, 102],
    [170, 98],
  ];
  const offsets = pushApart(numbers, spots);
  for (const [index, [x, y]] of numbers.entries()) {
    const at = [x + (offsets[index]?.[0] ?? 0), y + (offsets[index]?.[1] ?? 0)];
    for (const spot of spots) expect(Math.hypot((at[0] ?? 0) - spot[0], (at[1] ?? 0) - spot[1])).toBeGreaterThan(20);
  }
  expect(withWords(title, 22, 0)).toEqual([title]);
});

test("the agencies' lights come before the services', those that failed before their like", () => {
  const light = (id: string, is_agency: boolean, state: "healthy" | "failed") => ({
    id,
    name: { ko: id, en: id },
    state,
    last_at: null,
    detail: null,
    is_agency,
  });
  const links = [
    light("119", true, "healthy"),
    light("weather", false, "failed"),
    light("beds", false, "healthy"),
    light("112", true, "failed"),
  ];
  expect(agenciesFirst(links).map((link) => link.id)).toEqual(["112", "119", "weather", "beds"]);
});

test("lights stand in one row: as many as there is room for, beside the count of the others", () => {
  const five = [118, 118, 118, 118, 118];
  expect(roomFor(five, Number.POSITIVE_INFINITY)).toBe(5);
  expect(roomFor(five, 600)).toBe(5);
  expect(roomFor(five, 420)).toBe(3);
  expect(roomFor(five, 30)).toBe(1);
  expect(roomFor([], 0)).toBe(0);
});

test("a light has room for its whole name, or it is counted with the others", () => {
  const names = ["경기남부경찰청 112", "경기도소방재난본부 119", "도시교통정보센터"];
  const widths = names.map(lightWidth);
  expect(widths.every((width) => width > 118)).toBe(true);
  expect(roomFor(widths, 300)).toBe(1);
  expect(roomFor(widths, 400)).toBe(2);
  expect(roomFor(widths, 500)).toBe(3);
});

test("where room is short an agency is called by its number, unless another has the same", () => {
  const names = ["Southern Gyeonggi Police 112", "Gyeonggi Fire Services 119", "City traffic centre"];
  expect(shownNames(names, 1000)).toEqual(names);
  expect(shownNames(names, 441)).toEqual(["112", "119", "City traffic centre"]);
  const two = ["Southern Police 112", "Northern Police 112", "Fire 119"];
  expect(shownNames(two, 100)).toEqual(["Southern Police 112", "Northern Police 112", "119"]);
});

test("a light that failed or went quiet tells since when, not when anything last passed the other way", () => {
  const light = { linkage: "tcp", ok_at: null, waiting: 0, waiting_since: null, detail: null };
  const counts = { passed: 1, failed: 0, repeats: 0, logins: 0 };
  const quiet = { ...light, counts, direction: "in" as const, state: "quiet" as const, failing_since: null };
  const failed = { ...light, counts, direction: "out" as const, state: "failed" as const, last_at: "11:59" };
  const link = { id: "119", name: { ko: "119", en: "119" }, last_at: "12:00", detail: null };
  expect(since({ ...link, state: "quiet", lights: [{ ...quiet, last_at: "11:40" }] })).toBe("11:40");
  expect(since({ ...link, state: "failed", lights: [{ ...failed, failing_since: "11:50" }] })).toBe("11:50");
  expect(since({ ...link, state: "healthy", lights: [] })).toBe("12:00");
});
