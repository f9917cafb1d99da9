/** The field page's two rules: which picture a link carries, and that what was pressed is never lost. */
import { afterEach, describe, expect, it } from "vitest";
import type { Brief, State, Step } from "../src/field/brief";
import { after, bottom, type Ladder, overran, SEESAW_MS, stalled, TRY_AGAIN_MS } from "../src/field/ladder";
import { type Item, seenState, Unsent } from "../src/field/unsent";

const climb = (ms: (number | null)[], from: Ladder = bottom, now = 0) =>
  ms.reduce<Ladder>((at, one) => after(at, one, now), from);

describe("the ladder of pictures", () => {
  it("climbs from stills to live while they come quickly", () => {
    expect(climb([300]).rung).toBe("low");
    expect(climb([300, 200, 200, 200]).rung).toBe("full");
  });
  it("stays with stills on a slow link", () => {
    expect(climb([2500, 3000, 2400, 5000]).rung).toBe("still");
  });
  it("steps down when the live picture stands still, and does not try again at once", () => {
    const live = climb([300, 200, 200, 200]);
    const down = after(live, 4500, 1000);
    expect(down.rung).toBe("low");
    expect(climb([100, 100, 100, 100], down, 2000).rung).toBe("low");
    expect(climb([100, 100, 100, 100], down, 1000 + TRY_AGAIN_MS).rung).toBe("full");
  });
  it("goes back to stills when one does not come at all", () => {
    expect(climb([300, null]).rung).toBe("still");
  });
  it("steps down from low video that stands still, and tries it ever more seldom", () => {
    const low = climb([300]);
    expect(stalled(low, 3000, true, 0).rung).toBe("low");
    const down = stalled(low, 4500, true, 0);
    expect(down.rung).toBe("still");
    expect(climb([300], down, TRY_AGAIN_MS - 1).rung).toBe("still");
    const again = stalled(climb([300], down, TRY_AGAIN_MS), 4500, true, TRY_AGAIN_MS);
    expect(climb([300], again, 2.5 * TRY_AGAIN_MS).rung).toBe("still");
    expect(climb([300], again, 3 * TRY_AGAIN_MS).rung).toBe("low");
  });
  it("gives a picture that has not begun more time, for the link may still be full of the one before", () => {
    expect(stalled(climb([300]), 7000, false, 0).rung).toBe("low");
    expect(stalled(climb([300]), 8500, false, 0).rung).toBe("still");
  });
  it("steps down from a picture that catches up only to fall behind again, never very late", () => {
    const full = climb([300, 200, 200, 200]);
    const once = overran(full, 1000);
    expect(once.rung, "a bridge").toBe("full");
    expect(overran(once, 1000 + SEESAW_MS).rung, "and another, long after").toBe("full");
    expect(overran(once, 6000).rung).toBe("low");
    expect(overran(overran(once, 6000), 7000).rung, "the small stream begins with a clean sheet").toBe("low");
    expect(overran(overran(bottom, 1000), 2000), "stills are left out by nobody").toMatchObject({ rung: "still" });
  });
  it("forgets failed tries once a rung has held", () => {
    let at = climb([300]);
    for (let fall = 0; fall < 3; fall += 1) at = climb([300], stalled(at, 4500, true, at.since), at.since + 200_000);
    const fell = stalled(at, 4500, true, at.since + 60_000);
    expect(climb([300], fell, fell.since + TRY_AGAIN_MS).rung).toBe("low");
  });
});

class Disk implements Pick<Storage, "getItem" | "setItem"> {
  kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
}
const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});
const answering = (statuses: number[], seen: string[] = []) => {
  globalThis.fetch = (async (_path: string, init: RequestInit) => {
    seen.push(String(init.body));
    const status = statuses.shift() ?? 200;
    if (status === 0) throw new TypeError("no link");
    return new Response(
      JSON.stringify(status === 200 ? { unit: {} } : { error: { code: "x", text: { ko: "가", en: "a" } } }),
      {
        status,
      },
    );
  }) as typeof fetch;
  return seen;
};
const step = (id: string, which: "depart" | "arrive") => ({
  id,
  kind: "step" as const,
  step: which,
  at: `2026-11-22T10:00:0${id}Z`,
  order: "ord-1",
  from: "ordered" as const,
});

describe("what was pressed without a link", () => {
  it("waits in order, survives the page and is sent when the link is back", async () => {
    const disk = new Disk() as unknown as Storage;
    answering([0]);
    const before = new Unsent("acc", () => {}, disk);
    before.add(step("1", "depart"));
    before.add(step("2", "arrive"));
    expect(await before.send()).toBeNull();
    expect(before.count).toBe(2);

    const again = new Unsent("acc", () => {}, disk);
    const seen = answering([]);
    expect((await again.send())?.brief).not.toBeNull();
    expect(again.count).toBe(0);
    expect(seen.map((body) => JSON.parse(body).step)).toEqual(["depart", "arrive"]);
    expect(JSON.parse(seen[0] ?? "")).toEqual({
      step: "depart",
      at: "2026-11-22T10:00:01Z",
      order: "ord-1",
      from: "ordered",
    });
  });
  it("keeps what the server could not take, and drops what it refuses, in words", async () => {
    const box = new Unsent("acc", () => {}, new Disk() as unknown as Storage);
    box.add(step("1", "depart"));
    answering([503]);
    expect(await box.send()).toBeNull();
    expect(box.count).toBe(1);
    answering([409]);
    expect((await box.send())?.refused?.ko).toBe("가");
    expect(box.count).toBe(0);
  });
  it("stays when something on the way answers in the server's place, whatever it says", async () => {
    const foreign: [number, string][] = [
      [403, "<!doctype html><p>Blocked"],
      [404, '{"error":"not found"}'],
      [403, '{"error":{"code":403,"message":"forbidden"}}'],
      [403, '{"error":{"code":"AccessDenied","message":"forbidden"}}'],
      [408, ""],
      [407, "null"],
      [200, "<!doctype html><p>Welcome to our Wi-Fi"],
      [200, ""],
      [200, "{}"],
    ];
    const help = { id: "a-request", kind: "support", at: "2026-11-22T10:00:00Z", words: "", order: "ord-1" } as const;
    for (const item of [step("1", "depart"), help])
      for (const [status, body] of foreign) {
        const disk = new Disk() as unknown as Storage;
        const box = new Unsent("acc", () => {}, disk);
        box.add(item);
        globalThis.fetch = (async () => new Response(body, { status })) as typeof fetch;
        await box.send().catch(() => null);
        expect([item.kind, status, body, new Unsent("acc", () => {}, disk).pending()]).toEqual([
          item.kind,
          status,
          body,
          [item],
        ]);
      }
  });
  it("is not sent under another account's name", () => {
    const disk = new Disk() as unknown as Storage;
    new Unsent("one", () => {}, disk).add(step("1", "depart"));
    expect(new Unsent("two", () => {}, disk).count).toBe(0);
  });
});

describe("the state a crew sees when it presses", () => {
  const unit = (state: State, order = "ord-1") => ({ state, order }) as Brief["unit"];
  const tap = (step: Step, from: State, order = "ord-1"): Item => ({ ...stepped, step, from, order });
  const stepped = { id: "1", kind: "step" as const, at: "2026-11-22T10:00:01Z" };

  it("is the server's while nothing waits, and what was pressed last while it does", () => {
    expect(seenState(unit("ordered"), [])).toBe("ordered");
    expect(seenState(unit("ordered"), [tap("depart", "ordered")])).toBe("en_route");
    expect(seenState(unit("ordered"), [tap("depart", "ordered"), tap("arrive", "en_route")])).toBe("on_scene");
  });
  it("is one step back after a step back, also when the server has taken it and its answer was lost", () => {
    const back = [tap("take_back", "on_scene")];
    expect(seenState(unit("on_scene"), back)).toBe("en_route");
    expect(seenState(unit("en_route"), back)).toBe("en_route");
  });
  it("owes nothing to what waits from an earlier order or to a call for support", () => {
    expect(seenState(unit("ordered", "ord-2"), [tap("arrive", "en_route")])).toBe("ordered");
    expect(
      seenState(unit("ordered"), [{ id: "2", kind: "support", at: "2026-11-22T10:00:02Z", words: "", order: "ord-1" }]),
    ).toBe("ordered");
  });
});
