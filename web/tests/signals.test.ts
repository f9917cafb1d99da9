import { expect, test } from "vitest";
import { signalFeatures } from "../src/map/signals";
import { drivesOf, type SignalRequest, type SignalsNow } from "../src/units/signals_ahead";
import type { Unit } from "../src/units/types";

const unit = { id: "E1", call_sign: "팔달1호", state: "en_route" } as Unit;
const asked = (id: string, arrives: number, more: Partial<SignalRequest> = {}): SignalRequest => ({
  id,
  unit: "E1",
  call_sign: "팔달1호",
  incident_id: "inc-1",
  junction_id: `sig-${id}`,
  junction: { id: `sig-${id}`, name: "시청사거리", lon: 127, lat: 37 },
  state: "confirmed",
  state_text: { ko: "접수됨", en: "confirmed" },
  reason_text: null,
  arrives_at: `2026-01-01T00:00:${String(arrives).padStart(2, "0")}Z`,
  green_at: null,
  ended_at: null,
  ...more,
});
const now = (requests: SignalRequest[], off: string[] = []): SignalsNow => ({
  configured: true,
  up: true,
  junctions: [],
  requests,
  off,
  off_by_control_room: [],
  all_off: null,
  may_switch_all: false,
});

test("a unit's next four signals come nearest first, and the rest are counted", () => {
  const requests = [5, 1, 4, 2, 3, 6].map((at) => asked(`r${at}`, at));
  const [drive] = drivesOf(now(requests), [unit], "inc-1");
  expect(drive?.ahead.map((each) => each.id)).toEqual(["r1", "r2", "r3", "r4"]);
  expect(drive?.more).toBe(2);
});

test("another incident's and another unit's signals are left out, and a nameless crossing is told by its number", () => {
  const requests = [
    asked("a", 1, { incident_id: "inc-2" }),
    asked("b", 2, { unit: "E2" }),
    asked("c", 3, { junction: { id: "sig-c", name: "-", lon: 0, lat: 0 } }),
  ];
  const [drive] = drivesOf(now(requests, ["E1"]), [unit], "inc-1");
  expect(drive?.ahead.map((each) => each.name)).toEqual(["sig-c"]);
  expect(drive?.off).toBe("turned_off");
});

test("a unit's priority is off for all, by the control room, or by somebody, and it is said which", () => {
  const off = (more: Partial<SignalsNow>) => drivesOf({ ...now([]), ...more }, [unit], "inc-1")[0]?.off;
  expect(off({})).toBeNull();
  expect(off({ off: ["E1"] })).toBe("turned_off");
  expect(off({ off: ["E1"], off_by_control_room: ["E1"] })).toBe("by_control_room");
  expect(off({ all_off: { since: null, by: null }, off: ["E1"] })).toBe("for_all");
});

test("a crossing is drawn once, by what matters most there, and what is over or has no place is not", () => {
  const place = { id: "sig-x", name: "시청사거리", lon: 127, lat: 37 };
  const requests = [
    asked("a", 1, { junction_id: "sig-x", junction: place, state: "planned" }),
    asked("b", 2, { junction_id: "sig-x", junction: place, state: "active", unit: "E2", call_sign: "매산1호" }),
    asked("c", 3, { state: "released" }),
    asked("d", 4, { junction: null }),
  ];
  const { features } = signalFeatures(requests, (each) => `${each.call_sign} ${each.state}`);
  expect(features.map((each) => each.properties)).toMatchObject([{ icon: "signal/active", label: "매산1호 active" }]);
  expect(features[0]?.geometry.coordinates).toEqual([127, 37]);
});
