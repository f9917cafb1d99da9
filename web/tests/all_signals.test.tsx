// @vitest-environment jsdom
/** Signal priority that is off for everyone: said, and turned by the control room alone, after a question. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { AllSignalsOfLayer } from "../src/units/AllSignals";
import { Signals } from "../src/units/Signals";
import type { SignalsNow } from "../src/units/signals_ahead";
import type { Unit } from "../src/units/types";

const DRIVING = { id: "E1", call_sign: "팔달1호", state: "en_route" } as Unit;
const ALL_OFF = { since: "2026-11-22T14:03:00+09:00", by: "홍길동" };
const server = { now: {} as SignalsNow, told: [] as { path: string; body: unknown }[] };

function serves(more: Partial<SignalsNow>): void {
  const plain = { configured: true, up: true, junctions: [], requests: [], off: [], off_by_control_room: [] };
  server.now = { ...plain, all_off: null, may_switch_all: true, ...more };
  server.told = [];
  vi.stubGlobal("fetch", async (path: string, asked?: RequestInit) => {
    if (asked?.method === "POST") {
      const body = JSON.parse(String(asked.body)) as { on: boolean };
      server.told.push({ path: String(path), body });
      if (path === "/api/signal-priority") server.now = { ...server.now, all_off: body.on ? null : ALL_OFF };
      return Response.json(body);
    }
    return Response.json(server.now);
  });
}

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  HTMLDialogElement.prototype.close ??= () => undefined;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("an incident says that priority is off for all, since when and by whom, and not that there are no signals", async () => {
  serves({ all_off: ALL_OFF });
  render(<Signals incident="inc-1" units={[DRIVING]} />);
  const told = await screen.findByTestId("signals-all-off");
  expect(told.textContent).toContain("모든 차량의 우선신호가 꺼져 있습니다");
  expect(told.textContent).toContain("홍길동");
  expect(screen.queryByText("앞에 신호교차로 없음")).toBeNull();
  expect(screen.queryByTestId("signal-switch")).toBeNull();
});

test("an agency is told, and offered no switch", async () => {
  serves({ all_off: { ...ALL_OFF, by: null }, may_switch_all: false });
  render(<Signals incident="inc-1" units={[DRIVING]} />);
  await screen.findByTestId("signals-all-off");
  expect(screen.queryByTestId("signals-all-switch")).toBeNull();
});

test("the control room turns it off for all and on again, each after a question", async () => {
  serves({});
  render(<AllSignalsOfLayer on />);
  fireEvent.click(await screen.findByTestId("signals-all-switch"));
  expect(server.told).toEqual([]);
  fireEvent.submit(screen.getByTestId("signals-all-confirm").closest("form") as HTMLFormElement);
  await screen.findByTestId("signals-all-off");
  expect(server.told).toEqual([{ path: "/api/signal-priority", body: { on: false } }]);
  fireEvent.click(screen.getByTestId("signals-all-switch"));
  fireEvent.submit(screen.getByTestId("signals-all-confirm").closest("form") as HTMLFormElement);
  await waitFor(() => expect(screen.queryByTestId("signals-all-off")).toBeNull());
  expect(server.told.at(-1)).toEqual({ path: "/api/signal-priority", body: { on: true } });
});

test("the key at hand leaves the question, and the answer that turns it off does not claim that key", async () => {
  serves({});
  render(<AllSignalsOfLayer on />);
  fireEvent.click(await screen.findByTestId("signals-all-switch"));
  expect(document.activeElement?.textContent).toContain("취소");
  expect(screen.getByTestId("signals-all-confirm").textContent).not.toContain("Enter");
});
