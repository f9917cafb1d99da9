import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveListener } from "../src/wire/live";
import { listenTogether } from "../src/wire/shared";

const streams: LiveListener[] = [];
let stopped = 0;
const open = (listener: LiveListener) => {
  streams.push(listener);
  return () => {
    stopped += 1;
  };
};

/** The browser's locks: the holder of a name keeps it until its promise is done. */
class FakeLocks {
  private last = new Map<string, Promise<unknown>>();
  request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const turn = (this.last.get(name) ?? Promise.resolve()).then(() => (options.signal.aborted ? undefined : hold()));
    this.last.set(name, turn);
    return turn as Promise<void>;
  }
}

class FakeChannel {
  static all = new Set<FakeChannel>();
  onmessage: ((message: { data: unknown }) => void) | null = null;
  constructor(private readonly name: string) {
    FakeChannel.all.add(this);
  }
  postMessage(data: unknown) {
    for (const other of FakeChannel.all) if (other !== this && other.name === this.name) other.onmessage?.({ data });
  }
  close() {
    FakeChannel.all.delete(this);
  }
}

function openWindow(whose = "acc-kim/first") {
  const heard: unknown[] = [];
  const listener: LiveListener = { event: (event) => heard.push(event.name), connected: (yes) => heard.push(yes) };
  const close = listenTogether(whose, listener, open);
  return { heard, close };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  streams.length = 0;
  stopped = 0;
  FakeChannel.all.clear();
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
});
afterEach(() => void vi.unstubAllGlobals());

test("two windows share one stream and both hear it", async () => {
  const first = openWindow();
  await settle();
  const second = openWindow();
  await settle();
  expect(streams).toHaveLength(1);
  streams[0]?.connected(true);
  streams[0]?.event({ name: "change", data: {} });
  expect([first.heard.slice(-2), second.heard.slice(-2)]).toEqual([
    [true, "change"],
    [true, "change"],
  ]);
});

test("a window that comes later is told that the stream is there", async () => {
  openWindow();
  await settle();
  streams[0]?.connected(true);
  const late = openWindow();
  expect(late.heard).toEqual([true]);
});

test("when the window with the stream closes, the next one opens its own", async () => {
  const first = openWindow();
  await settle();
  const second = openWindow();
  first.close();
  await settle();
  expect(stopped).toBe(1);
  expect(streams).toHaveLength(2);
  streams[1]?.connected(true);
  expect(second.heard.at(-1)).toBe(true);
});

test("a window in which somebody else has signed in hears nothing of the first, and has its own stream", async () => {
  const first = openWindow("acc-kim/first");
  await settle();
  const other = openWindow("acc-lee/second");
  await settle();
  expect(streams).toHaveLength(2);
  streams[0]?.event({ name: "change", data: {} });
  expect([first.heard.includes("change"), other.heard.includes("change")]).toEqual([true, false]);
});
