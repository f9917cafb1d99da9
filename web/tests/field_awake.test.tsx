/** How an order reaches a crew that looks elsewhere: tone, shake and a screen that stays on while it is on a call. */
import { act, cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { useAwake, useOrderBell, useVoice } from "../src/field/awake";
import type { State } from "../src/field/brief";

const tones: number[] = [];
const shakes: unknown[] = [];
const locks: { released: boolean; release: () => Promise<void> }[] = [];
let refused = false;
const quiet = { value: 0, setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };

/** Silent until it is resumed, as a browser's is before a press. */
class Context {
  state = "suspended";
  currentTime = 0;
  destination = {};
  async resume() {
    this.state = "running";
  }
  createGain() {
    return { gain: quiet, connect: () => ({}) };
  }
  createOscillator() {
    const frequency = { value: 0 };
    return { frequency, connect: (next: object) => next, start: () => tones.push(frequency.value), stop() {} };
  }
}
class Disk {
  kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}
type Unit = { order: string | null; state: State } | null;
const before = {
  storage: Object.getOwnPropertyDescriptor(window, "localStorage"),
};
const set = (name: string, value: unknown) => Object.defineProperty(navigator, name, { value, configurable: true });
const seen = (is: "visible" | "hidden") =>
  act(async () => {
    Object.defineProperty(document, "visibilityState", { value: is, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, AudioContext: Context });
  Object.defineProperty(window, "localStorage", { value: new Disk(), configurable: true });
  for (const list of [tones, shakes, locks]) list.length = 0;
  refused = false;
  set("vibrate", (pattern: unknown) => shakes.push(pattern));
  set("wakeLock", {
    request: async () => {
      if (refused) throw new DOMException("battery", "NotAllowedError");
      const lock = {
        released: false,
        release: async () => {
          lock.released = true;
        },
      };
      locks.push(lock);
      return lock;
    },
  });
});
afterEach(() => {
  cleanup();
  Reflect.deleteProperty(globalThis, "AudioContext");
  Reflect.deleteProperty(navigator, "vibrate");
  Reflect.deleteProperty(navigator, "wakeLock");
  Reflect.deleteProperty(document, "visibilityState");
  if (before.storage) Object.defineProperty(window, "localStorage", before.storage);
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
});

function Bell({ unit }: { unit: Unit }) {
  useOrderBell("acc", unit, useVoice());
  return <button type="button">in</button>;
}
const pressed = async (page: ReturnType<typeof render>) => act(async () => fireEvent.pointerDown(page.getByText("in")));

describe("a new order", () => {
  it("sounds and shakes once, after any press on the page, and again with the next order only", async () => {
    const page = render(<Bell unit={{ order: null, state: "available" }} />);
    await pressed(page);
    expect([tones.length, shakes.length]).toEqual([0, 0]);
    const first = { order: "ord-1", state: "ordered" } as const;
    page.rerender(<Bell unit={first} />);
    expect([tones.length, shakes.length]).toEqual([3, 1]);
    for (const unit of [{ ...first }, { ...first, state: "en_route" as const }, null, first])
      page.rerender(<Bell unit={unit} />);
    expect([tones.length, shakes.length]).toEqual([3, 1]);
    page.rerender(<Bell unit={{ ...first, order: "ord-2" }} />);
    expect([tones.length, shakes.length]).toEqual([6, 2]);
  });
  it("says nothing of an order that this phone knew before the page was opened again, nor of one that is done", async () => {
    const kept = { account: "acc", order: "ord-1", state: "ordered", at: Date.now(), ahead: 0, reached: {} };
    window.localStorage.setItem("goldentime.field.order", JSON.stringify(kept));
    const page = render(<Bell unit={null} />);
    await pressed(page);
    page.rerender(<Bell unit={{ order: "ord-1", state: "ordered" }} />);
    page.rerender(<Bell unit={{ order: "ord-2", state: "on_scene" }} />);
    expect([tones.length, shakes.length]).toEqual([0, 0]);
  });
  it("is silent, and no error, where nobody has pressed yet or the device can do neither", async () => {
    Reflect.deleteProperty(navigator, "vibrate");
    const page = render(<Bell unit={null} />);
    page.rerender(<Bell unit={{ order: "ord-1", state: "ordered" }} />);
    expect(tones).toEqual([]);
    Reflect.deleteProperty(globalThis, "AudioContext");
    await pressed(page);
    page.rerender(<Bell unit={{ order: "ord-2", state: "ordered" }} />);
    expect(tones).toEqual([]);
  });
});

function Screen({ on }: { on: boolean }) {
  useAwake(on);
  return null;
}
const held = () => locks.filter((lock) => !lock.released).length;

describe("the screen", () => {
  it("stays on during a call only, and again when the page is seen again", async () => {
    const page = render(<Screen on={false} />);
    await seen("visible");
    expect(locks.length).toBe(0);
    await act(async () => page.rerender(<Screen on />));
    expect(held()).toBe(1);
    await seen("visible");
    expect(locks.length).toBe(1);
    if (locks[0]) locks[0].released = true; // as the browser does
    await seen("hidden");
    expect(held()).toBe(0);
    await seen("visible");
    expect([locks.length, held()]).toEqual([2, 1]);
    await act(async () => page.rerender(<Screen on={false} />));
    await seen("visible");
    expect([locks.length, held()]).toEqual([2, 0]);
  });
  it("is left to a phone that refuses or cannot, and asked again when it is seen again", async () => {
    refused = true;
    await act(async () => void render(<Screen on />));
    expect(held()).toBe(0);
    refused = false;
    await seen("visible");
    expect(held()).toBe(1);
    cleanup();
    Reflect.deleteProperty(navigator, "wakeLock");
    await act(async () => void render(<Screen on />));
    await seen("visible");
    expect(locks.length).toBe(1);
  });
});
