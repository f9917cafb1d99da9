/** The ways on the map: of whom they are asked, and how a unit that has left differs from one that has not. */
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { underWay, useWays, wayFeatures } from "../src/map/useWays";
import { type UnitWho, units } from "../src/wire/units";

const who = (id: string, more: Partial<UnitWho>): UnitWho => ({
  id,
  agency: "agency-119",
  call_sign: id,
  kind: "engine",
  state: "en_route",
  incident: "inc-1",
  source: "wire",
  ...more,
});

const realFetch = globalThis.fetch;
afterEach(() => {
  cleanup();
  units.clear();
  vi.useRealTimers();
  globalThis.fetch = realFetch;
});

test("ways are asked for while a unit is ordered to this incident or drives there, and no longer", () => {
  const put = (...units_: UnitWho[]) =>
    units.hear({
      full: true,
      units: units_,
      at: units_.map((unit) => [unit.id, 127, 37, null, 0, 1, 1]),
      gone: [],
    });
  put(
    who("E2", { state: "ordered" }),
    who("E1", {}),
    who("E3", { incident: "inc-2" }),
    who("E4", { state: "on_scene" }),
  );
  expect(underWay("inc-1")).toBe("E1/en_route,E2/ordered");
  expect(underWay(null)).toBe("");
  put(who("E1", { state: "on_scene" }));
  expect(underWay("inc-1")).toBe("");
});

test("a way is a line, whole where the unit drives; one that is there already has none", () => {
  const line: [number, number][] = [
    [127, 37],
    [127.01, 37],
  ];
  const drawn = wayFeatures([
    { unit: "E1", state: "en_route", line },
    { unit: "E2", state: "ordered", line },
    { unit: "E3", state: "en_route", line: [[127, 37]] },
  ]);
  expect(drawn.features.map((each) => each.properties)).toEqual([
    { unit: "E1", driving: true },
    { unit: "E2", driving: false },
  ]);
});

/** A page on whose map E1's way is asked for again and again; `answer` says what the n-th question brings, and when. */
function asking() {
  vi.useFakeTimers();
  const waiting: ((answer: Response) => void)[] = [];
  globalThis.fetch = (() => new Promise<Response>((land) => waiting.push(land))) as typeof fetch;
  units.hear({ full: true, units: [who("E1", {})], at: [["E1", 127, 37, null, 0, 1, 1]], gone: [] });
  const { result } = renderHook(() => useWays("inc-1"));
  const answer = (number: number, body: object, status = 200) =>
    act(async () => {
      waiting[number]?.(new Response(JSON.stringify(body), { status }));
      await vi.advanceTimersByTimeAsync(0);
    });
  const way = (lon: number) => ({
    items: [
      {
        unit: "E1",
        state: "en_route",
        line: [
          [lon, 37],
          [128, 37],
        ],
      },
    ],
  });
  const drawn = () =>
    result.current.features.map((one) => (one.geometry as { coordinates: number[][] }).coordinates[0]?.[0]);
  const again = () => act(() => vi.advanceTimersByTimeAsync(4000));
  return { waiting, answer, way, drawn, again };
}

test("an older answer that lands after a newer one does not take its place", async () => {
  const { waiting, answer, way, drawn, again } = asking();
  await again();
  expect(waiting).toHaveLength(2);
  await answer(1, way(127.2));
  expect(drawn()).toEqual([127.2]);
  await answer(0, way(127.1));
  expect(drawn()).toEqual([127.2]);
  await again();
  await again();
  await answer(2, way(127.3));
  expect(drawn()).toEqual([127.3]);
  await answer(3, way(127.4));
  expect(drawn()).toEqual([127.4]);
});

test("an older refusal takes no newer way away, and an older way does not come back after a newer refusal", async () => {
  const { answer, way, drawn, again } = asking();
  await again();
  await answer(1, way(127.2));
  await answer(0, {}, 503);
  expect(drawn()).toEqual([127.2]);
  await again();
  await again();
  await answer(3, {}, 503);
  expect(drawn()).toEqual([]);
  await answer(2, way(127.3));
  expect(drawn()).toEqual([]);
});
