/** What a crew is asked and may say between calls: whether it is still there, and whether its place is told. */
import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Brief, Step } from "../src/field/brief";
import { StillThereAsked } from "../src/field/OnDuty";
import { findSharing, keepSharing } from "../src/field/sharing";
import { forgetCrew } from "../src/session/kept_crew";

class Disk {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}
const HOUR = 3600_000;
const fetched: string[] = [];
const realFetch = globalThis.fetch;

beforeEach(() => {
  fetched.length = 0;
  globalThis.fetch = (async (path: string) => {
    fetched.push(String(path));
    return new Response("{}", { headers: { "content-type": "application/json" } });
  }) as typeof fetch;
});
afterEach(() => {
  globalThis.fetch = realFetch;
});

function drawn(node: ReactNode): HTMLElement {
  const box = document.createElement("div");
  flushSync(() => createRoot(box).render(node));
  return box;
}
const brief = (asked: string | null, state = "on_scene") =>
  ({ unit: { id: "E1", state, asked_at: asked } }) as unknown as Brief;
const button = (box: HTMLElement, name: string) => box.querySelector<HTMLElement>(`[data-testid=${name}]`);

test("sharing is off until it is turned on, is one crew's, ends with the shift and at sign-out", () => {
  const disk = new Disk();
  expect(findSharing("a", 0, disk)).toBeNull();
  keepSharing("a", true, 0, disk);
  expect(findSharing("a", 11 * HOUR, disk)).toBe(12 * HOUR);
  expect(findSharing("b", 0, disk)).toBeNull();
  expect(findSharing("a", 12 * HOUR, disk)).toBeNull();
  keepSharing("a", false, 0, disk);
  expect(findSharing("a", 0, disk)).toBeNull();
  keepSharing("a", true, 0, disk);
  forgetCrew(disk);
  expect(disk.kept.size).toBe(0);
});

test("a crew is asked whether it is still there only when the server asks", () => {
  const press = () => {};
  expect(drawn(<StillThereAsked brief={brief(null)} press={press} />).innerHTML).toBe("");
  expect(drawn(<StillThereAsked brief={brief("2026-11-23T12:00:00Z", "clear")} press={press} />).innerHTML).toBe("");
  expect(
    button(drawn(<StillThereAsked brief={brief("2026-11-23T12:00:00Z")} press={press} />), "field-stays"),
  ).not.toBeNull();
});

test("the one answer is told to the server, the other is the usual press", () => {
  const pressed: Step[] = [];
  const asked = brief("2026-11-23T12:00:00Z");
  const one = drawn(<StillThereAsked brief={asked} press={(step) => pressed.push(step)} />);
  flushSync(() => button(one, "field-stays")?.click());
  expect(fetched).toEqual(["/api/units/E1/still-on-scene"]);
  expect(one.innerHTML).toBe("");
  const other = drawn(<StillThereAsked brief={asked} press={(step) => pressed.push(step)} />);
  flushSync(() => button(other, "field-left")?.click());
  expect(pressed).toEqual(["clear"]);
});
