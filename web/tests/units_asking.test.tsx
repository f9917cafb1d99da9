// @vitest-environment jsdom
/** Crews that ask for support, over the map: one on a drill is marked as such, a real one is not. */
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Unit } from "../src/units/types";
import { UnitsAsking } from "../src/units/UnitsAsking";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const asking = (id: string, drill: boolean) =>
  ({
    id,
    call_sign: `팔달${id}`,
    state: "on_scene",
    support_at: "2026-11-22T12:00:00+09:00",
    support_heard_at: null,
    asked_at: null,
    incident: { id: `inc-${id}`, number: `GO-${id}`, open: true, drill, order: null, ordered_at: null },
  }) as Unit;

test("a call for support of a drill's crew carries the drill's mark, and a real one none", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ items: [asking("1", true), asking("2", false)] }));
  render(<UnitsAsking go={vi.fn()} />);
  const called = await screen.findByTestId("support-asked");
  const marks = [...called.querySelectorAll("p[data-unit]")].map(
    (row) => row.querySelector(".pill-drill")?.textContent,
  );
  expect(marks).toEqual(["훈련", undefined]);
});
