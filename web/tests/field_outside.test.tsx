/** The wind and the beds on a crew's page: a number only while it is young, and it goes by itself when it grows old. */
import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import type { FieldScene, Hospital, Wind } from "../src/field/brief";
import { Beds, Outside } from "../src/field/Outside";

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const north = { ko: "북쪽", en: "north" };

function drawn(node: ReactNode): HTMLElement {
  const box = document.createElement("div");
  flushSync(() => createRoot(box).render(node));
  return box;
}

const blows = (minutes: number, more: Partial<Wind> = {}): Wind => ({
  speed_ms: 3.14,
  calm: false,
  from_degrees: 0,
  side: north,
  at: ago(minutes),
  old_after_s: 7200,
  ...more,
});
const scene = (wind: Wind | null, hazards: FieldScene["hazards"] = []) => ({ wind, hazards }) as unknown as FieldScene;
const room = (beds: Hospital["beds"], capacity: string | null = "20"): Hospital => ({
  name: "새벌의료원",
  address: "",
  metres: 900,
  direction: north,
  capacity,
  beds,
  phone: "",
  seconds: 120,
  lon: 127,
  lat: 37,
});
const free = (count: number | null, minutes: number) => ({ free: count, at: ago(minutes), old_after_s: 1800 });

test("the wind is told by where it comes from, with an arrow the way it blows, and its age", () => {
  const box = drawn(<Outside scene={scene(blows(41))} />);
  expect(box.textContent).toBe(" 바람 북쪽에서 3.1 m/s 41분 전");
  expect(box.querySelector("svg")?.style.rotate).toBe("180deg");
});

test("with a danger that the wind carries the crew is told from which side to come, unless there is hardly any", () => {
  const smoke = [{ ko: "가스", en: "gas", airborne: true }];
  expect(drawn(<Outside scene={scene(blows(5), smoke)} />).textContent).toContain("바람을 등지고 북쪽에서 접근");
  const weak = drawn(<Outside scene={scene(blows(5, { speed_ms: 0.8 }), smoke)} />);
  expect(weak.textContent).not.toContain("접근");
  const knife = [{ ko: "흉기", en: "armed", airborne: false }];
  expect(drawn(<Outside scene={scene(blows(5), knife)} />).textContent).not.toContain("접근");
  expect(drawn(<Outside scene={scene(blows(5), [...knife, ...smoke])} />).textContent).toContain("접근");
});

test("a calm has no direction, and what is two hours old no number, whoever noticed first", () => {
  const calm = blows(5, { calm: true, from_degrees: null, side: null, speed_ms: 0.3 });
  expect(drawn(<Outside scene={scene(calm)} />).textContent).toContain("바람 거의 없음");
  for (const old of [blows(121), blows(5, { speed_ms: null })]) {
    const text = drawn(<Outside scene={scene(old)} />).textContent;
    expect(text).toContain("바람 정보 오래됨");
    expect(text).not.toContain("m/s");
  }
  expect(drawn(<Outside scene={scene(null)} />).textContent).toBe("");
});

test("beds free now are told with when the hospital said so, and none or fewer in words", () => {
  expect(drawn(<Beds room={room(free(7, 5))} />).textContent).toBe("빈 병상 7 5분 전");
  expect(drawn(<Beds room={room(free(0, 5))} />).textContent).toContain("빈 병상 없음");
  expect(drawn(<Beds room={room(free(-3, 5))} />).textContent).toContain("3명 초과");
});

test("old beds lose their number, and a file's number is never told as what is free", () => {
  const old = drawn(<Beds room={room(free(7, 31))} />).textContent;
  expect(old).toBe("병상 정보 오래됨(31분 전) · 총 병상 20, 빈 병상 모름");
  expect(drawn(<Beds room={room(null)} />).textContent).toBe("총 병상 20, 빈 병상 모름");
  expect(drawn(<Beds room={room(null, null)} />).textContent).toBe("");
});
