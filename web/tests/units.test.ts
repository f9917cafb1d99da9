import { describe, expect, test } from "vitest";
import { nextAction, stillAlike } from "../src/incidents/next";
import {
  askingSupport,
  isBehind,
  nextStep,
  orderedAt,
  sharedSigns,
  signOf,
  sorted,
  stillThere,
  toShareWith,
  undoNow,
} from "../src/units/advice";
import type { Advice, Suggested, Unit } from "../src/units/types";

const text = (ko: string) => ({ ko, en: ko });
const unit = (id: string, more: Partial<Unit> = {}): Unit => ({
  id,
  code: id,
  call_sign: id,
  kind: "patrol",
  kind_name: text("순찰차"),
  agency: { id: "agency-112", name: text("112") },
  capabilities: [],
  station_name: "",
  beat: "",
  state: "available",
  state_name: text("대기"),
  state_at: null,
  state_by: "",
  incident: null,
  asked_at: null,
  support_at: null,
  support_heard_at: null,
  place: { lon: 127, lat: 37, age_s: null },
  may: [],
  may_call_back: false,
  orders_today: 0,
  version: 1,
  ...more,
});
const row = (id: string, fitness: Suggested["fitness"], more: Partial<Suggested> = {}): Suggested => ({
  unit: unit(id),
  fitness,
  seconds: 60,
  fills: null,
  reasons: [],
  last_of_beat: false,
  needs_sharing: false,
  ...more,
});
const closed = { id: "inc-1", number: "GO-1", open: false, drill: false, order: null, ordered_at: null };

describe("an incident's units", () => {
  test("everybody is shown once, those on the call first and those who cannot go last", () => {
    const rows = (["committed", "suggested", "possible", "held", "busy", "unreachable"] as const).map((each, index) =>
      row(`U${index}`, each),
    );
    const found = sorted({ suggested: rows } as unknown as Advice);
    const ids = Object.values(found).map((some) => some.map((each) => each.unit.id));
    expect(ids).toEqual([["U0"], ["U1"], ["U2", "U3"], ["U4", "U5"]]);
  });

  test("an incident is shared once with each agency whose units need it", () => {
    const fire = { agency: { id: "agency-119", name: text("119") } };
    const rows = [
      row("P1", "suggested"),
      row("E1", "suggested", { unit: unit("E1", fire), needs_sharing: true }),
      row("E2", "suggested", { unit: unit("E2", fire), needs_sharing: true }),
    ];
    expect(toShareWith(rows)).toEqual(["agency-119"]);
  });

  test("the next step is offered only to whoever may take it", () => {
    expect(nextStep(unit("P1", { state: "ordered", may: ["depart", "arrive"] }))).toBe("depart");
    expect(nextStep(unit("P1", { state: "on_scene", may: ["clear"] }))).toBe("clear");
    expect(nextStep(unit("P1", { state: "ordered" }))).toBeNull();
    expect(nextStep(unit("P1", { state: "available", may: ["return"] }))).toBeNull();
  });

  test("those still on the scene of what is over are listed, the asked ones first", () => {
    const units = [
      unit("A", { state: "on_scene", incident: closed }),
      unit("B", { state: "on_scene", incident: closed, asked_at: "2026-11-23T00:00:00Z" }),
      unit("C", { state: "on_scene", incident: { ...closed, open: true } }),
      unit("D", { state: "clear", incident: closed }),
    ];
    expect(stillThere(units).map((each) => each.id)).toEqual(["B", "A"]);
  });

  test("crews whose call for support nobody has heard are listed, the longest waiting first", () => {
    const units = [
      unit("A", { support_at: "2026-11-23T00:02:00Z" }),
      unit("B", { support_at: "2026-11-23T00:01:00Z" }),
      unit("C", { support_at: "2026-11-23T00:00:00Z", support_heard_at: "2026-11-23T00:00:30Z" }),
      unit("D"),
    ];
    expect(askingSupport(units).map((each) => each.id)).toEqual(["B", "A"]);
  });
});

describe("an order's undo", () => {
  const order = { id: "o", number: "O-1", agency: { id: "a", name: text("a") }, units: [], withdrawn: [] };
  const sent = [{ on_wire: true, order: { ...order, at: "2026-11-23T12:00:00Z" } }];
  const at = Date.parse("2026-11-23T12:00:00Z");

  test("counts from the order's own stamp, however late its answer came", () => {
    expect(orderedAt(sent, at + 8000)).toBe(at);
    expect(undoNow(at, at)).toEqual({ state: "open", seconds: 10 });
    expect(undoNow(at, at + 8000)).toEqual({ state: "open", seconds: 2 });
  });

  test("works at one second and a moment later, then says that it is over", () => {
    expect(undoNow(at, at + 9500)).toEqual({ state: "open", seconds: 1 });
    expect(undoNow(at, at + 11_000)).toEqual({ state: "open", seconds: 1 });
    expect(undoNow(at, at + 13_000)).toEqual({ state: "over" });
    expect(undoNow(at, at + 25_000)).toBeNull();
  });
});

describe("advice from before an order", () => {
  const at = Date.parse("2026-11-23T12:00:00Z");
  const advice = (seconds: number) => ({
    incident_id: "i",
    at: new Date(at + seconds * 1000).toISOString(),
    card: null,
    wants: [],
    suggested: [row("E1", "suggested")],
    notes: [],
    orders: [],
    may_order: true,
  });
  const sent = { units: [{ id: "E1" }], at };

  test("waits for the next; the next may suggest a unit again that has come back, and it may be sent again", () => {
    expect(isBehind(advice(-3), sent)).toBe(true);
    expect(isBehind(advice(600), sent)).toBe(false);
    expect(isBehind(advice(-3), { units: [{ id: "E2" }], at })).toBe(false);
    expect(isBehind(advice(-3), null)).toBe(false);
  });
});

describe("what an incident's screen offers", () => {
  test("two units of one call sign are told apart by their codes, others are not", () => {
    const units = [unit("E1", { call_sign: "다솜 펌프" }), unit("E2", { call_sign: "다솜 펌프" }), unit("P1")];
    const shared = sharedSigns(units);
    expect(units.map((each) => signOf(each, shared))).toEqual(["다솜 펌프 (E1)", "다솜 펌프 (E2)", "P1"]);
  });

  test("closing is next only once the sender has ended it", () => {
    const mine = { acknowledged_at: "2026-11-23T12:00:00Z", owner: { id: "me", name: "me" } };
    expect(nextAction({ ...mine, sender_state: "occurred" })).toBeNull();
    expect(nextAction({ ...mine, sender_state: "ended" })).toBe("close");
    expect(nextAction({ ...mine, owner: null, sender_state: "occurred" })).toBe("take");
    expect(nextAction({ ...mine, acknowledged_at: null, sender_state: "ended" })).toBe("acknowledge");
  });

  test("nothing closed is offered to be joined", () => {
    const other = { id: "inc-2" } as never;
    const item = { state: "open" as const, alike: [other] };
    expect(stillAlike(item, new Map([["inc-2", {} as never]]))).toEqual([other]);
    expect(stillAlike(item, new Map())).toEqual([]);
    expect(stillAlike({ ...item, state: "closed" }, new Map([["inc-2", {} as never]]))).toEqual([]);
  });
});
