/** The field page where the link comes and goes: asked again whatever came, opened from the device, over when its time is. */
import { readFileSync } from "node:fs";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asOf, unheard } from "../src/field/asOf";
import type { Brief } from "../src/field/brief";
import { findOrder, keepOrder } from "../src/field/keptOrder";
import { useBrief } from "../src/field/useBrief";
import { findCrew, forgetCrew, keepCrew } from "../src/session/kept_crew";
import { useSession } from "../src/session/Login";
import { useEntered } from "../src/session/useEntered";
import { Disk } from "./disk";

const at = "2026-11-22T10:00:00Z";
const crew = { id: "acc", name: "김순경", call_sign: "순찰1호", bounds: [127, 37, 127.2, 37.2] as Bounds };
type Bounds = [number, number, number, number];
const told = (scene: object | null = { expires_at: "2026-11-22T10:30:00Z" }) =>
  ({ ...unheard("순찰1호", [], null), at, scene }) as unknown as Brief;
const real = { fetch: globalThis.fetch, storage: Object.getOwnPropertyDescriptor(window, "localStorage") };
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  vi.useFakeTimers();
  Object.defineProperty(window, "localStorage", { value: new Disk(), configurable: true });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  globalThis.fetch = real.fetch;
  if (real.storage) Object.defineProperty(window, "localStorage", real.storage);
  window.history.replaceState(null, "", "/");
});

describe("the brief is asked for again and again", () => {
  it("after a portal's page, a wrong answer and no link alike, each being lost until a brief comes", async () => {
    const comes = [
      () => new Response(JSON.stringify({ brief: told(), picture: null })),
      () => new Response("<!doctype html><p>Welcome to our Wi-Fi"),
      () => new Response("null"),
      () => new Response("[]"),
      () => Promise.reject(new TypeError("no link")),
      () => new Response(JSON.stringify(told())),
    ];
    let asked = 0;
    globalThis.fetch = (async () => comes[asked++]?.() ?? new Response("", { status: 503 })) as typeof fetch;
    const { result, unmount } = renderHook(() => useBrief("acc"));
    const lost: boolean[] = [];
    for (let i = 0; i < comes.length; i++) {
      await settle(i === 0 ? 0 : 2000);
      lost.push(result.current.lost);
    }
    expect(asked).toBe(comes.length);
    expect(lost).toEqual([false, true, true, true, true, false]);
    expect(result.current.brief?.at).toBe(at);
    unmount();
    await settle(20_000);
    expect(asked).toBe(comes.length);
  });
  it("by one loop only, though the link is said to be back while it is asked", async () => {
    const waiting: ((answer: Response) => void)[] = [];
    globalThis.fetch = (() => new Promise<Response>((resolve) => waiting.push(resolve))) as typeof fetch;
    const { unmount } = renderHook(() => useBrief("acc"));
    for (let i = 0; i < 3; i++) window.dispatchEvent(new Event("online"));
    expect(waiting.length).toBe(1);
    waiting[0]?.(new Response(JSON.stringify({ brief: told(), picture: null })));
    await settle(2000);
    expect(waiting.length).toBe(2);
    waiting[1]?.(new Response(JSON.stringify(told())));
    await settle();
    window.dispatchEvent(new Event("online"));
    expect(waiting.length).toBe(3); // at once, out of the tunnel
    await settle(10_000);
    expect(waiting.length).toBe(3);
    unmount();
  });
});

describe("a press on a phone whose clock is wrong", () => {
  it("is told with the server's time, also by a page opened again without a link", async () => {
    const wrong = Date.parse(at) + 7 * 60_000;
    vi.setSystemTime(wrong);
    const brief = told();
    const onOrder = { ...brief, unit: { ...brief.unit, order: "ord-1", state: "ordered" as const } };
    globalThis.fetch = (async (path: string) =>
      path === "/api/field/steps"
        ? Promise.reject(new TypeError("no link"))
        : new Response(JSON.stringify(path === "/api/field/opening" ? { brief: onOrder } : onOrder))) as typeof fetch;
    const { result, unmount } = renderHook(() => useBrief("acc"));
    await settle();
    vi.setSystemTime(wrong + 5000);
    act(() => result.current.press("depart"));
    const pressed = () => result.current.unsent.map((one) => Date.parse(one.at) - Date.parse(at));
    expect(pressed()[0]).toBeGreaterThanOrEqual(5000);
    expect(pressed()[0]).toBeLessThan(6000);
    expect(findOrder("acc", Date.now())?.ahead).toBe(-7 * 60_000);
    unmount();
  });
});

describe("when the time to look is over", () => {
  const heardAt = Date.parse("2026-11-22T13:00:00Z"); // a device three hours ahead
  it("nothing of the scene is left, by the server's clock and though nothing newer was heard", () => {
    const brief = told();
    expect(asOf(brief, heardAt, heardAt + 29 * 60_000)).toBe(brief);
    const over = asOf(brief, heardAt, heardAt + 30 * 60_000);
    expect([over?.scene, over?.ended?.en]).toEqual([null, expect.stringContaining("time to look is over")]);
    expect(over?.unit.call_sign).toBe("순찰1호");
  });
  it("says nothing of a crew on no call", () => {
    expect(asOf(told(null), heardAt, heardAt + 86_400_000)?.ended).toBeNull();
    expect(asOf(null, null, heardAt)).toBeNull();
  });
});

describe("a page opened without a link", () => {
  const opening = async (answer: () => Promise<Response> | Response) => {
    globalThis.fetch = (async () => answer()) as typeof fetch;
    const { result } = renderHook(() => useSession());
    await settle();
    return result.current[0];
  };
  const noLink = () => Promise.reject(new TypeError("no link"));
  const portal = () => new Response("<!doctype html>");
  const at401 = () => new Response(JSON.stringify({ error: { code: "x", text: { ko: "", en: "" } } }), { status: 401 });

  it("is the crew's that was signed in here, also behind a portal, on /field only", async () => {
    keepCrew(crew);
    expect((await opening(noLink)).session).toBeNull();
    window.history.replaceState(null, "", "/field");
    const proxy = (status: number) => () => new Response("<!doctype html><p>Blocked", { status });
    for (const answer of [noLink, portal, proxy(401), proxy(403), proxy(502)]) {
      const { session } = await opening(answer);
      expect([session?.account.id, session?.account.role, session?.city.bounds]).toEqual(["acc", "crew", crew.bounds]);
    }
  });
  it("asks to sign in where no crew was, or the server says it is signed out", async () => {
    window.history.replaceState(null, "", "/field");
    expect(await opening(noLink)).toEqual({ session: null, asked: true });
    keepCrew(crew);
    expect((await opening(at401)).session).toBeNull();
    expect(findCrew()).toBeNull();
  });
  it("stays the crew's when a proxy, not the server, asks to sign in", async () => {
    keepCrew(crew);
    window.history.replaceState(null, "", "/field");
    globalThis.fetch = (async () => new Response("<!doctype html>", { status: 401 })) as typeof fetch;
    const { result, unmount } = renderHook(() => [useEntered(), useBrief("acc")] as const);
    await settle(5000);
    expect([result.current[0].session?.account.id, result.current[1].lost]).toEqual(["acc", true]);
    globalThis.fetch = (async () => at401()) as typeof fetch;
    await settle(5000);
    expect(result.current[0].session).toBeNull();
    unmount();
  });
  it("keeps four things and no more, and none after leaving", async () => {
    keepCrew({ ...crew, secret: "not kept" } as typeof crew);
    const kept = (window.localStorage as unknown as Disk).kept.get("goldentime.field.session") ?? "";
    expect(Object.keys(JSON.parse(kept))).toEqual(["id", "name", "call_sign", "bounds"]);
    window.history.replaceState(null, "", "/field");
    globalThis.fetch = (() => noLink()) as typeof fetch;
    const { result } = renderHook(() => useEntered());
    await settle();
    expect(result.current.session?.account.id).toBe("acc");
    act(() => result.current.leave());
    await settle();
    expect([result.current.session, findCrew()]).toEqual([null, null]);
  });
  it("takes what another version wrote for nothing", () => {
    for (const text of ["{", "null", '{"id":"acc"}', "7"]) {
      window.localStorage.setItem("goldentime.field.session", text);
      expect(findCrew()).toBeNull();
    }
    forgetCrew();
  });
  it("shows what was pressed and still waits", () => {
    const one = { id: "1", kind: "step", step: "depart", at, order: "ord-1", from: "ordered" } as const;
    expect(unheard("순찰1호", [one], null).unit.order).toBe("ord-1");
  });
  it("takes new presses on the order it last heard of, stamped with when they were pressed, and sends them later", async () => {
    vi.setSystemTime(new Date(at));
    const unit = { ...told().unit, order: "ord-1", state: "ordered" as const };
    keepOrder("acc", { ...told(), unit });
    const sent: Record<string, unknown>[] = [];
    const link = { up: false };
    globalThis.fetch = (async (path: string, init: RequestInit) => {
      if (!link.up) throw new TypeError("no link");
      if (path !== "/api/field/opening") sent.push({ path, ...JSON.parse(String(init.body)) });
      if (path === "/api/field/support") return new Response('{"taken":true,"repeated":false}');
      return new Response(JSON.stringify(path === "/api/field/opening" ? { brief: told(), picture: null } : told()));
    }) as typeof fetch;
    const { result, unmount } = renderHook(() => useBrief("acc"));
    await settle();
    const steps = () => unheard("순찰1호", result.current.unsent, result.current.order).steps.map(({ step }) => step);
    expect([result.current.lost, steps()]).toEqual([true, ["depart", "arrive"]]);
    act(() => result.current.press("depart"));
    await settle(60_000);
    expect(steps()).toEqual(["arrive", "take_back"]);
    act(() => result.current.press("arrive"));
    act(() => result.current.support("두 명 더"));
    link.up = true;
    await settle(4000);
    expect(sent.map(({ path, order, from }) => [path, order, from])).toEqual([
      ["/api/field/steps", "ord-1", "ordered"],
      ["/api/field/steps", "ord-1", "en_route"],
      ["/api/field/support", "ord-1", undefined],
    ]);
    expect(sent.map((one) => String(one.at).slice(0, 16))).toEqual([
      "2026-11-22T10:00",
      "2026-11-22T10:01",
      "2026-11-22T10:01",
    ]);
    expect(result.current.unsent).toEqual([]);
    unmount();
  });
  it("keeps of the order its number, state and times, for its own account and not for long", () => {
    vi.setSystemTime(new Date(at));
    keepOrder("acc", { ...told(), unit: { ...told().unit, order: "ord-1", state: "ordered" } });
    const kept = (window.localStorage as unknown as Disk).kept.get("goldentime.field.order") ?? "";
    expect(Object.keys(JSON.parse(kept))).toEqual(["account", "order", "state", "at", "ahead", "reached"]);
    expect(findOrder("acc", Date.now())?.order).toBe("ord-1");
    expect(findOrder("other", Date.now())).toBeNull();
    expect(findOrder("acc", Date.now() + 7 * 3600_000)).toBeNull();
    forgetCrew();
    expect(findOrder("acc", Date.now())).toBeNull();
  });
});

describe("the field worker", () => {
  const page =
    '<script type="module" src="/assets/index-1.js"></script><link rel="stylesheet" href="/assets/index-1.css">';
  const start = () => {
    const store = new Map<string, Response>();
    const link = { up: true };
    const path = (asked: string | { url: string }) =>
      new URL(typeof asked === "string" ? asked : asked.url, "https://g.example").pathname;
    const fetch = async (asked: string | { url: string }) => {
      if (!link.up) throw new TypeError("no link");
      return new Response(path(asked) === "/field" ? page : path(asked));
    };
    const shell = {
      match: async (asked: string | { url: string }) => store.get(path(asked))?.clone(),
      put: async (asked: string | { url: string }, answer: Response) => void store.set(path(asked), answer),
      add: async (asked: string) => void store.set(asked, await fetch(asked)),
    };
    const heard = new Map<string, (event: object) => void>();
    const self = {
      addEventListener: (kind: string, act: (event: object) => void) => heard.set(kind, act),
      skipWaiting: () => {},
      clients: { claim: () => {} },
      location: { origin: "https://g.example" },
    };
    const caches = { open: async () => shell, keys: async () => [], delete: async () => true };
    new Function("self", "caches", "fetch", readFileSync("public/field-worker.js", "utf8"))(self, caches, fetch);
    const say = async (kind: string, more: object = {}) => {
      let done: Promise<unknown> = Promise.resolve();
      const until = (answer: Promise<unknown>) => {
        done = answer;
      };
      const event = { waitUntil: until, respondWith: until };
      heard.get(kind)?.({ ...event, ...more });
      return done;
    };
    const ask = (name: string) => say("fetch", { request: { method: "GET", url: `https://g.example${name}` } });
    return { store, link, say, ask };
  };
  const kept = (store: Map<string, Response>) => [...store.keys()].sort();

  it("keeps the page with the parts it names, and those the page says it runs on", async () => {
    const { store, link, say, ask } = start();
    await say("install");
    expect(kept(store)).toEqual(["/assets/index-1.css", "/assets/index-1.js", "/field", "/icon.svg"]);
    await say("message", {
      data: { keep: ["/assets/FieldPage-1.js", "/api/field", "https://else.example/assets/x.js"] },
    });
    expect(kept(store)).toContain("/assets/FieldPage-1.js");
    expect(kept(store).length).toBe(5);
    link.up = false;
    expect(await ((await ask("/field")) as Response).text()).toBe(page);
    expect(await ((await ask("/assets/FieldPage-1.js")) as Response).text()).toBe("/assets/FieldPage-1.js");
  });
  it("leaves what the server says of people and incidents alone, and a lost link takes nothing away", async () => {
    const { store, link, say, ask } = start();
    await say("install");
    expect(await ask("/api/field")).toBeUndefined();
    link.up = false;
    await say("message", { data: { keep: ["/assets/new-2.js"] } });
    expect(kept(store)).toEqual(["/assets/index-1.css", "/assets/index-1.js", "/field", "/icon.svg"]);
  });
});
