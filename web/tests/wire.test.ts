import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../src/wire/http";
import { cutEvents } from "../src/wire/live";
import { LiveStore } from "../src/wire/store";
import { incident } from "./samples";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("events are cut off whole and the rest waits for more", () => {
  const { events, rest } = cutEvents('event: beat\ndata: {"now":"x"}\n\nevent: change\ndata: {"pos');
  expect(events).toEqual([{ name: "beat", data: { now: "x" } }]);
  expect(rest).toBe('event: change\ndata: {"pos');
});

const change = (items: Parameters<typeof incident>[0][], more = {}) => ({
  name: "change",
  data: { position: 1, incidents: items.map(incident), ...more },
});

test("the first change is drawn at once, the next ones four times a second", () => {
  vi.advanceTimersByTime(1000);
  const store = new LiveStore();
  let drawn = 0;
  store.subscribe(() => {
    drawn += 1;
  });
  for (let index = 0; index < 100; index += 1) store.hear(change([{ id: `i${index}` }]));
  expect(drawn).toBe(1);
  vi.advanceTimersByTime(250);
  expect(drawn).toBe(2);
  expect(store.get().incidents.size).toBe(100);
});

test("an older version never replaces a newer one", () => {
  const store = new LiveStore();
  store.put(incident({ id: "a", version: 5, place_words: "new" }));
  store.put(incident({ id: "a", version: 4, place_words: "old" }));
  expect(store.get().incidents.get("a")?.place_words).toBe("new");
});

test("a closed incident leaves the list and counts as closed today", () => {
  const store = new LiveStore();
  store.put(incident({ id: "a" }));
  store.put(incident({ id: "a", version: 2, state: "closed" }));
  expect(store.get().incidents.size).toBe(0);
  expect(store.get().closedToday).toBe(1);
});

const listed = (items: ReturnType<typeof incident>[]) => ({
  items,
  open: items.length,
  closed_today: 0,
  ack_median_s: null,
  more: false,
  checked_at: new Date().toISOString(),
});

test("an incident closed while the stream was down is gone with the next list", async () => {
  const store = new LiveStore();
  store.put(incident({ id: "closed-meanwhile" }));
  vi.spyOn(api, "get").mockImplementation(async (path: string) =>
    path.startsWith("/api/links") ? { items: [] } : listed([incident({ id: "open" })]),
  );
  await store.reload();
  vi.advanceTimersByTime(250);
  expect([...store.get().incidents.keys()]).toEqual(["open"]);
});

test("what is heard while the list is on its way is newer than the list", async () => {
  const store = new LiveStore();
  let answer: (list: unknown) => void = () => undefined;
  vi.spyOn(api, "get").mockImplementation((path: string) =>
    path.startsWith("/api/links")
      ? Promise.resolve({ items: [] })
      : new Promise((resolve) => {
          answer = resolve;
        }),
  );
  const loaded = store.reload();
  store.hear(change([{ id: "new" }, { id: "ended", version: 2, state: "closed" }]));
  answer(listed([incident({ id: "ended" })]));
  await loaded;
  vi.advanceTimersByTime(250);
  expect([...store.get().incidents.keys()]).toEqual(["new"]);
});

test("the end of a view is told at once, without waiting for the batch", () => {
  const store = new LiveStore();
  const told: string[] = [];
  store.onViewEnded((ended) => told.push(ended.view_id));
  store.hear(change([], { views_ended: [{ view_id: "v1", reason: "closed", text: { ko: "끝", en: "over" } }] }));
  expect(told).toEqual(["v1"]);
});

test("the server's clock counts, not this machine's", () => {
  const store = new LiveStore();
  store.hear({ name: "beat", data: { now: new Date(Date.now() + 90_000).toISOString() } });
  expect(store.offset).toBe(90_000);
});
