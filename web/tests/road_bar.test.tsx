// @vitest-environment jsdom
/** The list of closed roads: a street closed both ways is one row, and what closes nothing any more is said. */
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { RoadBar } from "../src/roads/RoadBar";
import type { ClosedStreet, Closure } from "../src/roads/traffic";
import type { RoadControl } from "../src/roads/useRoads";

afterEach(cleanup);

const closure = (id: string, more: Partial<Closure> = {}): Closure => ({
  id,
  links: [id],
  roads: ["나루로"],
  scope: "for_all",
  reason: "침수",
  closed_at: "2026-11-22T12:00:00+09:00",
  until: null,
  lon: 127,
  lat: 37,
  radius: 0,
  missing_links: 0,
  ...more,
});
const shown = (streets: ClosedStreet[], open = vi.fn()) => {
  const control = { streets, done: null, problem: null, open } as unknown as RoadControl;
  render(<RoadBar control={control} />);
  fireEvent.click(screen.getByTestId("road-closures"));
  return screen.getAllByTestId("road-closed").map((row) => row.textContent ?? "");
};

test("a street closed both ways is one row and is opened whole", () => {
  const open = vi.fn();
  const both = [closure("there"), closure("back")];
  const rows = shown([{ closures: both, bothWays: true }], open);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain("양방향");
  fireEvent.click(screen.getByTestId("road-open"));
  expect(open).toHaveBeenCalledWith(both);
});

test("a closure whose road is gone says that it closes nothing, one that has lost a part says how much", () => {
  const rows = shown([
    { closures: [closure("gone", { missing_links: 1 })], bothWays: false },
    { closures: [closure("part", { links: ["a", "b", "c"], missing_links: 2 })], bothWays: false },
    { closures: [closure("whole")], bothWays: false },
  ]);
  expect(rows[0]).toContain("이제 아무 길도 막지 않습니다");
  expect(rows[1]).toContain("2개 구간은 바뀐 도로 자료에 없어");
  expect(rows[2]).not.toContain("도로 자료");
});
