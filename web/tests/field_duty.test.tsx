/** What a crew is asked and may say between calls: whether it is still there, and whether its place is told. */
import { act, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { placeAge } from "../src/field/asOf";
import type { Brief, Step } from "../src/field/brief";
import { StillThereAsked } from "../src/field/OnDuty";
import { Buttons } from "../src/field/parts";
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

test("a place that came from the server grows older while the link is gone", () => {
  const told = (age_s: number | null) => ({ here: { lon: 127, lat: 37, heading: null, age_s } }) as unknown as Brief;
  expect(placeAge(told(1), 10_000, 10_000)).toBe(1);
  expect(placeAge(told(1), 10_000, 70_000)).toBe(61);
  expect(placeAge(told(1), 10_000, 9_000)).toBe(1); // a device's clock set back makes nothing younger
  expect(placeAge(told(null), 10_000, 70_000)).toBeNull();
});

test("a press on support that is not repeated is forgotten after five seconds, on leaving it and when the link goes", () => {
  vi.useFakeTimers();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const asked: string[] = [];
  const of = { unit: { id: "E1", state: "en_route", order: "o", incident_id: "i", state_at: null }, steps: [] };
  const box = document.createElement("div");
  document.body.append(box);
  const root = createRoot(box);
  const draw = (lost: boolean) =>
    act(() =>
      root.render(
        <Buttons
          brief={of as unknown as Brief}
          unsent={[]}
          reached={{}}
          callable
          lost={lost}
          press={() => {}}
          support={(words) => asked.push(words)}
        />,
      ),
    );
  draw(false);
  const support = () => button(box, "field-support") as HTMLElement;
  const rest = support().textContent;
  const arm = () => act(() => support().click());
  arm();
  expect(support().textContent).not.toBe(rest);
  act(() => vi.advanceTimersByTime(5000));
  expect(support().textContent).toBe(rest);
  arm();
  act(() => support().dispatchEvent(new FocusEvent("focusout", { bubbles: true })));
  expect(support().textContent).toBe(rest);
  arm();
  draw(true);
  expect(support().textContent).toBe(rest);
  expect(asked).toEqual([]);
  arm();
  arm();
  expect(asked).toEqual([""]);
  root.unmount();
  box.remove();
  vi.useRealTimers();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
});
