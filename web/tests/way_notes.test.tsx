// @vitest-environment jsdom
/** What stands in few words beside a way and under a tile: the nearest first, and nothing twice. */
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Way } from "../src/field/brief";
import { WayNotes } from "../src/field/parts";
import { asideWords } from "../src/tiles/Strip";
import type { Pick } from "../src/wire/types";
import { said, word } from "../src/words/words";

const free = { level: "free", narrow: false, width_m: 9, road: "정조로", line: [] };
afterEach(cleanup);

test("what lies on a way is told in the order it comes, closures before all", () => {
  const way = {
    pieces: [
      { ...free, narrow: true, width_m: 2.8, metres_along: 10 },
      { ...free, level: "slow", metres_along: 320 },
    ],
    schools: [{ name: "가온초", metres_along: 150 }],
    closures: [{ reason: "공사", scope: "all", until: null, lon: 127, lat: 37 }],
  } as unknown as Way;
  const { container } = render(<WayNotes way={way} />);
  const told = [...container.querySelectorAll("li")].map((one) => one.textContent ?? "");
  const order = ["공사", "2.8", "가온초", "정조로"].map((each) => told.findIndex((one) => one.includes(each)));
  expect(order).toEqual([0, 1, 2, 3]);
});

test.each(["ko", "en"] as const)("a direction nobody knows is said once under a tile (%s)", (language) => {
  const reason = {
    ko: "방향 미상 — 개소의 4대가 원을 나눠 봄",
    en: "direction unknown: the site's 4 cameras share the circle",
  };
  const pick = { facing: "unknown", reasons: [reason], direction: { ko: "", en: "" } } as unknown as Pick;
  const t: Parameters<typeof asideWords>[1] = (key, parts) => word(language, key, parts);
  const aside = asideWords(pick, t, (text) => said(language, text));
  expect(aside).toBe(language === "ko" ? "개소의 4대가 원을 나눠 봄" : "the site's 4 cameras share the circle");
});

test("one of a thing is not told as many", () => {
  expect(word("en", "field.bedsFree", { beds: 1 })).toBe("Beds free: 1");
  expect(word("en", "field.bedsOver", { over: 1 })).toBe("No bed free, patients over: 1");
  expect(word("en", "field.wayCameras", { count: 1 })).toMatch(/^Cameras along the way, as dots only: 1\./);
  expect(word("en", "video.asked", { agency: "119", count: 1 })).toMatch(/1 camera$/);
  expect(word("en", "golden.behind", { name: "119", count: 1 })).toMatch(/1 incident$/);
});
