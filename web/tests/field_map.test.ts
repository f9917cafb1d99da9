/** The map as a part of its own: a link that goes while it is fetched takes nothing but the map, and that for a while. */
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useFieldMap } from "../src/field/useFieldMap";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const part = { FieldMap: () => null as never };
/** A link that carries the part once `up` is true. */
function link() {
  const one = { up: false, asked: 0, fetchPart: () => Promise.resolve(part) };
  one.fetchPart = () => {
    one.asked += 1;
    return one.up
      ? Promise.resolve(part)
      : Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  };
  return one;
}
const settle = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));

test("it is not asked for before its turn", async () => {
  const one = link();
  one.up = true;
  const { result, rerender } = renderHook(({ wanted }) => useFieldMap(wanted, one.fetchPart), {
    initialProps: { wanted: false },
  });
  await settle(60_000);
  expect(one.asked).toBe(0);
  rerender({ wanted: true });
  await settle();
  expect(result.current).toBe(part.FieldMap);
});

test("without a link the page stays, and the map comes by itself when the link does", async () => {
  const one = link();
  const { result } = renderHook(() => useFieldMap(true, one.fetchPart));
  await settle();
  expect(result.current).toBeNull();
  await settle(5000);
  expect(one.asked).toBe(2);
  one.up = true;
  act(() => void window.dispatchEvent(new Event("online")));
  await settle();
  expect(result.current).toBe(part.FieldMap);
  await settle(60_000);
  expect(one.asked).toBe(3);
});

test("a style sheet lost with the link is asked for again, one that came is left", async () => {
  const lost = document.head.appendChild(document.createElement("link"));
  Object.assign(lost, { rel: "stylesheet", href: "/assets/lost.css" });
  const own = document.head.appendChild(document.createElement("style"));
  const { unmount } = renderHook(() => useFieldMap(true, link().fetchPart));
  await settle(5000);
  expect(lost.isConnected).toBe(false);
  expect(document.querySelectorAll("link[href='/assets/lost.css']")).toHaveLength(1);
  expect(own.isConnected).toBe(true);
  unmount();
});
