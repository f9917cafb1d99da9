// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createElement } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ClockLine } from "../src/golden/ClockLine";
import { momentOf, typed } from "../src/golden/correct";
import { compared, type Filter, NO_DAYS, query, yearBefore } from "../src/golden/period";
import type { ClockLineData } from "../src/golden/types";

const period = { since: "2026-11-01", until: "2026-11-20" };
const filter = (more: Partial<Filter> = {}): Filter => ({
  ...NO_DAYS,
  drill: false,
  compare: "previous",
  own: NO_DAYS,
  ...more,
});

test("the period before is the server's to find, a year earlier and one's own days are told", () => {
  expect(query(filter(), period)).toBe("drill=false");
  expect(query(filter({ compare: "year" }), period)).toBe(
    "drill=false&compare_since=2025-11-01&compare_until=2025-11-20",
  );
  const own = { since: "2026-03-01", until: "2026-03-31" };
  expect(compared(filter({ compare: "own", own }), period)).toEqual(own);
});

test("days half given are not asked for", () => {
  expect(compared(filter({ compare: "own", own: { since: "2026-03-01", until: "" } }), period)).toBeNull();
  expect(compared(filter({ compare: "year" }), NO_DAYS)).toBeNull();
});

test("a year before the leap day is the last of February", () => {
  expect(yearBefore("2028-02-29")).toBe("2027-02-28");
  expect(yearBefore("2026-12-31")).toBe("2025-12-31");
});

test("a moment is typed in Seoul's time, with or without its seconds", () => {
  expect(typed("2026-11-20T15:00:05Z")).toBe("2026-11-21T00:00:05");
  expect(momentOf("2026-11-21T00:00:05")).toBe("2026-11-20T15:00:05.000Z");
  expect(momentOf("2026-11-21T00:00")).toBe("2026-11-20T15:00:00.000Z");
  expect(momentOf("")).toBeNull();
});

const clock = (byHand: boolean): ClockLineData => ({
  stamps: [
    { stamp: "called", name: { ko: "신고", en: "call" }, at: "2026-11-20T12:00:00Z", by_hand: false },
    { stamp: "arrived", name: { ko: "도착", en: "arrival" }, at: "2026-11-20T12:06:00Z", by_hand: byHand },
    { stamp: "closed", name: { ko: "종결", en: "close" }, at: null, by_hand: false },
  ],
  golden_until: "2026-11-20T12:07:00Z",
  within: true,
  doubtful: false,
});
const asked: { method: string; url: string; body: unknown }[] = [];

beforeEach(() => {
  asked.length = 0;
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    asked.push({ method: init.method ?? "GET", url, body: init.body ? JSON.parse(String(init.body)) : null });
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const shown = (byHand = false) => {
  const again = vi.fn();
  const incident = { id: "inc-1", number: "GT-1" };
  render(createElement(ClockLine, { clock: clock(byHand), over: false, incident, again }));
  return again;
};

test("a stamp is set right with a reason, read anew and taken back", async () => {
  const again = shown();
  fireEvent.click(screen.getByTestId("correct-arrived"));
  expect((screen.getByTestId("correct-at") as HTMLInputElement).value).toContain("2026-11-20T21:06");
  fireEvent.change(screen.getByTestId("correct-at"), { target: { value: "2026-11-20T21:05:30" } });
  fireEvent.click(screen.getByTestId("correct-confirm"));
  expect(asked).toEqual([]); // no reason, no correction
  fireEvent.change(screen.getByTestId("correct-reason"), { target: { value: "무전" } });
  fireEvent.click(screen.getByTestId("correct-confirm"));
  await waitFor(() => screen.getByTestId("corrected"));
  expect(asked[0]).toMatchObject({
    method: "POST",
    url: "/api/incidents/inc-1/clock/arrived",
    body: { at: "2026-11-20T12:05:30.000Z", reason: "무전" },
  });
  fireEvent.click(screen.getByTestId("correct-undo"));
  await waitFor(() => expect(asked[1]?.method).toBe("DELETE"));
  expect(asked[1]?.url).toBe("/api/incidents/inc-1/clock/arrived?at=2026-11-20T12%3A05%3A30.000Z");
  await waitFor(() => expect(again).toHaveBeenCalledTimes(2));
});

test("one set right is marked and offers what it was; the close of an open incident is not set", () => {
  shown(true);
  expect(screen.getByTestId("stamp-arrived").textContent).toContain("바로잡음");
  expect((screen.getByTestId("correct-closed") as HTMLButtonElement).disabled).toBe(true);
  fireEvent.click(screen.getByTestId("correct-arrived"));
  expect(screen.getByTestId("correct-back")).toBeTruthy();
});

test("what was wrong with a time is no longer said once the time is changed", async () => {
  const why = { ko: "아직 오지 않은 시각입니다.", en: "That moment is yet to come." };
  vi.stubGlobal("fetch", async () => Response.json({ error: { code: "invalid", text: why } }, { status: 422 }));
  shown();
  fireEvent.click(screen.getByTestId("correct-arrived"));
  fireEvent.change(screen.getByTestId("correct-reason"), { target: { value: "무전" } });
  fireEvent.click(screen.getByTestId("correct-confirm"));
  await waitFor(() => screen.getByRole("alert", { hidden: true }));
  fireEvent.change(screen.getByTestId("correct-at"), { target: { value: "2026-11-20T21:05:30" } });
  expect(screen.queryByRole("alert", { hidden: true })).toBeNull();
});
