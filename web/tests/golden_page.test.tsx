// @vitest-environment jsdom
/** The page of golden times: half typed days, figures that are behind, a failed drill-down, and rows read on a phone. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Page } from "../src/golden/GoldenPage";
import type { ClockRow, Golden, GroupRow, Spread } from "../src/golden/types";
import type { Session } from "../src/wire/types";

const spread: Spread = { count: 4, median: 300, p90: 500 };
const row = (agency: string | null, name: string): GroupRow => ({
  agency,
  service: null,
  nature: null,
  name: { ko: name, en: name },
  depth: agency ? 1 : 0,
  incidents: 9,
  arrived: 5,
  within: 4,
  share: 0.8,
  doubtful: 37,
  legs: { response: spread },
  before: null,
});
const golden = (whole_until: string | null): Golden => ({
  golden_seconds: 420,
  legs: [{ leg: "response", name: { ko: "신고→도착", en: "call to arrival" } }],
  rows: [row(null, "전체"), row("agency-112", "경찰")],
  period: { since: "2026-10-25", until: "2026-11-23", drill: false },
  before: { since: "2026-09-25", until: "2026-10-24" },
  failing_since: null,
  whole_until,
});
const incident = {
  id: "inc-1",
  number: "GT-1",
  whose: null,
  agency_name: { ko: "경찰", en: "Police" },
  service_name: { ko: "112", en: "112" },
  nature_name: { ko: "화재", en: "Fire" },
  drill: false,
  stamps: [{ stamp: "called", name: { ko: "신고", en: "call" }, at: "2026-11-20T12:00:00Z", by_hand: false }],
  golden_until: "2026-11-20T12:07:00Z",
  within: null,
  doubtful: false,
  legs: { response: null },
} as ClockRow;
const session = { city: { drill: false }, account: { role: "admin" } } as Session;
const why = { ko: "기록을 읽을 수 없습니다.", en: "The record cannot be read." };

let asked: string[] = [];
let answer: (url: string) => Response;

beforeEach(() => {
  asked = [];
  answer = (url) =>
    url.includes("/incidents") ? Response.json({ items: [incident], more: false }) : Response.json(golden(null));
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return answer(url);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const shown = async () => {
  render(<Page session={session} />);
  await waitFor(() => screen.getByTestId("golden-shares"));
};

test("a day is asked for once its year is one, and what is half typed goes when one leaves it", async () => {
  await shown();
  const since = screen.getByTestId("golden-since") as HTMLInputElement;
  const before = asked.length;
  for (const half of ["0002-11-01", "0020-11-01", "0202-11-01"]) {
    fireEvent.change(since, { target: { value: half } });
    expect(since.value).toBe(half);
  }
  expect(asked.length).toBe(before);
  fireEvent.change(since, { target: { value: "2025-11-01" } });
  await waitFor(() => expect(asked.at(-1)).toContain("since=2025-11-01"));
  fireEvent.change(since, { target: { value: "0002-11-01" } });
  fireEvent.blur(since);
  expect(since.value).toBe("2025-11-01");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("figures that are behind say so, and up to when", async () => {
  answer = () => Response.json(golden("2026-11-20T12:05:07Z"));
  await shown();
  expect(screen.getByTestId("golden-lag").textContent).toContain("2026-11-20 21:05:07");
});

test("contradicting stamps are counted in a column of their own", async () => {
  await shown();
  const heads = [...screen.getByTestId("golden-shares").querySelectorAll("th")].map((one) => one.textContent);
  const cells = [...screen.getByTestId("golden-shares").querySelectorAll("tbody tr:first-child td")];
  expect(cells[heads.indexOf("시각 모순")]?.textContent).toBe("37");
});

test("a group whose incidents cannot be read says why, and never shows another group's", async () => {
  await shown();
  const groups = screen.getAllByTestId("golden-group");
  fireEvent.click(groups[0] as HTMLElement);
  await waitFor(() => screen.getByTestId("golden-incidents"));
  const well = answer;
  answer = (url) =>
    url.includes("agency-112") ? Response.json({ error: { code: "internal", text: why } }, { status: 500 }) : well(url);
  fireEvent.click(groups[1] as HTMLElement);
  expect(screen.queryByTestId("golden-incidents")).toBeNull();
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(why.ko));
  expect(screen.queryByText("GT-1")).toBeNull();
  fireEvent.click(groups[0] as HTMLElement);
  await waitFor(() => screen.getByTestId("golden-incidents"));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("where the heads have no room, on a phone, every figure carries its own", async () => {
  await shown();
  fireEvent.click(screen.getAllByTestId("golden-group")[0] as HTMLElement);
  await waitFor(() => screen.getByTestId("golden-incidents"));
  for (const table of ["golden-shares", "golden-legs", "golden-incidents"].map((id) => screen.getByTestId(id))) {
    const heads = [...table.querySelectorAll("th")].map((one) => one.textContent);
    const cells = [...table.querySelectorAll("tbody tr:first-child td")];
    const figures = cells.map((one, column) => [one, heads[column]] as const).slice(1);
    for (const [cell, head] of figures)
      if (!cell.classList.contains("golden-chart")) expect(cell.getAttribute("data-label")).toBe(head);
  }
});

const day = (name: string) => screen.getByTestId(`golden-${name}`) as HTMLInputElement;

test.each(["2999-12-25", "1999-01-01"])(
  "a day that cannot be, %s, is said, and leaves nothing of other days",
  async (when) => {
    await shown();
    const before = asked.length;
    fireEvent.change(day("since"), { target: { value: when } });
    expect(day("since").value).toBe(when);
    expect(day("since").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByRole("alert").textContent).toMatch(
      /^날짜는 2000-01-01부터 \d{4}-\d\d-\d\d까지 적을 수 있습니다\.$/,
    );
    expect(screen.queryByTestId("golden-shares")).toBeNull();
    expect(screen.queryByTestId("golden-csv")).toBeNull();
    fireEvent.blur(day("since"));
    expect(day("since").value).toBe(when);
    expect(asked.length).toBe(before);
    fireEvent.change(day("since"), { target: { value: "2025-11-01" } });
    await waitFor(() => screen.getByTestId("golden-csv"));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(day("since").getAttribute("aria-invalid")).toBe("false");
  },
);

test("days in the wrong order are said to be so, once, and not asked for", async () => {
  await shown();
  fireEvent.click(screen.getAllByTestId("golden-group")[0] as HTMLElement);
  await waitFor(() => screen.getByTestId("golden-incidents"));
  fireEvent.change(day("until"), { target: { value: "2025-11-01" } });
  await waitFor(() => expect(asked.at(-1)).toContain("until=2025-11-01"));
  const before = asked.length;
  fireEvent.change(day("since"), { target: { value: "2025-11-02" } });
  expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual(["시작이 끝보다 늦습니다."]);
  expect(screen.queryByTestId("golden-shares")).toBeNull();
  expect(asked.length).toBe(before);
});

test("a period that is refused leaves no figures of another one, and no files", async () => {
  await shown();
  fireEvent.click(screen.getAllByTestId("golden-group")[0] as HTMLElement);
  await waitFor(() => screen.getByTestId("golden-incidents"));
  answer = () => Response.json({ error: { code: "invalid", text: why } }, { status: 422 });
  fireEvent.change(day("since"), { target: { value: "2010-01-01" } });
  await waitFor(() => expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual([why.ko]));
  expect(screen.queryByTestId("golden-shares")).toBeNull();
  expect(screen.queryByTestId("golden-csv")).toBeNull();
});
