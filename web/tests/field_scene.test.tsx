// @vitest-environment jsdom
/** What a crew reads of its scene: that a place is a guess, all the water, who comes next, and what was seen last. */
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Brief, FieldScene, Sighting, Water } from "../src/field/brief";
import { Chips } from "../src/field/Chips";
import { LastSeen } from "../src/field/LastSeen";
import { NextTurn } from "../src/field/parts";
import { SceneView } from "../src/field/SceneView";
import type { Session } from "../src/wire/types";

const north = { ko: "북쪽", en: "north" };
const none = { ko: "", en: "" };
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
let asked: string[] = [];
let link: "up" | "down" = "up";
let stills = 200;
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));
const pictures = () => asked.filter((path) => path.includes("/sightings/"));

class Unseen {
  observe() {}
  disconnect() {}
}

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", Unseen); // jsdom lays nothing out
  asked = [];
  link = "up";
  stills = 200;
  vi.useFakeTimers();
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (link === "down") throw new TypeError("no link");
    if (path === "/api/views") return new Response(JSON.stringify({ view_id: "v", still: "/still", watermark: "" }));
    const status = path.startsWith("/still") ? stills : 200;
    const over = JSON.stringify({ error: { code: "busy", text: none } });
    return new Response(status === 200 ? "picture" : over, { status });
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const seen = (more: Partial<Sighting> = {}): Sighting => ({
  at: ago(1),
  camera: "정문",
  words: "골목으로 달아남",
  still: "/api/incidents/i/sightings/7.jpg",
  place_words: "나루로 9",
  plate: "",
  plate_at: null,
  direction: "",
  direction_at: null,
  ...more,
});
const camera = { camera_id: "c", name: "정문", rank: 1, distance_m: 30, direction: north, reasons: [] };
const scene = (more: Partial<FieldScene> = {}): FieldScene => ({
  ...{ incident_id: "i", number: "1", title: "화재", severity: "critical", service: "fire", place: null },
  ...{ place_words: "나루로 1", place_estimated: false, content: "", order_words: "", drill: false },
  ...{ opened_at: ago(3), occurred_at: ago(3), expires_at: ago(-30), purpose: none, hazards: [], sighting: null },
  cameras: [{ ...camera, lon: null, lat: null, bearing: null, field: null, reach: null, status: "working" }],
  ...{ plate: null, way: null, no_way: null, building: null, access: null, water: [], hydrants: null },
  ...{ hospitals: [], wind: null, mates: [], ...more },
});
const brief = { here: { lon: 127, lat: 37, heading: null, age_s: null } } as unknown as Brief;
const gps = { fix: null, problem: null };
const page = (told: FieldScene) =>
  render(
    <SceneView {...{ brief, gps, first: null, lost: false, heardAt: null }} session={{} as Session} scene={told} />,
  ).container;
const words = (told: Partial<FieldScene>) => render(<Chips scene={scene(told)} />).container.textContent;
const water = (metres: number, direction: Water["direction"] = north, kind: string | null = null): Water => ({
  ...{ name: `${metres}`, address: "", lon: 127, lat: 37 },
  ...{ metres, direction, kind },
});
const listed = { listed: true, within_m: 300, beyond: null };

test("a place that is a guess is called one beside its words, and one that was told is not", () => {
  const guess = page(scene({ place_estimated: true })).querySelector("[data-testid=field-estimated]");
  expect(guess?.textContent).toContain("추정 위치");
  expect(guess?.closest("[data-testid=field-call]")?.textContent).toContain("나루로 1");
  cleanup();
  expect(page(scene()).querySelector("[data-testid=field-estimated]")).toBeNull();
});

test("every hydrant within reach is told with its distance and direction", () => {
  const told = words({ water: [water(40, north, "지상식"), water(220, { ko: "동쪽", en: "east" })], hydrants: listed });
  expect(told).toContain("지상식 40 m 북쪽");
  expect(told).toContain("220 m 동쪽");
});

test("no hydrant near is said, with the nearest beyond, and so is that there is no list; to a patrol car neither", () => {
  const far = words({ hydrants: { ...listed, beyond: water(640) } });
  expect(far).toContain("300m 안 소화전 없음");
  expect(far).toContain("640 m 북쪽");
  expect(words({ hydrants: { ...listed, listed: false } })).toContain("소화전 목록 없음");
  expect(words({ hydrants: null })).toBe("");
});

test("of the others on the incident it is the soonest that is shown, and one that is there only when none comes", () => {
  const mate = (call_sign: string, seconds: number | null) =>
    ({ call_sign, seconds, state_name: { ko: "현장", en: "on scene" } }) as FieldScene["mates"][number];
  expect(words({ mates: [mate("가", null), mate("나", 300), mate("다", 65)] })).toBe(" 다 1:05");
  expect(words({ mates: [mate("가", null)] })).toBe(" 가 현장");
});

test("a scene on its road is told by the road alone", () => {
  const at = { lon: 127, lat: 37, road: "큰길", metres: 0 };
  expect(words({ access: { ...at, side: null } })).toBe("진입 큰길");
  expect(words({ access: { ...at, side: north } })).toBe("진입 북쪽 · 큰길");
});

test("where the way ends, it says how far from the road the scene still is, and nothing when it is seen from there", () => {
  const step = { road: "큰길", lon: 127, lat: 37, seconds: 9, text: none };
  const steps = [
    { ...step, kind: "depart", metres: 70 },
    { ...step, kind: "arrive", metres: 0 },
  ];
  const way = { steps, seconds: 9, metres: 70, pieces: [], schools: [], cameras: [], closures: [] };
  const line = (beyond: number, told = way) => render(<NextTurn way={told} beyond={beyond} />).container.textContent;
  expect(line(124)).toContain("70 m 앞 도착큰길 · 현장은 길에서 120 m");
  expect(line(12)).not.toContain("현장은");
  const turning = {
    ...way,
    steps: [
      { ...step, kind: "depart", metres: 70 },
      { ...step, kind: "left", metres: 40 },
    ],
  };
  expect(line(124, turning)).not.toContain("현장은");
});

test("an earlier plate and direction stay under a sighting that told none, each with its own age", () => {
  const told = seen({ plate: "12가3456", plate_at: ago(8), direction: "북쪽", direction_at: ago(1) });
  const text = render(<LastSeen sighting={{ ...told, direction_at: told.at }} wanted={false} />).container.textContent;
  expect(text).toContain("12가3456 (8분 전) · 북쪽 · 나루로 9 · 정문");
});

test("the picture of what was seen waits for the scene's own first picture, and is asked for no wider than a crew's", async () => {
  stills = 503;
  page(scene({ sighting: seen() }));
  await settle(1000);
  expect([asked.some((path) => path.startsWith("/still")), pictures()]).toEqual([true, []]);
  stills = 200;
  await settle(1400);
  expect(pictures()).toEqual(["/api/incidents/i/sightings/7.jpg?width=480"]);
});

test("a picture lost in a tunnel is asked for again until it is there, and then no more", async () => {
  link = "down";
  const { container } = render(<LastSeen sighting={seen()} wanted />);
  await settle(9000);
  expect(container.querySelector("img")).toBeNull();
  const before = pictures().length;
  link = "up";
  await settle(4000);
  expect(container.querySelector("img")?.src).toBe("blob:x");
  await settle(60_000);
  expect([before, pictures().length]).toEqual([3, 4]);
});
