/** The ways on the map: of whom they are asked, and how a unit that has left differs from one that has not. */
import { afterEach, expect, test } from "vitest";
import { underWay, wayFeatures } from "../src/map/useWays";
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

afterEach(() => units.clear());

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
