import { expect, test } from "vitest";
import { fold } from "../src/incidents/fold";
import { alarmRate, arrange, flatten, freeze, GROUP_FROM, placeOf } from "../src/incidents/order";
import { loudest } from "../src/shell/sound";
import type { Paired } from "../src/wire/types";
import { incident } from "./samples";

const ids = (sections: ReturnType<typeof arrange>) =>
  sections.map((section) => section.rows.map((row) => (row.kind === "one" ? row.item.id : row.key)));

test("what nobody has acknowledged stands above what is in hand, the most severe first", () => {
  const sections = arrange([
    incident({ id: "calm", severity: "notice" }),
    incident({ id: "held", severity: "critical", acknowledged_at: "2026-11-22T12:00:00+09:00" }),
    incident({ id: "hot", severity: "critical" }),
  ]);
  expect(sections.map((section) => section.name)).toEqual(["unacknowledged", "working"]);
  expect(ids(sections)).toEqual([["hot", "calm"], ["held"]]);
});

test("of two that nobody has acknowledged the newer stands above, so that a new critical one is seen", () => {
  const at = (minute: number) => `2026-11-22T12:0${minute}:00+09:00`;
  const sections = arrange([
    incident({ id: "old", opened_at: at(0) }),
    incident({ id: "new", opened_at: at(5) }),
    incident({ id: "newest but calm", severity: "notice", opened_at: at(9) }),
  ]);
  expect(ids(sections)).toEqual([["new", "old", "newest but calm"]]);
});

test("a flood of one kind in one place is grouped with its count, and nothing is lost", () => {
  const flood = Array.from({ length: GROUP_FROM }, (_, index) =>
    incident({ id: `f${index}`, severity: "caution", place_words: "이의동 일대" }),
  );
  const sections = arrange([...flood, incident({ id: "else", severity: "caution", place_words: "매탄동" })]);
  const group = sections.find((section) => section.name === "grouped")?.rows[0];
  expect(group?.kind === "group" && group.items.length).toBe(GROUP_FROM);
  expect(sections.reduce((sum, section) => sum + section.count, 0)).toBe(GROUP_FROM + 1);
});

test("critical ones are never grouped", () => {
  const many = Array.from({ length: 9 }, (_, index) => incident({ id: `c${index}`, severity: "critical" }));
  expect(arrange(many).map((section) => section.name)).toEqual(["unacknowledged"]);
});

test("under the pointer the order stands still: the new one goes last, the closed one leaves", () => {
  const before = arrange([incident({ id: "a", severity: "warning" }), incident({ id: "b", severity: "warning" })]);
  const after = arrange([incident({ id: "b", severity: "warning" }), incident({ id: "new", severity: "critical" })]);
  expect(ids(freeze(before, after))).toEqual([["b", "new"]]);
});

test("J and K step over the members of a group only when it is open", () => {
  const flood = Array.from({ length: GROUP_FROM }, (_, index) => incident({ id: `f${index}`, severity: "caution" }));
  const sections = arrange(flood);
  const group = sections[0]?.rows[0];
  const key = group?.kind === "group" ? group.key : "";
  expect(flatten(sections, new Set())).toEqual([]);
  expect(flatten(sections, new Set([key]))).toHaveLength(GROUP_FROM);
});

test("ten alarms in ten minutes are a flood, one is steady", () => {
  const now = Date.parse("2026-11-22T12:00:00+09:00");
  const at = (minutes: number) => ({ opened_at: new Date(now - minutes * 60_000).toISOString() });
  expect(alarmRate([at(2)], now).level).toBe("calm");
  expect(
    alarmRate(
      Array.from({ length: 10 }, (_, index) => at(index)),
      now,
    ).level,
  ).toBe("flood");
  expect(alarmRate([at(11)], now).count).toBe(0);
});

test("the sound is that of the most severe which nobody has acknowledged", () => {
  const acknowledged = incident({ id: "a", severity: "critical", acknowledged_at: "2026-11-22T12:00:00+09:00" });
  expect(loudest([acknowledged, incident({ id: "b", severity: "warning" })])).toBe("warning");
  expect(loudest([acknowledged, incident({ id: "c", severity: "notice" })])).toBeNull();
});

test("four views opened at once are one line of the record, with their count", () => {
  const entry = (position: number, at: string, words: string, actor: string) => ({
    position,
    at: `2026-11-22T12:00:${at}+09:00`,
    kind: "x",
    text: { ko: words, en: words },
    actor,
  });
  const folded = fold([
    entry(1, "00", "report", "112"),
    entry(2, "05", "view", "kim"),
    entry(3, "05", "view", "kim"),
    entry(4, "06", "view", "kim"),
    entry(5, "06", "view", "lee"),
    entry(6, "40", "view", "lee"),
  ]);
  expect(folded.map((line) => [line.text.ko, line.actor, line.times])).toEqual([
    ["view", "lee", 1],
    ["view", "lee", 1],
    ["view", "kim", 3],
    ["report", "112", 1],
  ]);
});

test("the record is newest first by the time it shows, even where it was told late; ties as they were recorded", () => {
  const entry = (position: number, at: string) => ({
    position,
    at,
    kind: "x",
    text: { ko: String(position), en: String(position) },
    actor: null,
  });
  const told = fold([
    entry(1, "2026-11-22T12:00:00+09:00"),
    entry(2, "2026-11-22T12:05:00+09:00"),
    entry(3, "2026-11-22T03:02:00Z"), // a crew's step out of a tunnel
    entry(4, "2026-11-22T12:05:00+09:00"),
  ]);
  expect(told.map((line) => line.position)).toEqual([4, 2, 3, 1]);
});

const pair = (id: string): Paired => ({
  ...{ id, number: `GO-${id}`, service: "119_dispatch", service_name: { ko: "119", en: "119" }, agency: null },
  ...{ state: "open", metres: 120, seconds: 130, nature: { ko: "교통사고", en: "accident" } },
  ...{ other_nature: { ko: "구급", en: "medical" }, cause: "likeness", at: "2026-11-22T12:00:00+09:00" },
});

test("joined incidents are one row, headed by what nobody has acknowledged, and found from either", () => {
  const at = "2026-11-22T12:00:00+09:00";
  const police = incident({ id: "police", acknowledged_at: at, joined: [pair("fire")] });
  const fire = incident({ id: "fire", severity: "warning", joined: [pair("police"), pair("medic")] });
  const medic = incident({ id: "medic", severity: "warning", acknowledged_at: at, joined: [pair("fire")] });
  const all = [police, fire, medic, incident({ id: "alone" })];
  const sections = arrange(all);
  expect(ids(sections)).toEqual([["alone", "fire"]]);
  const row = sections[0]?.rows[1];
  expect(row?.kind === "one" && row.others?.map((one) => one.id)).toEqual(["police", "medic"]);
  const known = new Map(all.map((one) => [one.id, one]));
  expect(placeOf(flatten(sections, new Set()), "medic", known)).toBe(1);
});

test("an incident joined with one that has ended keeps its own row", () => {
  expect(ids(arrange([incident({ id: "left", joined: [pair("ended")] })]))).toEqual([["left"]]);
});
