/** The crew's page on a call: its buttons are the order's, whatever became of the right to look. */
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asOf, pressedOn, unheard } from "../src/field/asOf";
import type { Brief, State } from "../src/field/brief";
import { FieldPage } from "../src/field/FieldPage";
import { findOrder, keepOrder } from "../src/field/keptOrder";
import { clockTime } from "../src/words/time";
import { Disk } from "./disk";

const at = "2026-11-22T10:45:00Z";
const words = { ko: "열람 시간이 끝났습니다.", en: "The time to view has run out." };
/** A crew on its order whose time to look has run out; more as `unit` says. */
const told = (unit: Partial<Brief["unit"]> = {}, more: Partial<Brief> = {}): Brief => {
  const blank = unheard("펌프1호", [], null);
  const on = { order: "ord-1", incident_id: "inc-1", state: "on_scene" as State, state_at: "2026-11-22T10:00:00Z" };
  const steps = (["clear", "take_back"] as const).map((step) => ({ step, words }));
  return { ...blank, at, steps, ended: words, may_call: true, unit: { ...blank.unit, ...on, ...unit }, ...more };
};
const account = { id: "acc", name: "김소방", role: "crew", agency: null, language: "ko", must_change_password: false };
const city = { name: words, center: [127.1, 37.1], bounds: [127, 37, 127.2, 37.2], drill: false };
const session = { account, city, media_port: 0, duty: null, version: "1", expires_at: at, tag: "" };

const real = { fetch: globalThis.fetch, storage: Object.getOwnPropertyDescriptor(window, "localStorage") };
const link = { up: true };
const sent: { path: string; body: Record<string, unknown> }[] = [];
let brief: Brief;
let refuses = false;
let proxied = false; // something on the way refuses what is pressed
const error = { code: "conflict", text: { ko: "취소된 지령입니다.", en: "That was called back." }, field: null };
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));
const button = (name: string) => screen.getByTestId<HTMLButtonElement>(name);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at) });
  Object.defineProperty(window, "localStorage", { value: new Disk(), configurable: true });
  window.history.replaceState(null, "", "/field");
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  link.up = true;
  sent.length = 0;
  brief = told();
  refuses = proxied = false;
  globalThis.fetch = (async (path: string, init: RequestInit = {}) => {
    if (!link.up) throw new TypeError("no link");
    if (proxied && /steps|support/.test(path)) return new Response("Blocked", { status: 403 });
    if (refuses && /steps|support/.test(path)) return new Response(JSON.stringify({ error }), { status: 409 });
    if (path === "/api/session") return new Response(JSON.stringify(session));
    if (path === "/api/field/steps" || path === "/api/field/support")
      sent.push({ path, body: JSON.parse(String(init.body)) });
    if (path === "/api/field/support") return new Response(JSON.stringify({ taken: true, repeated: false }));
    if (path !== "/api/field/opening") return new Response(JSON.stringify(brief));
    const { wait_s } = JSON.parse(String(init.body));
    if (wait_s > 0) await new Promise((held) => setTimeout(held, wait_s * 1000)); // as the server does
    if (!link.up) throw new TypeError("no link");
    return new Response(JSON.stringify({ brief, picture: null }));
  }) as typeof fetch;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  globalThis.fetch = real.fetch;
  if (real.storage) Object.defineProperty(window, "localStorage", real.storage);
  window.history.replaceState(null, "", "/");
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
});
const opened = async () => {
  render(<FieldPage />);
  await settle(100);
};

describe("a crew whose time to look is over", () => {
  it("still calls for support and says that it is done", async () => {
    await opened();
    expect(screen.getByTestId("field-ended").textContent).toContain(words.ko);
    expect([button("field-support").disabled, button("field-clear").disabled]).toEqual([false, false]);
    fireEvent.click(button("field-support"));
    fireEvent.click(button("field-support"));
    await settle();
    expect(sent.map(({ path, body }) => [path, body.order])).toEqual([["/api/field/support", "ord-1"]]);
  });
  it("does so without a link too, and on a page opened again without one", async () => {
    await opened();
    link.up = false;
    await settle(30_000);
    expect(screen.getByTestId("field-link").dataset.lost).toBe("true");
    expect([button("field-support").disabled, button("field-clear").disabled]).toEqual([false, false]);
    cleanup();
    await opened();
    expect([button("field-support").disabled, button("field-clear").disabled]).toEqual([false, false]);
    fireEvent.click(button("field-support"));
    fireEvent.click(button("field-support"));
    fireEvent.click(button("field-clear"));
    await settle();
    expect(screen.getByTestId("field-unsent").textContent).toContain("2");
    link.up = true;
    await settle(30_000);
    expect(sent.map(({ path, body }) => [path, body.order, body.step])).toEqual([
      ["/api/field/support", "ord-1", undefined],
      ["/api/field/steps", "ord-1", "clear"],
    ]);
  });
  it("may press on while a step of it waits, though the server is heard", async () => {
    brief = told(
      { state: "en_route" },
      {
        steps: [
          { step: "arrive", words },
          { step: "take_back", words },
        ],
      },
    );
    await opened();
    proxied = true;
    fireEvent.click(button("field-arrive"));
    await settle(10_000);
    expect(screen.getByTestId("field-link").dataset.lost).not.toBe("true");
    expect([button("field-arrive").disabled, button("field-clear").disabled]).toEqual([true, false]);
    fireEvent.click(button("field-clear"));
    proxied = false;
    await settle(40_000);
    expect(sent.map(({ body }) => [body.step, body.from])).toEqual([
      ["arrive", "en_route"],
      ["clear", "on_scene"],
    ]);
  });
  it("finds no button to call with where the server would pass nothing on", async () => {
    brief = told({}, { may_call: false });
    await opened();
    expect([button("field-support").disabled, button("field-clear").disabled]).toEqual([true, false]);
  });
  it("is offered the steps of its order when the look ran out without a link, and none without an order", () => {
    const looking = told({}, { scene: { expires_at: at } as Brief["scene"], ended: null });
    const over = asOf(looking, Date.parse(at), Date.parse(at)) as Brief;
    expect(over.scene).toBeNull();
    expect(pressedOn(over, []).steps.map((one) => one.step)).toEqual(["clear", "take_back"]);
    expect(pressedOn(told({ order: null, state: "available" }), []).steps).toEqual([]);
  });
});

describe("a phone that lies idle", () => {
  it("shakes when an order comes and keeps its screen on until the crew is done", async () => {
    const shakes: unknown[] = [];
    const lock = { released: false, release: async () => void Object.assign(lock, { released: true }) };
    const device = { vibrate: (pattern: unknown) => shakes.push(pattern), wakeLock: { request: async () => lock } };
    for (const [name, value] of Object.entries(device))
      Object.defineProperty(navigator, name, { value, configurable: true });
    brief = told({ order: null, state: "available", incident_id: null }, { ended: null });
    await opened();
    expect(shakes.length).toBe(0);
    brief = told({ order: "ord-2", state: "ordered" });
    await settle(5000);
    expect([shakes.length, lock.released]).toEqual([1, false]);
    brief = told({ order: "ord-2", state: "clear" });
    await settle(5000);
    expect([shakes.length, lock.released]).toEqual([1, true]);
    for (const name of Object.keys(device)) Reflect.deleteProperty(navigator, name);
  });
});

describe("the words of a refusal", () => {
  const banner = () => screen.queryByRole("alert")?.textContent ?? null;
  it("stand while the order does and are gone with the next one", async () => {
    await opened();
    refuses = true;
    fireEvent.click(button("field-clear"));
    await settle(10_000);
    expect(banner()).toBe(error.text.ko);
    brief = told({ order: null, state: "available", incident_id: null }, { at: "2026-11-22T10:50:00Z" });
    await settle(10_000);
    expect(banner()).toBe(error.text.ko);
    brief = told({ order: "ord-2", state: "ordered" }, { at: "2026-11-22T10:51:00Z" });
    await settle(10_000);
    expect(banner()).toBeNull();
  });
  it("are read once, though the next order is heard of with them, and gone with the next press", async () => {
    await opened();
    link.up = false;
    await settle(10_000);
    fireEvent.click(button("field-clear"));
    brief = told({ order: "ord-2", state: "ordered" }, { at: "2026-11-22T10:51:00Z" });
    brief.steps = [{ step: "depart", words }];
    [refuses, link.up] = [true, true];
    await settle(20_000);
    expect(banner()).toBe(error.text.ko);
    refuses = false;
    fireEvent.click(button("field-depart"));
    await settle();
    expect(banner()).toBeNull();
  });
});

describe("the order kept on the phone", () => {
  it("shows when each button was done, also on a page opened again without a link, and of this order only", async () => {
    brief = told({ state: "en_route", state_at: "2026-11-22T10:31:00Z" }, { steps: [], ended: null });
    await opened();
    brief = told({ state_at: "2026-11-22T10:38:00Z" }, { at: "2026-11-22T10:46:00Z" });
    await settle(5000);
    const times = () =>
      ["depart", "arrive", "clear"].map((one) => button(`field-${one}`).querySelector("small")?.textContent);
    const shown = [clockTime("2026-11-22T10:31:00Z"), clockTime("2026-11-22T10:38:00Z")];
    expect(times().slice(0, 2)).toEqual(shown);
    link.up = false;
    cleanup();
    await opened();
    expect(times().slice(0, 2)).toEqual(shown);
    link.up = true;
    brief = told({ order: "ord-2", state_at: "2026-11-22T10:50:00Z" }, { at: "2026-11-22T10:51:00Z" });
    await settle(10_000);
    expect(times().slice(0, 2)).toEqual(["\u00a0", clockTime("2026-11-22T10:50:00Z")]);
  });
  it("is forgotten when the unit is on it no longer, not when its look ends", () => {
    keepOrder("acc", told());
    expect(findOrder("acc", Date.now())?.order).toBe("ord-1");
    keepOrder("acc", told({ order: null, state: "available" }));
    expect(findOrder("acc", Date.now())).toBeNull();
  });
  it("offers no call for support once the unit has left", () => {
    keepOrder("acc", told({ state: "clear" }));
    expect(unheard("펌프1호", [], findOrder("acc", Date.now())).may_call).toBe(false);
  });
});
