import { expect, test } from "vitest";
import { drawnTraffic, type NearLink, type RoadLines, sidesOf } from "../src/roads/traffic";

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
const lines: RoadLines = { type: "FeatureCollection", features: [line(0, "a"), line(1, "b"), line(2, "c")] };

test("only links that were measured or are closed are drawn", () => {
  const closure = {
    id: "1",
    links: ["c"],
    roads: [],
    scope: "for_all" as const,
    reason: "",
    closed_at: "",
    until: null,
  };
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
