import { describe, expect, test } from "vitest";
import { unitFeatures } from "../src/map/units";
import { type UnitRow, UnitStore, type UnitWho } from "../src/wire/units";

const car: UnitWho = {
  id: "P011",
  agency: "agency-112",
  call_sign: "팔달 순찰1",
  kind: "patrol",
  state: "en_route",
  incident: "inc-1",
  source: "wire",
};
const at = (id: string, seen: number, kmh = 40): UnitRow => [id, 127.03, 37.26, 90, kmh, seen, 1];
const spoken = {
  now: 1000,
  age: (seconds: number) => `${Math.round(seconds)}초 전`,
  letter: (kind: string) => kind,
};
const drawn = (store: UnitStore) => unitFeatures(store.units.values(), spoken).features.map((one) => one.properties);

describe("units on the move", () => {
  test("are known from the first full event and moved by those that follow", () => {
    const store = new UnitStore();
    let told = 0;
    store.subscribe(() => {
      told += 1;
    });
    store.hear({ full: true, units: [car], at: [at("P011", 990)], gone: [] });
    store.hear({ full: false, units: [], at: [["P011", 127.04, 37.27, 180, 50, 991, 0]], gone: [] });
    expect(store.units.get("P011")).toMatchObject({
      ...car,
      at: [127.04, 37.27],
      heading: 180,
      kmh: 50,
      onRoad: false,
    });
    expect(told).toBe(2);
  });

  test("change what they do without moving, and go when they may no longer be seen", () => {
    const store = new UnitStore();
    store.hear({ full: true, units: [car], at: [at("P011", 990)], gone: [] });
    store.hear({ full: false, units: [{ ...car, state: "on_scene" }], at: [], gone: [] });
    expect(store.units.get("P011")?.state).toBe("on_scene");
    store.hear({ full: false, units: [], at: [], gone: ["P011"] });
    expect(store.units.size).toBe(0);
  });

  test("are not set back by a list that is older than what was heard since", () => {
    const store = new UnitStore();
    store.hear({ full: false, units: [car], at: [["P011", 127.09, 37.29, 1, 1, 995, 1]], gone: [] });
    store.hear({ full: false, units: [car], at: [at("P011", 990)], gone: [] });
    expect(store.units.get("P011")?.at).toEqual([127.09, 37.29]);
  });

  test("show their age when it matters, and are drawn hollow when their word is old", () => {
    const store = new UnitStore();
    const units = ["a", "b", "c"].map((id) => ({ ...car, id, call_sign: id }));
    store.hear({ full: true, units, at: [at("a", 998), at("b", 988), at("c", 960)], gone: [] });
    expect(drawn(store).map((one) => [one?.label, one?.icon, one?.moving])).toEqual([
      ["a", "unit/patrol/en_route/fresh", true],
      ["b\n12초 전", "unit/patrol/en_route/fresh", true],
      ["c\n40초 전", "unit/patrol/en_route/stale", false],
    ]);
  });

  test("point nowhere while they stand, and say so when nobody registered them", () => {
    const store = new UnitStore();
    store.hear({ full: true, units: [{ ...car, kind: null, state: null }], at: [at("P011", 999, 0)], gone: [] });
    expect(drawn(store)[0]).toMatchObject({ icon: "unit/unknown/unknown/fresh", moving: false, rank: 0 });
  });
});
