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

/** The browser's locks, for one name: the holder keeps it until its promise is done. */
class FakeLocks {
  private last: Promise<unknown> = Promise.resolve();
  request(_name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const turn = this.last.then(() => (options.signal.aborted ? undefined : hold()));
    this.last = turn;
    return turn as Promise<void>;
  }
}

class FakeChannel {
  static all = new Set<FakeChannel>();
  onmessage: ((message: { data: unknown }) => void) | null = null;
  constructor() {
    FakeChannel.all.add(this);
  }
  postMessage(data: unknown) {
    for (const other of FakeChannel.all) if (other !== this) other.onmessage?.({ data });
  }
  close() {
    FakeChannel.all.delete(this);
  }
}

function openWindow() {
  const heard: unknown[] = [];
  const close = listenTogether({ event: (event) => heard.push(event.name), connected: (yes) => heard.push(yes) }, open);
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
