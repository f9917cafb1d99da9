import { expect, test } from "vitest";
import {
  type Closure,
  closedStreets,
  drawnTraffic,
  type NearLink,
  type RoadLines,
  sidesOf,
} from "../src/roads/traffic";
import { closedAgain } from "../src/roads/useRoads";

const line = (id: number, link: string): RoadLines["features"][number] => ({
  type: "Feature",
  id,
  geometry: {
    type: "LineString",
    coordinates: [
      [127, 37],
      [127.001, 37],
    ],
  },
  properties: { link, name: "", rank: "107" },
});
const closed = (id: string, links: string[], more: Partial<Closure> = {}): Closure => ({
  id,
  links,
  roads: [],
  scope: "for_all",
  reason: "",
  closed_at: "",
  until: null,
  lon: null,
  lat: null,
  radius: 0,
  missing_links: 0,
  ...more,
});
const lines: RoadLines = { type: "FeatureCollection", features: [line(0, "a"), line(1, "b"), line(2, "c")] };

test("only links that were measured or are closed are drawn", () => {
  const closure = closed("1", ["c"]);
  const drawn = drawnTraffic(lines, { network: "n", levels: { "1": "slow" }, kmh: { "1": 20 }, closures: [closure] });
  expect(drawn.features.map((each) => each.properties)).toEqual([
    { link: "b", level: "slow", closed: null },
    { link: "c", level: null, closed: "for_all" },
  ]);
});

const near = (link: string, ...at: [number, number][]): NearLink => ({ link, road: "", metres_off: 1, line: at });

test("the street's other direction is found, another street is not", () => {
  const there = near("there", [127, 37], [127.01, 37]);
  const across = near("across", [127, 37], [127, 37.01]);
  const back = near("back", [127.01, 37], [127, 37]);
  expect(sidesOf([there, across, back]).map((each) => each.link)).toEqual(["there", "back"]);
  expect(sidesOf([there, across]).map((each) => each.link)).toEqual(["there"]);
  expect(sidesOf([])).toEqual([]);
});

test("one street closed each way is told once, as both ways; other streets and other reasons stay apart", () => {
  const there = line(0, "there");
  const back = line(1, "back");
  back.geometry = { type: "LineString", coordinates: [...there.geometry.coordinates].reverse() };
  const elsewhere = line(2, "elsewhere");
  elsewhere.geometry = {
    type: "LineString",
    coordinates: [
      [127.1, 37],
      [127.2, 37],
    ],
  };
  const roads: RoadLines = { type: "FeatureCollection", features: [there, back, elsewhere] };
  const told = (...closures: Closure[]) =>
    closedStreets(closures, roads).map((each) => [each.closures.map((one) => one.id).join("+"), each.bothWays]);
  expect(told(closed("1", ["there"]), closed("2", ["elsewhere"]), closed("3", ["back"]))).toEqual([
    ["1+3", true],
    ["2", false],
  ]);
  expect(told(closed("1", ["there", "back"]))).toEqual([["1", true]]);
  expect(told(closed("1", ["there"]), closed("2", ["back"], { reason: "침수" }))).toEqual([
    ["1", false],
    ["2", false],
  ]);
  expect(told(closed("1", ["there"]), closed("2", ["there"]))).toEqual([
    ["1", false],
    ["2", false],
  ]);
});

test("what was opened is closed again where it was: a circle by its circle, links with their place", () => {
  expect(closedAgain(closed("1", ["a"], { lon: 127, lat: 37, radius: 30 }))).not.toHaveProperty("links");
  expect(closedAgain(closed("1", ["a"], { lon: 127, lat: 37 }))).toMatchObject({ links: ["a"], lon: 127, lat: 37 });
  expect(closedAgain(closed("1", ["a"]))).not.toHaveProperty("lon");
});
