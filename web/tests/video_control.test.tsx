// @vitest-environment jsdom
/** A look that an agency asked for is answered on the incident; a locked camera is unlocked with a reason only. */
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VideoControl } from "../src/incidents/VideoControl";
import { order } from "../src/units/actions";
import type { Pick } from "../src/wire/types";
import { detail } from "./samples";

const agency = { id: "agency-112", name: { ko: "경찰청 112", en: "Police 112" } };
const at = "2026-11-23T12:00:00+09:00";
let asked: [string, unknown][] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    asked.push([path, init.body ? JSON.parse(String(init.body)) : null]);
    return new Response(JSON.stringify({ items: [] }), { headers: { "content-type": "application/json" } });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("nothing is shown where nothing was asked for and nothing is locked", () => {
  const { container } = render(<VideoControl detail={detail({})} acts={{ again: () => undefined }} />);
  expect(container.textContent).toBe("");
});

test("the operator approves or refuses the look an agency asked for", async () => {
  const again = vi.fn();
  const video_requests = [{ id: "vrq-1", agency, control: "CCTVPREV", cameras: 3, at }];
  render(<VideoControl detail={detail({ id: "inc-1", video_requests })} acts={{ again }} />);
  expect(screen.getByTestId("video-asked").textContent).toMatch(/112.*3/);
  fireEvent.click(screen.getByTestId("video-approve"));
  fireEvent.click(screen.getByTestId("video-refuse"));
  await vi.waitFor(() => expect(again).toHaveBeenCalledTimes(2));
  const path = "/api/incidents/inc-1/video-requests/vrq-1";
  expect(asked.map(([where]) => where)).toEqual([`${path}/approve`, `${path}/refuse`]);
});

test("a camera is unlocked only once a reason is given", async () => {
  const again = vi.fn();
  const camera_locks = [{ camera_id: "K0-1", agency, at }];
  render(<VideoControl detail={detail({ camera_locks })} acts={{ again }} />);
  const button = screen.getByTestId("unlock") as HTMLButtonElement;
  expect(button.disabled).toBe(true);
  fireEvent.change(screen.getByTestId("unlock-reason"), { target: { value: "현장 정리됨" } });
  fireEvent.click(button);
  await vi.waitFor(() => expect(again).toHaveBeenCalled());
  expect(asked).toEqual([["/api/cameras/K0-1/unlock", { reason: "현장 정리됨" }]]);
});

test("a locked camera is named as its tile and the map name it", () => {
  const at_site = { camera_id: "K0-1", rank: 2, site_name: "인계-1119" } as Pick;
  const camera_locks = [{ camera_id: "K0-1", agency, at }];
  render(<VideoControl detail={detail({ camera_locks, cameras: [at_site] })} acts={{ again: () => undefined }} />);
  const words = screen.getByTestId("camera-lock").textContent;
  expect(words).toContain("2 인계-1119");
  expect(words).not.toContain("K0-1");
});

test("the dispatcher's words go with the order", async () => {
  await order("inc-1", [], "정문으로");
  expect(asked).toEqual([["/api/orders", { incident_id: "inc-1", units: [], words: "정문으로" }]]);
});
