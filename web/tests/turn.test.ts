import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useTurn } from "../src/viewer/ViewerMap";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const turnOf = (id: string, awaited: boolean | null) =>
  renderHook(({ id, awaited }) => useTurn(id, awaited), { initialProps: { id, awaited } });
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test("the map waits for the first picture, and for the other tiles a little longer", () => {
  const { result } = turnOf("a", true);
  pass(1000);
  expect(result.current.mine).toBe(false);
  act(() => result.current.pictured());
  expect(result.current.mine).toBe(false);
  pass(700);
  expect(result.current.mine).toBe(true);
});

test("a picture that does not come keeps the map waiting no longer than 2.5 s, and none to come not at all", () => {
  const late = turnOf("a", true);
  pass(2500);
  expect(late.result.current.mine).toBe(true);
  const none = turnOf("b", false);
  pass(0);
  expect(none.result.current.mine).toBe(true);
});

test("another incident takes the turn away until its own first picture", () => {
  const { result, rerender } = turnOf("a", true);
  act(() => result.current.pictured());
  pass(700);
  rerender({ id: "b", awaited: true });
  pass(700);
  expect(result.current.mine).toBe(false);
  act(() => result.current.pictured());
  pass(700);
  expect(result.current.mine).toBe(true);
});

test("nothing is drawn before the incident itself is known", () => {
  const { result } = turnOf("a", null);
  pass(10_000);
  expect(result.current.mine).toBe(false);
});
