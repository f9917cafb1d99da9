// @vitest-environment jsdom
/** A picture counts as seen when it has loaded on the page, not when it was fetched; once for each view. */
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useStills } from "../src/field/useStills";
import { Seen } from "../src/tiles/seen";

let asked: string[] = [];
let status = 204;
let stills = 200;
let views = 201;
const view = { view_id: "vue-1", still: "/s", watermark: "", has_low: false };
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  asked = [];
  status = 204;
  stills = 200;
  views = 201;
  vi.useFakeTimers();
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    asked.push(`${init.method ?? "GET"} ${path}`);
    const refused = JSON.stringify({ error: { code: "view_ended", text: { ko: "끝", en: "over" } } });
    if (path === "/api/views") return new Response(views === 201 ? JSON.stringify(view) : refused, { status: views });
    if (!path.endsWith("/seen")) return new Response(stills === 200 ? "picture" : refused, { status: stills });
    if (status === 0) throw new TypeError("no link");
    return new Response(null, { status });
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const told = () => asked.filter((one) => one === "POST /api/views/vue-1/seen").length;

test("a still is seen once it has loaded in its element, and told once for its view", async () => {
  const ask = { cameraId: "c", incidentId: "i", first: null, rung: "still" as const, wanted: true, tell: () => {} };
  const { result } = renderHook(() => useStills(ask));
  await settle();
  expect(result.current.url).toBe("blob:x");
  expect(told()).toBe(0);
  act(() => result.current.loaded());
  act(() => result.current.loaded());
  await settle();
  expect(told()).toBe(1);
});

test("a view that ended with the platform is opened anew; only when none may be is the look over, in words", async () => {
  const ask = { cameraId: "c", incidentId: "i", first: null, rung: "still" as const, wanted: true, tell: () => {} };
  const { result } = renderHook(() => useStills(ask));
  const opened = () => asked.filter((one) => one === "POST /api/views").length;
  await settle();
  stills = 403;
  await settle(6000);
  expect(result.current.ended).toBeNull();
  stills = 200;
  await settle(6000);
  expect(opened()).toBeGreaterThan(1);
  expect(result.current.ended).toBeNull();
  stills = 403;
  views = 403;
  await settle(12_000);
  expect(result.current.ended).toEqual({ ko: "끝", en: "over" });
  const before = opened();
  await settle(12_000);
  expect(opened()).toBe(before);
});

test("what nobody heard for want of a link is told again with the next picture", async () => {
  const seen = new Seen();
  status = 0;
  seen.tell("vue-1");
  await settle();
  status = 204;
  seen.tell("vue-1");
  await settle();
  seen.tell("vue-1");
  expect(told()).toBe(2);
});

test("a page in the background shows nothing", () => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  new Seen().tell("vue-1");
  vi.restoreAllMocks();
  expect(told()).toBe(0);
});
