/** What a proxy on the way refuses: it stands aside for the rest, the brief is heard meanwhile, and in the end it is told. */
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { unheard } from "../src/field/asOf";
import type { Brief } from "../src/field/brief";
import { useBrief } from "../src/field/useBrief";
import { Disk } from "./disk";

const at = "2026-11-22T10:00:00Z";
const AHEAD_MS = 3 * 3600_000; // how far the server's clock is from this device's
const HOUR_MS = 3600_000;
const real = { fetch: globalThis.fetch, storage: Object.getOwnPropertyDescriptor(window, "localStorage") };
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));
type Asked = { path: string; step: string };
type Foreign = () => Promise<Response> | Response;
const blocked: Foreign = () => new Response("<!doctype html><p>Blocked", { status: 403 });
const portal: Foreign = () => new Response("<!doctype html><p>Welcome to our Wi-Fi");
const cut: Foreign = () => Promise.reject(new TypeError("connection reset"));

const asked: Asked[] = [];
const taken: string[] = [];
const link: { up: boolean; refuses: (one: Asked) => Foreign | null } = { up: true, refuses: () => null };
const brief = (): Brief => {
  const blank = unheard("순찰1호", [], null);
  const now = new Date(Date.now() + AHEAD_MS).toISOString();
  const unit = { ...blank.unit, order: "ord-1", state: "ordered" as const };
  return { ...blank, at: now, unit, may_call: true, scene: { expires_at: "2027-01-01T00:00:00Z" } } as unknown as Brief;
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at) });
  Object.defineProperty(window, "localStorage", { value: new Disk(), configurable: true });
  asked.length = 0;
  taken.length = 0;
  link.up = true;
  link.refuses = () => null;
  globalThis.fetch = (async (path: string, init: RequestInit = {}) => {
    const one = { path, step: init.body ? (JSON.parse(String(init.body)).step ?? "support") : "" };
    asked.push(one);
    if (!link.up) throw new TypeError("no link");
    const foreign = link.refuses(one);
    if (foreign) return foreign();
    if (path === "/api/field/steps" || path === "/api/field/support") taken.push(one.step);
    if (path === "/api/field/support") return new Response('{"taken":true,"repeated":false}');
    return new Response(JSON.stringify(path === "/api/field/opening" ? { brief: brief() } : brief()));
  }) as typeof fetch;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  globalThis.fetch = real.fetch;
  if (real.storage) Object.defineProperty(window, "localStorage", real.storage);
});
const opened = async () => {
  const page = renderHook(() => useBrief("acc"));
  await settle();
  return page;
};
const kinds = (page: { result: { current: { unsent: { kind: string }[] } } }) =>
  page.result.current.unsent.map((one) => one.kind);

describe("a call for support that a proxy refuses", () => {
  for (const [name, foreign] of Object.entries({ blocked, portal, cut }))
    it(`stands aside for the steps and is tried again: ${name}`, async () => {
      const page = await opened();
      link.refuses = ({ path }) => (path === "/api/field/support" ? foreign : null);
      act(() => page.result.current.support("두 명 더"));
      act(() => page.result.current.press("arrive"));
      act(() => page.result.current.press("clear"));
      await settle(10_000);
      expect([taken, kinds(page)]).toEqual([["arrive", "clear"], ["support"]]);
      link.refuses = () => null;
      await settle(40_000);
      expect([taken, kinds(page)]).toEqual([["arrive", "clear", "support"], []]);
      page.unmount();
    });
  it("keeps its turn where nothing at all comes through, in a tunnel or behind a portal", async () => {
    const page = await opened();
    for (const shut of [() => (link.up = false), () => (link.refuses = () => portal)]) {
      taken.length = 0;
      shut();
      act(() => page.result.current.support(""));
      act(() => page.result.current.press("arrive"));
      await settle(60_000);
      expect(page.result.current.lost).toBe(true);
      link.up = true;
      link.refuses = () => null;
      await settle(4000);
      expect(taken).toEqual(["support", "arrive"]);
    }
    page.unmount();
  });
  it("is not tried at every turn, so that a poor link is not full of it", async () => {
    const page = await opened();
    link.refuses = ({ path }) => (path === "/api/field/support" ? blocked : null);
    act(() => page.result.current.support(""));
    await settle(10_000);
    asked.length = 0;
    await settle(5 * 60_000);
    const tries = asked.filter(({ path }) => path === "/api/field/support").length;
    expect(tries).toBeGreaterThanOrEqual(8);
    expect(tries).toBeLessThanOrEqual(11);
    page.unmount();
  });
  it("is given up in words after an hour by the server's clock, and not before", async () => {
    const page = await opened();
    link.refuses = ({ path }) => (path === "/api/field/support" ? blocked : null);
    act(() => page.result.current.support(""));
    await settle(HOUR_MS - 60_000);
    expect([kinds(page), page.result.current.refused]).toEqual([["support"], null]);
    await settle(2 * 60_000);
    expect(kinds(page)).toEqual([]);
    expect(page.result.current.refused?.ko).toContain("지원");
    expect(page.result.current.refused?.en).toContain("radio");
    page.unmount();
  });
});

describe("a step that a proxy refuses", () => {
  it("is overtaken by no later step, but by a call for support", async () => {
    const page = await opened();
    link.refuses = ({ step }) => (step === "depart" ? blocked : null);
    act(() => page.result.current.press("depart"));
    act(() => page.result.current.press("arrive"));
    act(() => page.result.current.support(""));
    await settle(60_000);
    expect(taken).toEqual(["support"]);
    link.refuses = () => null;
    await settle(40_000);
    expect(taken).toEqual(["support", "depart", "arrive"]);
    page.unmount();
  });
  it("is given up after an hour with its name and when it was pressed, and the later ones go", async () => {
    const page = await opened();
    link.refuses = ({ step }) => (step === "depart" ? portal : null);
    act(() => page.result.current.press("depart"));
    act(() => page.result.current.press("arrive"));
    await settle(HOUR_MS + 60_000);
    expect([taken, kinds(page)]).toEqual([["arrive"], []]);
    expect(page.result.current.refused?.ko).toMatch(/\d\d:\d\d.*출발/);
    expect(page.result.current.refused?.en).toMatch(/Depart.*\d\d:\d\d/);
    page.unmount();
  });
  it("is not given up where there was no link for longer than an hour", async () => {
    const page = await opened();
    link.up = false;
    act(() => page.result.current.press("arrive"));
    await settle(2 * HOUR_MS);
    link.up = true;
    await settle(4000);
    expect([taken, page.result.current.refused]).toEqual([["arrive"], null]);
    page.unmount();
  });
});

describe("the brief", () => {
  for (const [name, foreign] of Object.entries({ blocked, portal, cut }))
    it(`is heard at every turn while a press is not taken: ${name}`, async () => {
      const page = await opened();
      link.refuses = ({ path }) => (path === "/api/field/steps" ? foreign : null);
      act(() => page.result.current.press("arrive"));
      for (let turn = 0; turn < 5; turn++) {
        await settle(2000);
        const age = Date.now() - (page.result.current.heardAt ?? 0);
        expect([page.result.current.lost, age <= 2000, kinds(page)]).toEqual([false, true, ["step"]]);
      }
      page.unmount();
    });
});
